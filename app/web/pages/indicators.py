"""The territory in figures: funnel, worth, flows, network, and the table for funders."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from fastapi import APIRouter, Response

from app.db.tables import Territory
from app.errors import MissingError
from app.exports.document import localised
from app.repositories.indicators import documents
from app.services.exports import MEDIA_TYPES, Format
from app.services.indicators import Overview, overview
from app.services.indicators_exchanges import COLLECTED, NOWHERE, Exchanges
from app.services.indicators_told import FAMILIES, FILES, STAGES, file_of, told_of
from app.services.statuses import obstacles
from app.translations import gettext
from app.web import charts_network, charts_sankey
from app.web.charts import shortened
from app.web.charts_sankey import OTHERS, Band
from app.web.charts_worth import stage_totals, worth_rows
from app.web.rendering import resource_name
from app.web.visit import Visit, VisitOf
from matching.messages import N_

router = APIRouter()
MOST_STILL = 20
MEASURES = ("eur", "tco2e")
# Ends of bands that are no site.
PLACES = {
    OTHERS: N_("Other receivers"),
    COLLECTED: N_("Collected together"),
    NOWHERE: N_("No receiver here yet"),
}


@router.get("/indicateurs")
def show(visit: VisitOf, flux: str = "") -> Response:
    """Show the pictures of the territory, with the flows of the kind and unit that the address names."""
    found = overview(visit.session, visit.territory.id)
    if not found.activity["flows_recorded"]:
        return visit.page("indicators_empty.html")
    if not visit.principal.is_staff_of(visit.territory.id):
        return _observed(visit, found)
    return visit.page(
        "indicators.html",
        found=found,
        stages=STAGES,
        totals=stage_totals(found.by_kind),
        worths={
            name: {measure: worth_rows(part, measure) for measure in MEASURES}
            for name, part in (("kind", found.by_kind), ("flow", found.by_flow))
        },
        still=_still(visit, found),
        reasons={code: label.in_language(visit.language) for code, label in obstacles().items()},
        families=FAMILIES,
        shortened=shortened,
        table=_by_name(told_of(found, visit.language)),
        **_flows(visit, found, flux),
        **_network(visit, found),
    )


def _observed(visit: Visit, found: Overview) -> Response:
    """Show the sums that name nobody: neither synergies, nor exchanges, nor the network."""
    worth = {measure: worth_rows(found.by_kind, measure) for measure in MEASURES}
    return visit.page(
        "indicators_observed.html",
        found=found,
        stages=STAGES,
        totals=stage_totals(found.by_kind),
        worths={"kind": worth, "flow": dict.fromkeys(MEASURES, ())},
        families=FAMILIES,
        table=_by_name(told_of(found, visit.language)),
    )


def _by_name(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the indicators with the stages of one together."""
    return [list(same) for _, same in groupby(rows, key=lambda row: row["name"])]


def _still(visit: Visit, found: Overview) -> list[dict[str, Any]]:
    shown = found.funnel.still[:MOST_STILL]
    known = documents(visit.session, [one.synergy_id for one in shown])
    return [
        {"still": one, "explanation": localised(known[one.synergy_id], visit.language)["explanation"]}
        for one in shown
        if one.synergy_id in known
    ]


def _flows(visit: Visit, found: Overview, wanted: str) -> dict[str, Any]:
    """Return the picture of flows asked for, the first one when none is."""
    pictures = found.exchanges
    picked = next((one for one in pictures if one.code == wanted), pictures[0] if pictures else None)
    if picked is None:
        return {"picked": None, "pictures": ()}
    bands = charts_sankey.bands_of(picked)
    return {
        "picked": picked,
        "pictures": pictures,
        "bands": bands,
        "sankeys": [charts_sankey.drawn(bands, frame) for frame in (charts_sankey.DESK, charts_sankey.PHONE)],
        "labels": _labels(found, bands, visit.language),
        "target_kinds": tuple(PLACES),
        "most": _most(picked),
    }


def _labels(found: Overview, bands: list[Band], language: str) -> dict[str, dict[str, str]]:
    """Return what each end of the bands is called."""
    places = {key: gettext(text, language) for key, text in PLACES.items()}
    unknown, others = (gettext(text, language) for text in (N_("Not recognised"), N_("Other families")))
    families = {band.family: resource_name(band.family, language) or unknown for band in bands}
    targets = {band.target: found.names.get(band.target, "") for band in bands}
    return {"family": families | {OTHERS: others}, "target": targets | places}


def _most(picked: Exchanges) -> str:
    """Return the family of which most has no receiver, empty when all is placed."""
    waiting = [link for link in picked.links if link.target == NOWHERE]
    return waiting[0].family if waiting else ""


def _network(visit: Visit, found: Overview) -> dict[str, Any]:
    network = found.network
    loops = documents(visit.session, [loop.synergy_id for loop in network.loops])
    return {
        "networks": [
            charts_network.drawn(network, found.names, frame)
            for frame in (charts_network.DESK, charts_network.PHONE)
        ],
        "neighbours": charts_network.neighbours(network, found.names),
        "loop_sentences": {
            key: localised(document, visit.language)["explanation"] for key, document in loops.items()
        },
    }


@router.get("/indicateurs/export.{form}")
def export(visit: VisitOf, form: Format) -> Response:
    """Return the table for funders as a file."""
    if form not in FILES:
        raise MissingError
    return _file(visit, visit.territory, form)


def _file(visit: Visit, territory: Territory, form: Format) -> Response:
    content = file_of(visit.session, territory, form, visit.language)
    disposition = f'attachment; filename="indicateurs.{form.value}"'
    return Response(content, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})
