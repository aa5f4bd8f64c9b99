"""The examples that travel with the package are clean, placed and show what they promise."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import pytest

from app.readers import ReadResult, read_table
from app.services.matching import match_flows
from geo.geocoding import offline_geocoder
from matching.catalogue.loader import load_catalogue
from matching.classify import default_classifier
from matching.model import Flow, Kind
from matching.parameters import MatchParameters
from matching.results import MatchResult, SynergyKind

EXAMPLES = Path(__file__).parents[1] / "examples"
DEMO_KM = 40.0
FORMS = (
    "direct",
    "treated",
    "joint_purchase",
    "joint_collection",
    "shared_job",
    "joint_training",
    "shared_equipment",
    "shared_space",
    "shared_transport",
)
# One of each matter the demo is meant to show: a root of the catalogue's tree.
SHOWN_FAMILIES = ("heat", "water", "co2", "pallets", "job")

POWER = "Asnaes power station (Orsted)"
REFINERY = "Kalundborg refinery (Statoil/Equinor, now Klesch)"
PHARMA = "Novo Nordisk + Novozymes (Novonesis)"
UTILITY = "Kalundborg utility / city"
FARMS = "Farms around Kalundborg"
PLASTERBOARD = "Gyproc Saint-Gobain"
BIOGAS = "Kalundborg Bioenergi (Bigadan)"
# The exchanges published for Kalundborg: provider, receiver, words of the stream.
PUBLISHED = (
    (POWER, PHARMA, "process steam"),
    (POWER, REFINERY, "process steam"),
    (POWER, UTILITY, "district heating"),
    (POWER, "Fish farm (closed later)", "cooling water"),
    (POWER, PLASTERBOARD, "gypsum"),
    (POWER, "Aalborg Portland", "fly ash"),
    (REFINERY, "Kemira, Fredericia (sulphuric acid)", "liquid sulphur"),
    (REFINERY, PLASTERBOARD, "refinery gas"),
    (REFINERY, POWER, "refinery gas"),
    (REFINERY, POWER, "used cooling water"),
    (REFINERY, POWER, "treated waste water"),
    (REFINERY, "Liquid fertiliser maker", "thiosulphate"),
    (PHARMA, FARMS, "biosludge"),
    (PHARMA, FARMS, "yeast"),
    (UTILITY, "A/S Bioteknisk Jordrens / RGS (soil cleaning)", "sludge"),
    (PHARMA, BIOGAS, "fermentation biomass"),
    (BIOGAS, FARMS, "digestate"),
    (PHARMA, UTILITY, "biogas"),
)
PUBLISHED_FOUND = 16


@lru_cache(maxsize=3)
def read(name: str) -> ReadResult:
    """Return an example as the application reads it."""
    return read_table((EXAMPLES / name).read_bytes(), name, offline_geocoder())


@lru_cache(maxsize=1)
def demo_result() -> MatchResult:
    """Return what the engine proposes on the demo territory."""
    return match_flows(read("demo.csv").flows, MatchParameters(max_km=DEMO_KM))


def said(flow: Flow) -> dict[str, object]:
    """Return everything a flow says but where it stands in its file."""
    return {f.name: getattr(flow, f.name) for f in fields(flow) if f.name not in {"row", "sheet"}}


@pytest.mark.parametrize("name", ["demo.csv", "demo.xlsx", "kalundborg.csv"])
def test_an_example_is_read_without_a_remark(name: str) -> None:
    found = read(name)
    assert found.flows
    assert [str(finding.message) for finding in found.findings] == []
    assert all(flow.site.placed for flow in found.flows)


def test_the_workbook_holds_the_same_flows_as_the_table() -> None:
    assert [said(flow) for flow in read("demo.xlsx").flows] == [said(flow) for flow in read("demo.csv").flows]


def test_the_demo_is_of_the_size_of_a_real_initiative() -> None:
    flows = read("demo.csv").flows
    assert 100 <= len({flow.site.name for flow in flows}) <= 130
    assert len(flows) >= 250
    assert {flow.kind for flow in flows} == set(Kind)


def test_every_demo_site_stands_in_the_commune_of_its_postcode() -> None:
    geocoder = offline_geocoder()
    lost = []
    for site in {flow.site for flow in read("demo.csv").flows}:
        commune = geocoder.locate("", site.postcode, site.city)
        assert commune is not None, site.name
        assert site.lon is not None
        assert site.lat is not None
        width = math.cos(math.radians(site.lat))
        degrees = math.hypot((site.lon - commune.lon) * width, site.lat - commune.lat)
        if degrees * 111.2 > 12:
            lost.append((site.name, commune.name))
    assert lost == []


@pytest.mark.parametrize("form", FORMS)
def test_the_demo_shows_each_form(form: str) -> None:
    assert any(synergy.form == form for synergy in demo_result().synergies)


def test_the_demo_shows_loops_of_three_firms() -> None:
    loops = [s for s in demo_result().synergies if s.kind is SynergyKind.LOOP]
    sizes = [len({member.flow.site.name for member in loop.members}) for loop in loops]
    assert sizes.count(3) >= 2


@pytest.mark.parametrize("family", SHOWN_FAMILIES)
def test_the_demo_shows_heat_water_carbon_pallets_and_skills(family: str) -> None:
    catalogue = load_catalogue()
    resources = {s.resource for s in demo_result().synergies if s.resource}
    assert any(family in catalogue.lineage(resource) for resource in resources)


def test_every_park_of_the_demo_has_a_synergy_of_its_own() -> None:
    parks = {flow.site.park for flow in read("demo.csv").flows if flow.site.park}
    busy = {member.flow.site.park for synergy in demo_result().synergies for member in synergy.members}
    assert parks - busy == set()


def test_most_labels_of_the_demo_are_understood() -> None:
    classifier = default_classifier()
    flows = read("demo.csv").flows
    unread = [flow.label for flow in flows if not classifier.classify(flow, 1)]
    assert len(unread) <= 0.02 * len(flows), unread


def test_kalundborg_gives_back_its_published_exchanges_near_the_top() -> None:
    result = match_flows(read("kalundborg.csv").flows)
    missed = [
        exchange for exchange in PUBLISHED if exchange[1] not in first_receivers(result, *exchange[::2])
    ]
    assert len(PUBLISHED) - len(missed) >= PUBLISHED_FOUND, missed


def first_receivers(result: MatchResult, provider: str, words: str) -> list[str]:
    """Return the three best receivers of the provider's flow whose label holds ``words``."""
    names: list[str] = []
    for synergy in result.synergies:
        if synergy.kind is not SynergyKind.SUBSTITUTION:
            continue
        given, taken = (member.flow for member in synergy.members)
        if given.site.name == provider and words in given.label.lower() and taken.site.name not in names:
            names.append(taken.site.name)
    return names[:3]
