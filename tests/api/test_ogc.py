"""Map programs read the territory live: OGC API – Features, and GDAL as its judge."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
import uvicorn

from app.exports.features import SITES as SITE_LAYER
from tests.api.conftest import ROWS
from tests.conftest import Asker

if TYPE_CHECKING:
    from fastapi import FastAPI

FLOWS, SITES = len(ROWS), 4
EVERYWHERE = "-180,-90,180,90"
# Around Port-de-Bouc and Martigues: the farm of Fos stands outside.
BAY = "4.98,43.39,5.10,43.42"


def read(asker: Asker, path: str = "/", **options: Any) -> Any:
    headers = {"Authorization": f"Bearer {asker.token}"} | options.pop("headers", {})
    return asker.client.get(f"/ogc{path}", headers=headers, **options)


def items(asker: Asker, layer: str, **params: Any) -> Any:
    answer = read(asker, f"/collections/{layer}/items", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()


def test_the_landing_page_leads_to_everything(member: Asker, imported: Any) -> None:
    """Every link of the landing page, of the layers and of each layer answers, with the type it promises."""
    links = read(member).json()["links"]
    assert {link["rel"] for link in links} >= {"self", "service-desc", "conformance", "data"}
    layers = read(member, "/collections").json()["collections"]
    assert [layer["id"] for layer in layers] == ["sites", "flows", "synergies"]
    links += [link for layer in layers for link in layer["links"]]
    for link in links:
        assert link["href"].startswith("http://testserver/ogc/")
        answer = read(member, link["href"].removeprefix("http://testserver/ogc"))
        assert answer.status_code == 200, link
        assert answer.headers["content-type"].replace(" ", "") == link["type"].replace(" ", "")
    assert read(member, "").json() == read(member).json()
    conformance = read(member, "/conformance").json()["conformsTo"]
    assert [name.rsplit("/", 1)[-1] for name in conformance] == ["core", "oas30", "geojson"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_addresses_follow_the_root_path_and_the_host(member: Asker, application: FastAPI) -> None:
    """Behind a proxy that adds a path, links carry it; a spoofed header of a stranger changes nothing."""
    from starlette.testclient import TestClient

    with TestClient(application, "https://sig.exemple.fr", root_path="/eit") as proxied:
        headers = {"Authorization": f"Bearer {member.token}", "X-Forwarded-Host": "ailleurs.exemple"}
        found = proxied.get("/eit/ogc/collections", headers=headers).json()
    assert found["links"][0]["href"] == "https://sig.exemple.fr/eit/ogc/collections"


def test_the_extent_is_the_box_around_the_sites(member: Asker, imported: Any) -> None:
    """Four placed sites give the box; a territory without sites gives none."""
    found = read(member, "/collections/sites").json()
    assert found["extent"]["spatial"]["bbox"] == [[4.944, 43.405, 5.06, 43.438]]


def test_layers_hold_sites_and_flows_as_points_and_synergies_as_lines_or_hulls(
    member: Asker, imported: Any
) -> None:
    """Counts are those of the territory, and geometries those of the export."""
    counts = {"sites": SITES, "flows": FLOWS, "synergies": len(member.get("/synergies").json()["items"])}
    assert counts["synergies"] > 1
    for layer, count in counts.items():
        found = items(member, layer)
        assert (found["numberMatched"], found["numberReturned"]) == (count, count)
        shapes = {feature["geometry"]["type"] for feature in found["features"]}
        assert shapes <= ({"LineString", "Polygon"} if layer == "synergies" else {"Point"})
    brewery = next(f for f in items(member, "flows")["features"] if "Drêches" in f["properties"]["label"])
    assert brewery["geometry"]["coordinates"] == [4.989, 43.405]
    assert brewery["properties"]["quantity_per_year"] == 120
    assert brewery["properties"]["unit_per_year"] == "t"


def test_a_layer_never_shows_whom_to_call(member: Asker, imported: Any) -> None:
    """A flow's contact is personal data: it stays in the application."""
    flow = member.get("/flows").json()["items"][0]
    assert (
        member.change(f"/flows/{flow['id']}", {"contact": "Mme Secret"}, flow["version"]).status_code == 200
    )
    assert "Secret" not in read(member, "/collections/flows/items").text


