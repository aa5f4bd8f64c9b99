"""Rows of an imported file laid over what is stored: recognised rows are updated, the others created.

A site is recognised by its SIRET, else by its name and place; a flow by its site, direction and label, the
n-th of the file being the n-th stored. An empty cell says nothing: it never erases what is known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.db.base import new_ids, now
from app.db.tables import Company, Flow, Park, Site
from app.db.visibility import VisibleSession
from app.readers.sources import Place
from app.repositories import confirmations, flows, imports, sites
from app.repositories.drafts import Draft, Resource, drafts_of
from app.services.recognition import Companies, Parks, Sites
from app.services.withholding import Withheld, as_whole_territory, withheld_of
from matching import model

QUANTITY = ("quantity_low", "quantity_high", "unit", "period", "days_per_week", "reliability")
PLURALS = {"company": "companies", "park": "parks", "site": "sites", "flow": "flows"}
# In the order in which rows refer to each other.
TABLES: Mapping[str, Resource] = {"company": Company, "park": Park, "site": Site, "flow": Flow}
# Where a row stands in its file: it moves when a line is added above, and nothing has changed by that.
PLACE_IN_FILE = frozenset({"row", "sheet"})
FlowKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that a file creates or changes, with the columns it changes, before and after."""

    draft: Draft
    created: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class ImportRows:
    """Lays the rows of one file over a territory and remembers, for each, what it does."""

    def __init__(self, session: VisibleSession, territory_id: str) -> None:
        self._session = session
        self._ids = new_ids()
        self._territory_id = territory_id
        # Companies without mandate are recognised too, or the file would make a second one.
        with as_whole_territory(session, territory_id):
            self._withheld = withheld_of(session, territory_id)
            self._drafts = {
                name: {draft.id: draft for draft in drafts_of(session, cls, territory_id)}
                for name, cls in TABLES.items()
            }
        self._hidden = set(self._withheld.ids)
        self._hidden_places: set[Place] = set()
        self._companies = Companies(self._drafts["company"].values())
        self._parks = Parks(self._drafts["park"].values())
        self._sites = Sites(self._drafts["site"].values())
        self._flows: dict[FlowKey, list[Draft]] = defaultdict(list)
        for flow in self._drafts["flow"].values():
            key = _flow_key(flow.value("site_id"), flow.value("direction"), flow.value("label"))
            self._flows[key].append(flow)
        self._known_sites: dict[model.Site, Draft] = {}
        self._taken: set[str] = set()
        self._new: dict[str, list[Draft]] = {name: [] for name in TABLES}
        self._changed: dict[str, dict[str, Draft]] = {name: {} for name in TABLES}
        self._same: list[Draft] = []
        self._read_at = now()
        self._entries: list[dict[str, Any]] = []
        self.tally: Counter[str] = Counter()

    def write(self, declared: Sequence[model.Flow]) -> None:
        """Create or update every flow of the file, with its site, company and park."""
        for flow in _in_file_order(declared):
            site = self._site(flow.site)
            if site.id in self._hidden:
                self._hidden_places.add((flow.sheet, flow.row or 0))
            columns = flows.to_columns(flow)
            stored = self._recognised_flow(site.id, columns)
            if stored is None:
                stored = self._create("flow", {"site_id": site.id, "diagnostic_id": None, **columns})
            else:
                self._update("flow", stored, _said(columns))
            self._taken.add(stored.id)

    def write_site(self, site: model.Site) -> None:
        """Create or update a site that the file lists without flows."""
        self._site(site)

    def store(self, import_id: str) -> None:
        """Store all of it, with what is needed to undo the import ``import_id`` exactly.

        Flows that the file tells again as they are known are confirmed by it.
        """
        session, territory_id = self._session, self._territory_id
        with as_whole_territory(session, territory_id):
            imports.store(session, territory_id, TABLES, self._new, self._changed)
            confirmed = confirmations.confirm_all(session, territory_id, self._same, self._read_at)
            for entry in confirmed:
                self._entries.append({"position": len(self._entries), **entry})
        imports.store_entries(session, territory_id, import_id, self._entries)

    def end(self, flow_ids: Sequence[str], day: date) -> None:
        """Mark flows that the file no longer tells of as available until a day."""
        for draft in self.absent(flow_ids):
            self._update("flow", draft, {"available_until": day})

    def touched(self, resource: str) -> Iterator[Touched]:
        """Yield what is created and changed of a table, each row once, in the order of the file."""
        merged: dict[str, tuple[bool, dict[str, Any], dict[str, Any]]] = {}
        for entry in self._entries:
            if entry["resource"] == resource and entry["row_id"] not in self._hidden:
                created, before, after = merged.get(entry["row_id"], (entry["created"], {}, {}))
                merged[entry["row_id"]] = created, {**entry["before"], **before}, {**after, **entry["after"]}
        for row_id, (created, before, after) in merged.items():
            draft = self._drafts[resource][row_id]
            yield Touched(draft, created, imports.from_plain(before), imports.from_plain(after))

    def absent(self, flow_ids: Iterable[str]) -> list[Draft]:
        """Return those of some flows that are stored and not in the file, in the order they came."""
        known = self._drafts["flow"]
        left = self._taken | self._hidden
        return [known[flow_id] for flow_id in flow_ids if flow_id in known and flow_id not in left]

    def name_of(self, resource: str, row_id: str | None) -> str:
        """Return the name of a site, company or park, empty when there is none."""
        draft = self._drafts[resource].get(row_id or "")
        return "" if draft is None else str(draft.value("name"))

    def withheld(self) -> Withheld:
        """Return what the file tells of companies without mandate: nothing of it is told again."""
        in_file = any(site.id in self._hidden for site in self._known_sites.values())
        ids, places = frozenset(self._hidden), frozenset(self._hidden_places)
        return replace(self._withheld, ids=ids, places=places, in_file=in_file)

    def _site(self, site: model.Site) -> Draft:
        if site not in self._known_sites:
            self._known_sites[site] = self._write_site(site)
        return self._known_sites[site]

    def _write_site(self, site: model.Site) -> Draft:
        columns = sites.to_columns(site) | {"company_id": None, "park_id": None}
        stored = self._sites.find(site)
        # A site stays its company's as long as that gives no mandate: a file would else take it away.
        if site.company and (stored is None or stored.id not in self._hidden):
            columns["company_id"] = self._company(site.company, site.siret[:9]).id
        if site.park:
            columns["park_id"] = self._park(site.park).id
        if stored is None:
            stored = self._create("site", columns)
        else:
            self._update("site", stored, _place_said(columns, stored))
        self._sites.add(stored)
        return stored

    def _company(self, name: str, siren: str) -> Draft:
        stored = self._companies.find(name, siren)
        if stored is None:
            stored = self._create("company", {"name": name, "siren": siren})
        else:
            self._update("company", stored, {"siren": siren} if siren and not stored.value("siren") else {})
        self._companies.add(stored)
        return stored

    def _park(self, name: str) -> Draft:
        stored = self._parks.find(name)
        if stored is None:
            stored = self._create("park", {"name": name})
            self._parks.add(stored)
        return stored

    def _recognised_flow(self, site_id: str, columns: Mapping[str, Any]) -> Draft | None:
        known = self._flows.get(_flow_key(site_id, columns["direction"], columns["label"]), [])
        alike = [row for row in known if row.id not in self._taken]
        if not alike:
            return None
        said = _said(columns)
        exact = (row for row in alike if all(row.value(name) == value for name, value in said.items()))
        return next(exact, alike[0])

    def _create(self, resource: str, columns: dict[str, Any]) -> Draft:
        draft = Draft(next(self._ids), columns, is_new=True)
        self._new[resource].append(draft)
        self._drafts[resource][draft.id] = draft
        self._hide(draft)
        self._count(resource, "created", draft)
        self._remember(resource, draft.id, created=True)
        return draft

    def _update(self, resource: str, row: Draft, columns: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in columns.items() if row.value(name) != value}
        moved_only = changed.keys() <= PLACE_IN_FILE
        if moved_only:
            self._count(resource, "unchanged", row)
        if resource == "flow" and not row.is_new:
            if not changed:
                self._same.append(row)
                return
            changed["confirmed_at"] = self._read_at
        if not changed:
            return
        before = {name: row.value(name) for name in changed}
        row.changes.update(changed)
        if not row.is_new:
            self._changed[resource][row.id] = row
        self._hide(row)
        if not moved_only:
            self._count(resource, "updated", row)
        self._remember(resource, row.id, created=False, before=before, after=changed)

    def _hide(self, row: Draft) -> None:
        """Take a row for one of a company without mandate if it is now at one of its places."""
        if not self._hidden:
            return
        columns = row.columns() if row.is_new else row.changes
        if {columns.get("company_id"), columns.get("site_id")} & self._hidden:
            self._hidden.add(row.id)

    def _count(self, resource: str, verb: str, row: Draft) -> None:
        """Count what is done to a row, unless the count would tell what a company without mandate has."""
        if row.id not in self._hidden:
            self.tally[f"{PLURALS[resource]}_{verb}"] += 1

    def _remember(self, resource: str, row_id: str, *, created: bool, **columns: Mapping[str, Any]) -> None:
        plain = {name: imports.to_plain(values) for name, values in columns.items()}
        position = len(self._entries)
        entry = {"position": position, "resource": resource, "row_id": row_id, "created": created}
        self._entries.append(entry | {"before": {}, "after": {}} | plain)


def _in_file_order(declared: Sequence[model.Flow]) -> list[model.Flow]:
    """Return the flows in the order of the file."""
    return sorted(declared, key=lambda flow: (flow.sheet or "", flow.row or 0))


def _flow_key(site_id: str, direction: str, label: str) -> FlowKey:
    return site_id, direction, " ".join(label.casefold().split())


def _said(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a flow that the file fills in; a quantity comes with its unit and period."""
    whole = columns["quantity_low"] is not None
    return {
        name: value
        for name, value in columns.items()
        if (whole if name in QUANTITY else value not in (None, ""))
    }


def _place_said(columns: Mapping[str, Any], stored: Draft) -> dict[str, Any]:
    """Return the columns of a site that the file fills in; a vague place never replaces an exact one."""
    said = {name: value for name, value in columns.items() if value not in (None, "")}
    vague = columns["precision"] != model.Precision.POINT
    if columns["lon"] is None or (vague and stored.value("precision") == model.Precision.POINT):
        for name in ("lon", "lat", "precision"):
            said.pop(name, None)
    return said
