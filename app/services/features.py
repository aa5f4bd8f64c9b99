"""Layers of a map: sites, flows and synergies as features, page by page or as one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.spatial import Box
from app.db.tables import Flow, Site, Synergy
from app.db.visibility import VisibleSession
from app.exports.features import (
    FLOWS,
    SITES,
    SYNERGIES,
    Feature,
    flow_feature,
    site_feature,
    synergy_feature,
)
from app.exports.geopackage import to_geopackage
from app.exports.places import Places
from app.repositories import features, flows, sites
from app.repositories.features import TABLES, Wanted
from app.repositories.paging import Slice
from app.repositories.records import find
from app.services.synergies import document_of, flows_of

# Rows read at once for a file.
CHUNK_ROWS = 500


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Some features, how many there are in all, and the cursor of the following ones."""

    features: tuple[Feature, ...]
    matched: int
    next: str | None


def page(session: VisibleSession, name: str, wanted: Wanted, part: Slice, language: str) -> FeaturePage:
    """Return a page of a layer of ``LAYERS``."""
    found = features.page(session, name, wanted, part)
    shown = features_of(session, name, found.items, language)
    return FeaturePage(tuple(shown), features.count(session, name, wanted), found.next)


def one(session: VisibleSession, name: str, feature_id: str, language: str) -> Feature:
    """Return a feature of a layer; ``MissingError`` when there is none that the principal sees."""
    row: Any = find(session, TABLES[name], feature_id)
    return features_of(session, name, [row], language)[0]


def extent(session: VisibleSession) -> Box | None:
    """Return the box around everything that the principal sees."""
    return features.extent(session)


def features_of(session: VisibleSession, name: str, rows: Sequence[Any], language: str) -> list[Feature]:
    """Return stored rows as features of a layer."""
    return _CONVERTERS[name](session, rows, language)


def territory_geopackage(session: VisibleSession, territory_id: str, language: str) -> bytes:
    """Return everything a territory has on a map, as a GeoPackage."""
    wanted = Wanted(equal={"territory_id": territory_id})
    layers = [(layer, _all(session, layer.name, wanted, language)) for layer in (SITES, FLOWS, SYNERGIES)]
    return to_geopackage(layers, language)


def synergies_geopackage(session: VisibleSession, rows: Sequence[Synergy], language: str) -> bytes:
    """Return some synergies, with the flows and sites that they speak of, as a GeoPackage."""
    known = flows_of(session, rows)
    places = {flow.site.site_id: flow.site for flow in known}
    return to_geopackage(
        [
            (SITES, [site_feature(place) for place in places.values()]),
            (FLOWS, [flow_feature(flow) for flow in known]),
            (SYNERGIES, features_of(session, SYNERGIES.name, rows, language)),
        ],
        language,
    )


def _all(session: VisibleSession, name: str, wanted: Wanted, language: str) -> list[Feature]:
    found: list[Feature] = []
    cursor: str | None = None
    while True:
        rows = features.page(session, name, wanted, Slice(CHUNK_ROWS, cursor))
        found += features_of(session, name, rows.items, language)
        cursor = rows.next
        if cursor is None:
            return found


def _sites(session: VisibleSession, rows: Sequence[Site], _language: str) -> list[Feature]:
    known = sites.with_names(session, rows)
    return [site_feature(known[row.id]) for row in rows]


def _flows(session: VisibleSession, rows: Sequence[Flow], _language: str) -> list[Feature]:
    return [flow_feature(flow) for flow in flows.domain_of(session, rows)]


def _synergies(session: VisibleSession, rows: Sequence[Synergy], language: str) -> list[Feature]:
    places = Places(flows_of(session, rows))
    return [synergy_feature(document_of(row, language), places, language) for row in rows]


Converter = Callable[[VisibleSession, Sequence[Any], str], list[Feature]]
_CONVERTERS: dict[str, Converter] = {"sites": _sites, "flows": _flows, "synergies": _synergies}
