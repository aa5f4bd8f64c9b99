"""A territory whose every secret is a canary, its neighbours, and the seven who ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import (
    Company,
    Contact,
    Diagnostic,
    Flow,
    Import,
    Park,
    Site,
    Synergy,
    SynergyMember,
    Territory,
)
from app.db.visibility import VisibleSession
from app.repositories.records import add, rows_of
from app.services.accounts import create_key, create_user, join
from app.services.consent import Level, Origin, record_missing_mandates, set_level
from app.services.import_report import report_of
from app.services.matches import refresh_matches
from app.settings import Web
from tests.kept import stored_once

PASSWORD = "un mot de passe"
ACTORS = ("anonymous", "operator", "coordinator", "facilitator", "company", "observer", "foreign")
LEVELS = tuple(level.value for level in Level)
HIDDEN = frozenset({"note", "history"})  # What the staff write about a company, not for its eyes.
# What a neighbour reads of a flow shown to the territory, and of its site.
TOLD_OF_A_FLOW = frozenset({"label", "site", "company", "address"})


@dataclass
class Town:
    """What was stored: identifiers by name, and each canary with whose it is and how it may be seen."""

    ids: dict[str, str] = field(default_factory=dict)
    canaries: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def canary(self, owner: str, level: str, name: str) -> str:
        """Return a word found nowhere else, remembered as a secret of ``owner``."""
        word = f"zq{len(self.canaries):03d}{owner}{level}{name}".replace("-", "")
        self.canaries[word] = (owner, level, name)
        return word

    def may_see(self, actor: str, word: str) -> bool:
        """Tell whether an actor may read a canary anywhere."""
        owner, level, name = self.canaries[word]
        if actor in ("anonymous", "operator", "observer"):
            return False
        if owner == "far" or actor == "foreign":
            return owner == "far" and actor == "foreign" and name not in HIDDEN
        if actor in ("coordinator", "facilitator"):
            return owner not in ("withheld", "beyond")
        if owner == "own":
            return name not in HIDDEN
        return level in ("territory", "public") and name in TOLD_OF_A_FLOW


def build(database: Database, web: Web) -> Town:
    """Store the town in an empty database."""
    return stored_once(database, lambda: _store(database, web), build)


def _store(database: Database, web: Web) -> Town:
    town = Town()
    with database.writing(SYSTEM) as session:
        home = add(session, Territory(name="Ville", note=""))
        away = add(session, Territory(name="Ailleurs"))
        town.ids |= {"territory": home.id, "away": away.id}
        town.ids["park"] = add(session, Park(territory_id=home.id, name="Parc")).id
        for owner, territory in (
            ("own", home),
            ("granted", home),
            ("other", home),
            ("withheld", home),
            ("far", away),
            ("beyond", away),
        ):
            _company(session, town, owner, territory)
        for territory in (home, away):
            record_missing_mandates(session, territory.id, Origin.IMPORT)
            refresh_matches(session, territory.id)
        withheld = session.get(Company, town.ids["withheld:company"])
        assert withheld is not None
        withheld.withheld = True
        _actors(session, town, web, home, away)
    return town


# One synergy of each sort that levels and mandates tell apart, by the owners of its members.
SYNERGIES = {
    "synergy": ("home", "substitution", {"own", "granted"}),
    "synergy:other": ("home", "substitution", {"granted", "other"}),
    "synergy:loop": ("home", "loop", {"own", "granted", "other"}),
    "synergy:withheld": ("home", "substitution", {"own", "withheld"}),
    "synergy:group": ("home", "mutualisation", {"own", "granted", "other", "withheld"}),
    "far:synergy": ("away", "substitution", {"far", "beyond"}),
}


def build_with_synergies(database: Database, web: Web) -> Town:
    """Store the same, and name its synergies, one of each of ``SYNERGIES``."""
    return stored_once(database, lambda: _store_with_synergies(database, web), build_with_synergies)


def _store_with_synergies(database: Database, web: Web) -> Town:
    town = _store(database, web)
    owner_of = {value: name.split(":")[0] for name, value in town.ids.items() if ":flow:" in name}
    with database.reading(SYSTEM) as session:
        owners: dict[str, set[str]] = {}
        for member in session.scalars(select(SynergyMember)):
            owners.setdefault(member.synergy_id, set()).add(owner_of[member.flow_id])
        for row in session.scalars(select(Synergy).order_by(Synergy.signature)):
            place = "away" if row.territory_id == town.ids["away"] else "home"
            for name, wanted in SYNERGIES.items():
                if wanted == (place, row.kind, owners[row.id]):
                    town.ids.setdefault(name, row.id)
    return town


def _company(session: VisibleSession, town: Town, owner: str, territory: Territory) -> None:
    shown = "territory" if owner == "granted" else "private"
    company = add(
        session,
        Company(
            territory_id=territory.id,
            name=town.canary(owner, shown, "company"),
            note=town.canary(owner, shown, "note"),
        ),
    )
    place = len(town.ids) / 1000
    site = add(
        session,
        Site(
            territory_id=territory.id,
            company_id=company.id,
            name=town.canary(owner, shown, "site"),
            address=town.canary(owner, shown, "address"),
            lon=5.0 + place,
            lat=43.4,
            precision="point",
        ),
    )
    contact = Contact(
        territory_id=territory.id,
        site_id=site.id,
        name=town.canary(owner, "private", "contact"),
        email=f"{town.canary(owner, 'private', 'mail')}@x.example",
    )
    visit = Diagnostic(
        territory_id=territory.id,
        site_id=site.id,
        made_on=date(2026, 3, 2),
        note=town.canary(owner, "private", "visit"),
    )
    # A file is about many companies: it is nobody's in particular, and no company reads it.
    file_name = "flux.csv" if owner == "withheld" else town.canary(owner, "private", "history")
    sheet = Import(
        territory_id=territory.id,
        file_name=file_name,
        digest="0" * 64,
        status="stored",
        report=report_of(file_name, "0" * 64).content,
    )
    names = {"company": company.id, "site": site.id, "contact": add(session, contact).id}
    names |= {"diagnostic": add(session, visit).id, "import": add(session, sheet).id}
    levels = LEVELS if owner == "granted" else ("private",)
    for level in levels:
        for direction in ("output", "input"):
            flow = _flow(session, town, owner, site, level, direction)
            names[f"flow:{level}:{direction}"] = flow.id
            if level != "private":
                set_level(session, flow.id, Level(level))
    town.ids |= {f"{owner}:{name}": value for name, value in names.items()}


def _flow(session: VisibleSession, town: Town, owner: str, site: Site, level: str, direction: str) -> Flow:
    kind = "palettes EUR" if owner in ("own", "far") else "palettes bois EUR occasion"
    return add(
        session,
        Flow(
            territory_id=site.territory_id,
            site_id=site.id,
            direction=direction,
            kind="packaging",
            label=f"{kind} {town.canary(owner, level, 'label')}",
            quantity_low=120,
            quantity_high=120,
            unit="t",
            period="year",
            unit_cost_eur_low=31.0,
            unit_cost_eur_high=31.0,
            comment=town.canary(owner, "private", "comment"),
            contact=town.canary(owner, "private", "contact"),
            destination=town.canary(owner, "private", "destination"),
            source=town.canary(owner, "private", "source"),
        ),
    )


def _actors(session: VisibleSession, town: Town, web: Web, home: Territory, away: Territory) -> None:
    own, far = (session.get(Company, town.ids[f"{name}:company"]) for name in ("own", "far"))
    seats: Mapping[str, tuple[Territory | None, Role, Company | None]] = {
        "operator": (None, Role.COORDINATOR, None),
        "coordinator": (home, Role.COORDINATOR, None),
        "facilitator": (home, Role.FACILITATOR, None),
        "company": (home, Role.COMPANY, own),
        "observer": (home, Role.OBSERVER, None),
        "foreign": (away, Role.COMPANY, far),
    }
    for actor, (territory, seat, company) in seats.items():
        account = AccountRole.OPERATOR if actor == "operator" else AccountRole.MEMBER
        town.keys[actor] = create_key(session, actor, account, territory, None, seat, company)
        user = create_user(session, web, f"{actor}@x.example", PASSWORD, account)
        if territory is not None:
            join(session, territory, user, seat, company)


def synergies_of(database: Database, territory_id: str) -> Iterator[str]:
    """Yield the synergies of a territory."""
    from app.db.tables import Synergy

    with database.reading(SYSTEM) as session:
        yield from [row.id for row in rows_of(session, Synergy, territory_id=territory_id)]
