"""OGC API – Features under ``/ogc/``: QGIS and GDAL read the territory live."""
