"""The report of a territory: what was met, what is possible, what runs, and how far to trust it, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import orjson
import typst
from babel.dates import format_date
from shapely.geometry.base import BaseGeometry

from app.exports import territory_figures as figures
from app.exports.document import localised
from app.exports.territory_map import territory_map
from app.exports.territory_words import (
    METHOD,
    WORDS,
    Writer,
)
from app.translations.names import FLOW_KINDS, RELIABILITIES, STATUSES, SYNERGY_KINDS
from matching.messages import N_
from matching.model import Flow, Site

BEST = 12
MOST_REFERENCES = 12


@dataclass(frozen=True, slots=True)
class Territory:
    """What the report is made of.

    Attributes
    ----------
    synergies
        Stored documents whose sentences are still templates, with their ``status`` and ``stale``.
    engine
        Version, digest of the catalogue and parameters of the last computation.
    """

    name: str
    sites: Sequence[Site]
    flows: Sequence[Flow]
    synergies: Sequence[Mapping[str, Any]]
    engine: Mapping[str, str]


def territory_pdf(
    territory: Territory, language: str, printed: date, land: BaseGeometry | None = None
) -> bytes:
    """Return the report of a territory, in ``language``."""
    template = (files("app.exports") / "territory_report.typ").read_bytes()
    data = orjson.dumps(report_data(territory, language, printed, land)).decode()
    result: bytes = typst.compile(template, sys_inputs={"data": data})
    return result


def report_data(
    territory: Territory, language: str, printed: date, land: BaseGeometry | None = None
) -> dict[str, Any]:
    """Return what the template shows, every number written out."""
    write = Writer(language)
    current = figures.current(territory.synergies)
    together = figures.apart(current)
    best = sorted(together, key=lambda one: -(one["saving_eur_per_year"] or 0.0))[:BEST]
    return {
        "language": language,
        "words": {name: write.text(text) for name, text in WORDS.items()},
        "territory": territory.name,
        "printed": format_date(printed, format="d MMMM y", locale=language),
        "figures": _key_figures(territory, current, together, write),
        "map": territory_map(territory.sites, territory.flows, best, land),
        "flows": _flows(territory, write),
        "funnel": _funnel(territory, write),
        "worth": _worth(current, together, write),
        "best": [_best(rank, one, write) for rank, one in enumerate(best, start=1)],
        "method": [write.text(text) for text in METHOD],
        "doubts": _doubts(territory, printed, write),
        "references": _references(current, write),
        "engine": write.text(
            N_("Computed by Entreflux {version}, catalogue {digest}."),
            version=territory.engine.get("version", ""),
            digest=territory.engine.get("catalogue_digest", "")[:12],
        ),
    }


def _key_figures(
    territory: Territory, current: Sequence[Any], together: Sequence[Any], write: Writer
) -> list[dict[str, str]]:
    quantified = sum(flow.quantity is not None for flow in territory.flows)
    started = sum(one["status"] != "identified" for one in current)
    running = sum(one["status"] in figures.DONE for one in current)
    money, carbon = (figures.worth(together, name) for name in figures.ESTIMATES)
    companies = len({site.company or site.name for site in territory.sites})
    rows = (
        (
            write.number(len(territory.sites)),
            N_("sites"),
            write.text(N_("Companies: {count}. From imports and diagnostics"), count=companies),
        ),
        (
            write.number(len(territory.flows)),
            N_("flows declared"),
            write.text(N_("With a quantity: {count}. Declared by the companies"), count=quantified),
        ),
        (
            write.number(len(current)),
            N_("possible synergies"),
            write.text(
                N_("Started: {count}. Proposed by the engine, followed by the facilitator"), count=started
            ),
        ),
        (
            write.number(running),
            N_("set up or running"),
            write.text(N_("Status told by the facilitator")),
        ),
        (
            write.about(money.middle, "€"),
            N_("a year within reach"),
            write.text(
                N_("{span} Without competing synergies ({count} added up)"),
                span=write.span(money, "€"),
                count=money.count,
            ),
        ),
        (
            write.about(carbon.middle, write.carbon),
            N_("a year avoided"),
            write.text(
                N_("{span} Those with an emission factor ({count} added up)"),
                span=write.span(carbon, write.carbon),
                count=carbon.count,
            ),
        ),
    )
    return [
        {"value": value, "name": write.text(name), "source": source.strip()} for value, name, source in rows
    ]


def _flows(territory: Territory, write: Writer) -> dict[str, Any]:
    kinds = [
        [write.text(FLOW_KINDS[kind]), *map(write.number, counts)]
        for kind, *counts in figures.by_flow_kind(territory.flows)
    ]
    levels = [sum(int(flow.reliability) == level for flow in territory.flows) for level in RELIABILITIES]
    return {
        "kinds": kinds,
        "reliability": [
            {"name": write.text(RELIABILITIES[level]), "count": write.number(count)}
            for level, count in zip(RELIABILITIES, levels, strict=True)
            if count
        ],
    }


def _funnel(territory: Territory, write: Writer) -> list[dict[str, Any]]:
    counts = figures.by_status(territory.synergies)
    fullest = max([*counts.values(), 1])
    return [
        {"name": write.text(STATUSES[status]), "count": write.number(count), "share": count / fullest}
        for status, count in counts.items()
    ]


def _worth(current: Sequence[Any], together: Sequence[Any], write: Writer) -> list[dict[str, Any]]:
    rows = []
    largest = max([figures.worth(_of(together, kind), "saving_eur").high for kind in figures.KINDS] + [1.0])
    for kind in figures.KINDS:
        own = _of(together, kind)
        money, carbon = (figures.worth(own, name) for name in figures.ESTIMATES)
        rows.append(
            {
                "name": write.text(SYNERGY_KINDS[kind]),
                "found": write.number(len(_of(current, kind))),
                "kept": write.number(len(own)),
                "eur": write.with_span(money, "€"),
                "tco2e": write.with_span(carbon, write.carbon),
                # A saving below zero is a cost: the bar then begins at its middle.
                "bar": [max(end, 0.0) / largest for end in (money.low, money.middle, money.high)],
            }
        )
    return rows


def _of(synergies: Sequence[Any], kind: str) -> list[Any]:
    return [one for one in synergies if one["kind"] == kind]


def _best(rank: int, one: Mapping[str, Any], write: Writer) -> dict[str, str]:
    shown = localised(one, write.language)
    distance = "" if one["distance_km"] is None else f"{write.number(round(one['distance_km'], 1))} km"
    money = figures.worth([one], "saving_eur")
    carbon = figures.worth([one], "saving_tco2e")
    return {
        "rank": str(rank),
        "what": shown["explanation"],
        "kind": write.text(SYNERGY_KINDS[one["kind"]]),
        "status": write.text(STATUSES[one["status"]]),
        "distance": distance,
        "eur": write.with_span(money, "€"),
        "tco2e": write.about(carbon.middle, write.carbon) if carbon.count else "",
        "trust": write.percent(one["confidence"]),
    }


def _doubts(territory: Territory, printed: date, write: Writer) -> list[str]:
    found = figures.doubts(territory.sites, territory.flows, territory.synergies, printed)
    check = found.to_check
    told = (
        (found.without_quantity, N_("Flows without a quantity: {count}. They weigh on no figure.")),
        (found.unconfirmed, N_("Flows without a date, or older than 24 months: {count}, to be confirmed.")),
        (found.without_worth, N_("Synergies without any estimate: {count}. They are in no sum.")),
        (
            found.approximate_sites,
            N_("Sites at the centre of their commune: {count}, whose distances differ."),
        ),
        (found.unplaced_sites, N_("Sites that have no place yet: {count}. They are not on the map.")),
        (found.stale, N_("Synergies followed that the engine no longer proposes: {count}, in no sum.")),
        (check.get("waste_status", 0), N_("Synergies that depend on the legal status of a waste: {count}.")),
        (check.get("hazardous", 0), N_("Synergies about something hazardous: {count}.")),
        (check.get("conditions", 0), N_("Synergies with conditions that nobody has checked yet: {count}.")),
    )
    return [write.text(text, count=count) for count, text in told if count]


def _references(current: Sequence[Any], write: Writer) -> list[dict[str, str]]:
    found = figures.references(current)[:MOST_REFERENCES]
    return [
        {"text": localised({"said": said}, write.language)["said"], "count": write.number(count)}
        for said, count in found
    ]
