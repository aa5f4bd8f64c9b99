"""A GeoPackage opens in GDAL with every feature, its place and its typed columns."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from pyogrio import raw

from app.exports.features import FLOWS, SITES, SYNERGIES, Feature, flow_feature, site_feature
from app.exports.geopackage import to_geopackage
from matching.model import Direction, Flow, Kind, Period, Quantity, Range, Reliability, Site

PORT = Site(
    "Brasserie d'Essai", company="Brasserie", city="Port-de-Bouc", lon=4.989, lat=43.405, site_id="s1"
)
NOWHERE = Site("Ferme sans adresse", site_id="s2")
GRAINS = Flow(
    site=PORT,
    direction=Direction.OUTPUT,
    kind=Kind.MATERIAL,
    label="Drêches « fraîches »; 20 °C",
    quantity=Quantity(Range(8, 12), "t", Period.MONTH),
    collected_on=date(2026, 3, 1),
    hazardous=False,
    reliability=Reliability.QUANTIFIED,
    contact="Mme Secret",
    flow_id="f1",
)
FEED = Flow(site=NOWHERE, direction=Direction.INPUT, kind=Kind.MATERIAL, label="Aliment", flow_id="f2")


def written(tmp_path: Path, *layers: Any, language: str = "fr") -> Path:
    file = tmp_path / "essai.gpkg"
    file.write_bytes(to_geopackage(layers, language, datetime(2026, 11, 26, tzinfo=UTC)))
    return file


def rows(file: Path, layer: str) -> tuple[list[dict[str, Any]], list[Any]]:
    about, _, shapes, values = raw.read(file, layer=layer)
    columns = dict(zip(about["fields"], values, strict=True))
    count = len(values[0])
    return [{name: held[i] for name, held in columns.items()} for i in range(count)], list(
        shapely.from_wkb(shapes)
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    flows = [flow_feature(GRAINS), flow_feature(FEED)]
    return written(tmp_path, (SITES, [site_feature(PORT), site_feature(NOWHERE)]), (FLOWS, flows))


def test_gdal_finds_each_layer_with_its_rows_its_type_and_its_system(package: Path) -> None:
    """The driver GPKG opens the file without a warning; counts, types and coordinates are right."""
    assert [tuple(one) for one in pyogrio.list_layers(package)] == [("sites", "Point"), ("flows", "Point")]
    for layer in ("sites", "flows"):
        about = pyogrio.read_info(package, layer=layer)
        assert (about["features"], about["crs"], about["driver"]) == (2, "EPSG:4326", "GPKG")
        assert tuple(about["total_bounds"]) == (4.989, 43.405, 4.989, 43.405)


def test_values_come_back_as_they_went(package: Path) -> None:
    """Text with accents and quotes, ranges, a yearly quantity, a truth, a date; nothing where unknown."""
    found, shapes = rows(package, "flows")
    grains, feed = found
    assert grains["label"] == GRAINS.label
    assert (grains["quantity_low"], grains["quantity_high"], grains["unit"]) == (8, 12, "t")
    assert (grains["quantity_per_year"], grains["unit_per_year"]) == (120, "t")
    assert str(grains["collected_on"]) == "2026-03-01"
    assert not grains["hazardous"]
    assert grains["site"] == "Brasserie d'Essai"
    assert (shapes[0].x, shapes[0].y) == (4.989, 43.405)
    assert shapes[1] is None
    assert feed["id"] == "f2"


def test_whom_to_call_stays_out(package: Path) -> None:
    """A contact is personal data."""
    assert b"Secret" not in package.read_bytes()


def test_lines_and_hulls_share_a_layer_of_any_geometry(tmp_path: Path) -> None:
    """Synergies are lines and polygons: the layer says so, and both come back."""
    empty = dict.fromkeys(SYNERGIES.columns)
    shapes = [shapely.LineString([(4, 43), (5, 44)]), shapely.Polygon([(4, 43), (5, 43), (5, 44)]), None]
    features = [Feature(str(number), one, empty) for number, one in enumerate(shapes)]
    file = written(tmp_path, (SYNERGIES, features))
    assert [tuple(one) for one in pyogrio.list_layers(file)] == [("synergies", "Unknown")]
    found, back = rows(file, "synergies")
    assert [row["id"] for row in found] == ["0", "1", "2"]
    assert back[0].equals(shapes[0])
    assert back[1].equals(shapes[1])
    assert len(raw.read(file, layer="synergies", bbox=(4.1, 43.4, 4.2, 43.5))[2]) == 0


def test_a_layer_without_rows_opens_too(tmp_path: Path) -> None:
    """A territory that begins has empty layers, not a broken file."""
    file = written(tmp_path, (SITES, []), (FLOWS, []), (SYNERGIES, []))
    assert pyogrio.read_info(file, layer="sites")["features"] == 0


def test_the_file_is_what_the_standard_asks(package: Path) -> None:
    """Identity, required tables and systems, integrity; titles in the reader's language."""
    connection = sqlite3.connect(package)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert connection.execute("PRAGMA user_version").fetchone() == (10300,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    systems = {row[0] for row in connection.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert systems == {-1, 0, 4326}
    titles = [row[0] for row in connection.execute("SELECT identifier FROM gpkg_contents ORDER BY 1")]
    assert titles == ["Flux", "Sites"]
    changed = {row[0] for row in connection.execute("SELECT last_change FROM gpkg_contents")}
    assert changed == {"2026-11-26T00:00:00.000Z"}
    connection.close()
