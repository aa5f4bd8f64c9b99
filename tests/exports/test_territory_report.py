"""The report of a territory counts each flow once, draws what can be read, and says what it does not know."""

from __future__ import annotations

import math
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from shapely import box

from app.exports import territory_figures as figures
from app.exports.territory_map import BADGE_MM, HEIGHT_MM, WIDTH_MM, Paper, territory_map
from app.exports.territory_report import Territory, report_data, territory_pdf
from matching.model import Direction, Flow, Kind, Precision, Site

PRINTED = date(2026, 11, 26)
SITES = tuple(
    Site(f"Site {number}", lon=5.0 + number / 500, lat=43.4 + number / 700, site_id=f"s{number}")
    for number in range(8)
)
FLOWS = tuple(
    Flow(
        site=site,
        direction=Direction.OUTPUT if number % 2 else Direction.INPUT,
        kind=Kind.MATERIAL,
        label=f"Flux {number}",
        flow_id=f"f{number}",
    )
    for number, site in enumerate(SITES)
)


def synergy(name: str, *flows: int, eur: float | None = 1000.0, **more: Any) -> dict[str, Any]:
    members = [
        {"site": f"Site {n}", "label": f"Flux {n}", "flow_id": f"f{n}", "row": None, "sheet": None}
        for n in flows
    ]
    return {
        "id": name,
        "kind": "substitution",
        "status": "identified",
        "stale": False,
        "score": 50.0,
        "confidence": 0.5,
        "members": members,
        "distance_km": 3.04,
        "saving_eur_per_year": eur,
        "saving_eur_low": None if eur is None else eur / 2,
        "saving_eur_high": None if eur is None else eur * 2,
        "saving_tco2e_per_year": None,
        "saving_tco2e_low": None,
        "saving_tco2e_high": None,
        "assumptions": [],
        "warnings": [],
        "explanation": f"Synergie {name}",
        **more,
    }


def territory(*synergies: dict[str, Any], sites: Any = SITES, flows: Any = FLOWS) -> Territory:
    return Territory("Val d’Essai", sites, flows, synergies, {"version": "1.0", "catalogue_digest": "abcdef"})


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_two_synergies_of_one_flow_are_never_added_up() -> None:
    """Two receivers compete for a flow: the better one counts, and what uses other flows counts beside it."""
    rivals = [synergy("a", 1, 0, eur=500), synergy("b", 1, 2, eur=800), synergy("c", 3, 4, eur=100)]
    assert [one["id"] for one in figures.apart(rivals)] == ["b", "c"]
    money = figures.worth(figures.apart(rivals), "saving_eur")
    assert (money.middle, money.low, money.high, money.count) == (900, 450, 1800, 2)


def test_what_runs_keeps_its_flows_before_a_better_rival() -> None:
    """A synergy that is set up is real; its rival is a wish."""
    rivals = [synergy("rival", 1, 2, eur=9000), synergy("real", 1, 0, eur=100, status="running")]
    assert [one["id"] for one in figures.apart(rivals)] == ["real"]


def test_what_is_stopped_or_withdrawn_is_in_no_sum() -> None:
    """An abandoned synergy stays in the funnel; one that the engine withdrew is told among the doubts."""
    told = [synergy("a", 0, 1, status="abandoned"), synergy("b", 2, 3, stale=True), synergy("c", 4, 5)]
    assert [one["id"] for one in figures.current(told)] == ["c"]
    assert figures.by_status(told) == dict.fromkeys(figures.STATUSES, 0) | {"identified": 1, "abandoned": 1}
    assert figures.doubts(SITES, FLOWS, told, PRINTED).stale == 1


def test_doubts_count_what_is_missing_old_or_approximate() -> None:
    """Without quantity, without place, without estimate, declared long ago."""
    sites = (Site("Loin", site_id="x"), Site("Ici", lon=5, lat=43, precision=Precision.COMMUNE))
    flows = [
        Flow(site=sites[1], direction=Direction.INPUT, kind=Kind.WATER, label="Eau", collected_on=on)
        for on in (date(2024, 1, 1), date(2026, 1, 1), None)
    ]
    found = figures.doubts(sites, flows, [synergy("a", 0, 1, eur=None)], PRINTED)
    assert (found.unplaced_sites, found.approximate_sites) == (1, 1)
    assert (found.without_quantity, found.unconfirmed, found.without_worth) == (3, 2, 1)


def test_published_figures_are_listed_once_with_how_often_they_serve() -> None:
    """A factor that two synergies use is one line; prices of the companies are not published figures."""
    params = {"item": {"fr": "Gaz", "en": "Gas"}, "value": 0.2, "unit": "kg", "source": "X", "year": "2025"}
    factor = {"text": "{item}: {value} {unit} ({source}, {year})", "params": params}
    price = {
        "text": "Price paid by {site}: {value} EUR/{unit}.",
        "params": {"site": "A", "value": 1, "unit": "t"},
    }
    told = [synergy("a", 0, 1, assumptions=[factor, price]), synergy("b", 2, 3, assumptions=[factor])]
    (line,) = report_data(territory(*told), "fr", PRINTED)["references"]
    assert line["count"] == "2"
    assert line["text"].startswith("Gaz")
    assert line["text"].endswith("0,2 kg (X, 2025)")


def test_the_map_holds_every_site_and_keeps_its_numbers_apart() -> None:
    """Eight synergies between two neighbours have eight numbers that can be read, inside the frame."""
    crowd = [synergy(str(number), 0, 1) for number in range(8)]
    drawn = territory_map(SITES, FLOWS, crowd, box(0, 40, 5.005, 50))
    assert drawn is not None
    for point in drawn["points"]:
        assert 0 < point["at"][0] < WIDTH_MM
        assert 0 < point["at"][1] < HEIGHT_MM
    badges = [shape["badge"] for shape in drawn["shapes"]]
    assert len(badges) == len(crowd)
    pairs = [(a, b) for i, a in enumerate(badges) for b in badges[:i]]
    assert all(math.dist(a, b) >= 2 * BADGE_MM - 0.1 for a, b in pairs)
    assert max(x for ring in drawn["land"] for x, _ in ring) < WIDTH_MM
    assert territory_map([Site("Sans lieu")], [], []) is None


def test_the_scale_of_the_map_is_true() -> None:
    """The bar of so many km is as long as so many km of latitude on the paper."""
    paper = Paper.around([(5.0, 43.0), (5.5, 43.4)])
    drawn = territory_map((Site("A", lon=5.0, lat=43.0), Site("B", lon=5.5, lat=43.4)), [], [])
    assert drawn is not None
    south, north = paper.at(5.2, 43.1)[1], paper.at(5.2, 43.2)[1]
    km = 0.1 * 111.195
    assert math.isclose(drawn["scale"]["mm"] / drawn["scale"]["km"], (south - north) / km, rel_tol=0.02)


def test_markup_in_a_name_is_printed_and_never_run() -> None:
    """Names come from strangers' files: the template shows them as they are."""
    nasty = '#panic("no") *x* $y$'
    told = Territory(nasty, SITES, FLOWS, [synergy("a", 0, 1, explanation=nasty)], {})
    assert text_of(territory_pdf(told, "fr", PRINTED)).count(nasty) >= 2


def test_a_report_names_its_ranges_and_its_language() -> None:
    """Two significant figures with their range, in the reader's writing of numbers."""
    told = territory(synergy("a", 0, 1, eur=12345))
    assert "12 000 € (6 200 – 25 000)" in text_of(territory_pdf(told, "fr", PRINTED))
    assert "12,000 € (6,200 – 25,000)" in text_of(territory_pdf(told, "en", PRINTED))
