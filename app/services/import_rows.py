"""Rows of an imported file laid over what is stored: recognised rows are updated, the others created.

A site is recognised by its SIRET, else by its name and place; a flow by its site, direction and label, the
n-th of the file being the n-th stored. An empty cell says nothing: it never erases what is known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from app.db.base import new_id
from app.db.tables import Company, Flow, Import, ImportEntry, Park, Site
from app.db.visibility import VisibleSession
from app.repositories import flows, imports, sites
from app.repositories.records import add, prepare, rows_of
from matching import model

QUANTITY = ("quantity_low", "quantity_high", "unit", "period", "days_per_week", "reliability")
# About 100 m: two spellings of one address are not two sites, and neighbours of one name are.
SAME_PLACE_DEGREES = 0.001

PLURALS = {"company": "companies", "park": "parks", "site": "sites", "flow": "flows"}

StoredRow = Company | Park | Site | Flow
NewRow = TypeVar("NewRow", Company, Park, Site, Flow)


class ImportRows:
    """Writes the rows of one import and remembers, for each, what it did."""

    def __init__(self, session: VisibleSession, imported: Import) -> None:
        self._session = session
        self._import = imported
        territory_id = imported.territory_id
        self._companies = list(rows_of(session, Company, territory_id=territory_id))
        self._parks = list(rows_of(session, Park, territory_id=territory_id))
        self._sites = imports.rows_of_sites(session, territory_id)
        self._flows: dict[str, list[Flow]] = defaultdict(list)
        for flow in imports.rows_of_flows(session, territory_id):
            self._flows[flow.site_id].append(flow)
        self._known_sites: dict[model.Site, Site] = {}
        self._taken: set[str] = set()
        self._entries = 0
        self.tally: Counter[str] = Counter()

    def write(self, declared: Sequence[model.Flow]) -> None:
        """Create or update every flow of the file, with its site, company and park."""
        for flow in _in_file_order(declared):
            site = self._site(flow.site)
            columns = flows.to_columns(flow)
            stored = self._recognised_flow(site.id, columns)
            if stored is None:
                stored = self._create("flow", Flow(site_id=site.id, **self._owner, **columns))
            else:
                self._update("flow", stored, _said(columns))
            self._taken.add(stored.id)

    @property
    def _owner(self) -> dict[str, str]:
        return {"territory_id": self._import.territory_id}

    def _site(self, site: model.Site) -> Site:
        if site not in self._known_sites:
            self._known_sites[site] = self._write_site(site)
        return self._known_sites[site]

    def write_site(self, site: model.Site) -> None:
        """Create or update a site that the file lists without flows."""
        self._site(site)

    def _write_site(self, site: model.Site) -> Site:
        columns = sites.to_columns(site)
        if site.company:
            columns["company_id"] = self._company(site.company, site.siret[:9]).id
        if site.park:
            columns["park_id"] = self._park(site.park).id
        stored = next((row for row in self._sites if same_site(row, site)), None)
        if stored is not None:
            self._update("site", stored, _place_said(columns, stored))
            return stored
        created = self._create("site", Site(**self._owner, **columns))
        self._sites.append(created)
        return created

    def _company(self, name: str, siren: str) -> Company:
        for row in self._companies:
            if (siren and row.siren == siren) or row.name.casefold() == name.casefold():
                self._update("company", row, {"siren": siren} if siren and not row.siren else {})
                return row
        created = self._create("company", Company(name=name, siren=siren, **self._owner))
        self._companies.append(created)
        return created

    def _park(self, name: str) -> Park:
        for row in self._parks:
            if row.name.casefold() == name.casefold():
                return row
        created = self._create("park", Park(name=name, **self._owner))
        self._parks.append(created)
        return created

    def _recognised_flow(self, site_id: str, columns: Mapping[str, Any]) -> Flow | None:
        alike = [
            row
            for row in self._flows[site_id]
            if row.id not in self._taken and _flow_key(row.direction, row.label) == _key_of(columns)
        ]
        said = _said(columns)
        exact = (row for row in alike if all(getattr(row, name) == value for name, value in said.items()))
        return next(exact, alike[0] if alike else None)

    def _create(self, resource: str, row: NewRow) -> NewRow:
        row.id = new_id()
        # Others refer to these at once; flows can wait and go together.
        store = prepare if isinstance(row, Flow) else add
        store(self._session, row)
        self.tally[f"{PLURALS[resource]}_created"] += 1
        self._remember(resource, row.id, created=True)
        return row

    def _update(self, resource: str, row: StoredRow, columns: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not changed:
            self.tally[f"{PLURALS[resource]}_unchanged"] += 1
            return
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        self.tally[f"{PLURALS[resource]}_updated"] += 1
        self._remember(resource, row.id, created=False, before=before, after=changed)

    def _remember(self, resource: str, row_id: str, *, created: bool, **columns: Mapping[str, Any]) -> None:
        plain = {name: imports.to_plain(values) for name, values in columns.items()}
        entry = {"import_id": self._import.id, "position": self._entries, "resource": resource}
        prepare(self._session, ImportEntry(row_id=row_id, created=created, **entry, **self._owner, **plain))
        self._entries += 1


def _in_file_order(declared: Sequence[model.Flow]) -> list[model.Flow]:
    """Return the flows in the order of the file."""
    return sorted(declared, key=lambda flow: (flow.sheet or "", flow.row or 0))


def same_site(row: Site, site: model.Site) -> bool:
    """Tell whether a stored site is the one a file speaks of."""
    if row.siret and site.siret:
        return row.siret == site.siret
    if row.name.casefold().strip() != site.name.casefold().strip():
        return False
    if row.postcode and site.postcode:
        return row.postcode == site.postcode
    if row.lon is None or row.lat is None or site.lon is None or site.lat is None:
        return True
    exact = row.precision == site.precision == model.Precision.POINT
    near = abs(row.lon - site.lon) < SAME_PLACE_DEGREES and abs(row.lat - site.lat) < SAME_PLACE_DEGREES
    return near or not exact


def _flow_key(direction: str, label: str) -> tuple[str, str]:
    return direction, " ".join(label.casefold().split())


def _key_of(columns: Mapping[str, Any]) -> tuple[str, str]:
    return _flow_key(columns["direction"], columns["label"])


def _said(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a flow that the file fills in; a quantity comes with its unit and period."""
    whole = columns["quantity_low"] is not None
    return {
        name: value
        for name, value in columns.items()
        if (whole if name in QUANTITY else value not in (None, ""))
    }


def _place_said(columns: Mapping[str, Any], stored: Site) -> dict[str, Any]:
    """Return the columns of a site that the file fills in; a vague place never replaces an exact one."""
    said = {name: value for name, value in columns.items() if value not in (None, "")}
    vague = columns["precision"] != model.Precision.POINT
    if columns["lon"] is None or (vague and stored.precision == model.Precision.POINT):
        for name in ("lon", "lat", "precision"):
            said.pop(name, None)
    return said