def test_pages_follow_one_another_to_the_end_and_lose_nothing(member: Asker, imported: Any) -> None:
    """Links “next” are followed as they are given; each page counts the whole."""
    seen: list[str] = []
    address = "/collections/flows/items?limit=3&bbox=" + EVERYWHERE
    while address:
        page = read(member, address).json()
        assert page["numberMatched"] == FLOWS
        seen += [feature["id"] for feature in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        address = following[0].removeprefix("http://testserver/ogc") if following else ""
    assert len(seen) == len(set(seen)) == FLOWS


def test_a_box_keeps_what_stands_or_passes_in_it(member: Asker, imported: Any) -> None:
    """Sites and flows by their point; a line by its envelope, also when both its ends are outside."""
    assert items(member, "sites", bbox=BAY)["numberMatched"] == SITES - 1
    assert items(member, "flows", bbox=BAY)["numberMatched"] == FLOWS - 1
    between = items(member, "synergies", bbox="4.960,43.420,4.970,43.425")
    assert between["numberMatched"] == 1
    assert "Drêches" in between["features"][0]["properties"]["members"]
    assert items(member, "sites", bbox="4.98,43.39,0,5.10,43.42,100")["numberMatched"] == SITES - 1
    assert items(member, "sites", bbox="170,40,5.0,44")["numberMatched"] == 2


def test_properties_narrow_a_layer(member: Asker, imported: Any) -> None:
    """A filter is a property of the layer and the value it must have."""
    assert items(member, "sites", city="Martigues")["numberMatched"] == 2
    assert items(member, "flows", direction="input")["numberMatched"] == 1
    kinds = {f["properties"]["kind"] for f in items(member, "synergies", kind="mutualisation")["features"]}
    assert kinds == {"mutualisation"}
    assert items(member, "synergies", status="running")["numberMatched"] == 0


def test_one_feature_is_the_one_of_the_list(member: Asker, imported: Any) -> None:
    """A feature read alone is the list's, with its own links."""
    for layer in ("sites", "flows", "synergies"):
        listed = items(member, layer)["features"][0]
        alone = read(member, f"/collections/{layer}/items/{listed['id']}")
        assert alone.headers["content-type"] == "application/geo+json"
        assert {name: value for name, value in alone.json().items() if name != "links"} == listed


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=abc", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,50,10,40", "datetime=hier", "colour=red",
     "direction=sideways", "f=html", "cursor=zzz"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_as_the_standard_says(member: Asker, query: str) -> None:
    """A wrong or unknown parameter is a 400 that names the field."""
    answer = read(member, f"/collections/flows/items?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_a_date_is_understood_and_a_large_limit_is_brought_down(member: Asker, imported: Any) -> None:
    """Features have no date of their own: any date suits; too large a page is a large page."""
    for when in ("2026-01-01", "2026-01-01T00:00:00Z/..", "../2026-12-31"):
        assert items(member, "flows", datetime=when)["numberMatched"] == FLOWS
    assert items(member, "flows", limit=1_000_000)["numberReturned"] == FLOWS


def test_a_key_opens_by_bearer_and_by_basic_and_never_by_address(member: Asker, imported: Any) -> None:
    """Map programs keep a name and a password: either may be the key."""
    for pair in (f"cle:{member.token}", f"{member.token}:"):
        basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        assert (
            member.client.get("/ogc/collections/sites/items", headers=basic).json()["numberMatched"] == SITES
        )
    for headers in ({}, {"Authorization": "Basic " + base64.b64encode(b"anne:secret").decode()}):
        answer = member.client.get("/ogc/", headers=headers, params={})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
    assert member.client.get("/ogc/", params={"key": member.token}).status_code == 401


def test_a_stranger_sees_nothing_of_the_territory(
    member: Asker, stranger: Asker, territory: str, imported: Any
) -> None:
    """Layers, features, extents and territories of others are not there."""
    for layer in ("sites", "flows", "synergies"):
        assert items(stranger, layer)["numberMatched"] == 0
        foreign = items(member, layer)["features"][0]["id"]
        assert read(stranger, f"/collections/{layer}/items/{foreign}").status_code == 404
    assert "extent" not in read(stranger, "/collections/sites").json()
    narrowed = "/collections/sites/items?territory="
    assert read(stranger, narrowed + territory).status_code == 404
    assert read(member, narrowed + territory).json()["numberMatched"] == SITES
    assert read(member, "/collections/nothing").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_address_of_the_definition_wants_a_key(member: Asker) -> None:
    """The definition lists every address, in words of OpenAPI 3.0, and none is open."""
    answer = read(member, "/api")
    definition = answer.json()
    assert definition["openapi"].startswith("3.0")
    assert '"null"' not in answer.text
    assert definition["servers"] == [{"url": "http://testserver/ogc"}]
    assert {"name", "in"} <= set(definition["paths"]["/collections/sites/items"]["get"]["parameters"][0])
    for path in definition["paths"]:
        assert member.client.get(f"/ogc{path}").status_code == 401, path


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_list_of_synergies_is_also_a_geopackage(
    member: Asker, stranger: Asker, imported: Any, tmp_path: Path
) -> None:
    """By header or by address; it reopens with the counts of the list, and holds nothing of others."""
    media = "application/geopackage+sqlite3"
    listed = member.get("/synergies", params={"kind": "substitution"}).json()["items"]
    for options in ({"headers": {"Accept": media}}, {"params": {"format": "gpkg", "kind": "substitution"}}):
        answer = member.get("/synergies", **options)
        assert answer.headers["content-type"] == media
        file = tmp_path / "synergies.gpkg"
        file.write_bytes(answer.content)
        layers = [name for name, _ in pyogrio.list_layers(file)]
        assert layers == ["sites", "flows", "synergies"]
    assert pyogrio.read_info(file, layer="synergies")["features"] == len(listed)
    assert b"Brasserie" not in stranger.get("/synergies", params={"format": "gpkg"}).content


@pytest.fixture
def served(application: FastAPI, member: Asker, imported: Any) -> Iterator[str]:
    """Serve the application on a port of its own, as a map program meets it."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/ogc/"
    server.should_exit = True
    thread.join(10)


# GDAL holds Python's lock while it waits: it reads in a process of its own.
READING = """
import json, sys
import pyogrio
from pyogrio import raw

address, options, reads = json.loads(sys.argv[1])
found = [[name for name, _ in pyogrio.list_layers(address)] if not options else []]
for asked in reads:
    asked["bbox"] = tuple(asked["bbox"]) if "bbox" in asked else None
    about, _, shapes, values = raw.read(address, **asked, **options)
    columns = {name: [str(one) for one in held] for name, held in zip(about["fields"], values)}
    found.append({"crs": about["crs"], "count": len(shapes), "columns": columns})
print(json.dumps(found))
"""


def gdal(address: str, options: dict[str, str], *reads: Any, **environment: str) -> Any:
    """Return the names of the layers (without options), then what GDAL reads, each from its arguments."""
    asked = json.dumps([f"OAPIF:{address}", options, reads])
    command = [sys.executable, "-c", READING, asked]
    told = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, **environment}, check=False
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_gdal_reads_the_layers_page_by_page(served: str, member: Asker) -> None:
    """GDAL finds every feature with its key as a password, whatever the size of its pages."""
    counts = {"sites": SITES, "flows": FLOWS, "synergies": len(member.get("/synergies").json()["items"])}
    options = {"USERPWD": f"cle:{member.token}", "PAGE_SIZE": "2"}
    found = gdal(served, options, *({"layer": layer} for layer in counts))[1:]
    assert [one["count"] for one in found] == list(counts.values())
    assert {one["crs"] for one in found} <= {"EPSG:4326", "OGC:CRS84"}
    assert set(found[0]["columns"]) >= {"id", *SITE_LAYER.columns}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_gdal_lists_the_layers_and_filters_them(served: str, member: Asker) -> None:
    """With the key as a bearer, GDAL lists the layers and keeps what a box or a property asks."""
    reads = (
        {"layer": "sites", "bbox": [float(part) for part in BAY.split(",")]},
        {"layer": "flows", "where": "direction = 'input'"},
        {"layer": "synergies", "where": "kind = 'mutualisation'"},
    )
    bearer = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": member.token}
    layers, sites, flows, pools = gdal(served, {}, *reads, **bearer)
    assert layers == ["sites", "flows", "synergies"]
    assert sites["count"] == SITES - 1
    assert flows["columns"]["label"] == ["Aliment pour bétail"]
    assert flows["columns"]["quantity_per_year"] == ["200.0"]
    assert pools["count"] == items(member, "synergies", kind="mutualisation")["numberMatched"]
