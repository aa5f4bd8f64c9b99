"""Layers as one GeoPackage (OGC 12-128, version 1.3): a SQLite file that every GIS opens.

The file is built in memory; no GIS library is needed to write one.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.exports.features import Column, Feature, Layer
from app.translations import gettext

MEDIA_TYPE = "application/geopackage+sqlite3"
# "GPKG" in ASCII and the version of the standard: what tells the file from another SQLite file.
APPLICATION_ID, USER_VERSION = 0x47504B47, 10300
WGS84 = 4326
# Flags of a geometry's header: little-endian, and an envelope of four numbers where there is one.
LITTLE_ENDIAN, ENVELOPE = 0b1, 0b10
TYPES: Mapping[Column, str] = {
    Column.TEXT: "TEXT",
    Column.REAL: "REAL",
    Column.INTEGER: "INTEGER",
    Column.BOOLEAN: "BOOLEAN",
    Column.DATE: "DATE",
}
WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
# The three systems that the standard asks of every file.
SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    ("WGS 84 geodetic", WGS84, "EPSG", WGS84, WGS84_WKT),
)
TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,
  max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""


def to_geopackage(
    layers: Sequence[tuple[Layer, Sequence[Feature]]], language: str, at: datetime | None = None
) -> bytes:
    """Return a GeoPackage with a table for each layer.

    Parameters
    ----------
    at
        The moment that the file gives as its last change; now when None.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(TABLES)
        insert = "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)"
        connection.executemany(insert, SYSTEMS)
        for layer, features in layers:
            _add(connection, layer, features, language, moment)
        connection.commit()
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {USER_VERSION}")
        return connection.serialize()
    finally:
        connection.close()


def _add(
    connection: sqlite3.Connection, layer: Layer, features: Sequence[Feature], language: str, moment: str
) -> None:
    columns = "".join(f', "{name}" {TYPES[kind]}' for name, kind in layer.columns.items())
    connection.execute(
        f'CREATE TABLE "{layer.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, '
        f"id TEXT NOT NULL UNIQUE{columns})"
    )
    shapes = [feature.geometry for feature in features if feature.geometry is not None]
    bounds = tuple(map(float, shapely.total_bounds(shapes))) if shapes else (None,) * 4
    told = (gettext(layer.title, language), gettext(layer.description, language))
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, *told, moment, *bounds, WGS84),
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (layer.name, _type_of(shapes), WGS84),
    )
    places = ", ".join("?" * (len(layer.columns) + 3))
    rows = (_row(number, layer, feature) for number, feature in enumerate(features, start=1))
    # The names of tables and columns are this program's own.
    connection.executemany(f'INSERT INTO "{layer.name}" VALUES ({places})', rows)  # noqa: S608


def _type_of(shapes: Sequence[BaseGeometry]) -> str:
    """Return the one type of a layer's geometries, or the name of any."""
    found = {shape.geom_type for shape in shapes}
    return found.pop().upper() if len(found) == 1 else "GEOMETRY"


def _row(number: int, layer: Layer, feature: Feature) -> tuple[Any, ...]:
    values = (_value(feature.properties[name]) for name in layer.columns)
    return (number, _blob(feature.geometry), feature.feature_id, *values)


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _blob(shape: BaseGeometry | None) -> bytes | None:
    """Return a geometry as the standard keeps it: a header with its envelope, then well-known binary."""
    if shape is None:
        return None
    binary: bytes = shapely.to_wkb(shape, byte_order=1, include_srid=False)
    if shape.geom_type == "Point":
        return struct.pack("<2sBBi", b"GP", 0, LITTLE_ENDIAN, WGS84) + binary
    west, south, east, north = shape.bounds
    header = struct.pack("<2sBBi4d", b"GP", 0, LITTLE_ENDIAN | ENVELOPE, WGS84, west, east, south, north)
    return header + binary
