"""One geometry type for both databases: PostGIS keeps a geometry, SQLite its well-known binary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from geoalchemy2 import Geometry as PostgisGeometry
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect, LargeBinary, TypeDecorator
from sqlalchemy.types import TypeEngine

WGS84 = 4326


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry in WGS84 longitude and latitude."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose PostGIS's type where there is one."""
        if dialect.name == "postgresql":
            postgis: TypeEngine[Any] = PostgisGeometry("GEOMETRY", srid=WGS84, spatial_index=False)
            return dialect.type_descriptor(postgis)
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        """Turn a shapely geometry into what the database keeps."""
        if value is None:
            return None
        return from_shape(value, srid=WGS84) if dialect.name == "postgresql" else shapely.to_wkb(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        """Turn what the database kept into a shapely geometry."""
        if value is None:
            return None
        return to_shape(value) if dialect.name == "postgresql" else shapely.from_wkb(value)


class InvalidGeometryError(ValueError):
    """A GeoJSON geometry that is none, or leaves the Earth."""


def geometry_of(geojson: Mapping[str, Any]) -> BaseGeometry:
    """Return the geometry of a GeoJSON mapping; raises ``InvalidGeometryError``."""
    try:
        geometry: BaseGeometry = shape(dict(geojson))
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as error:
        raise InvalidGeometryError(str(error)) from error
    if geometry.is_empty or not geometry.is_valid:
        raise InvalidGeometryError("empty or crossing itself")
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise InvalidGeometryError("beyond the Earth")
    return geometry
