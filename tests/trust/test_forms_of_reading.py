"""Whatever the form of a statement, a company reads its own rows, and staff nothing of one that withholds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Select, and_, case, exists, func, lambda_stmt, or_, select, union_all
from sqlalchemy.orm import Bundle, aliased, defer, load_only, undefer

from app.db.principal import AccountRole, Principal
from app.db.tables import Company, Contact, Flow, Site, SynergyMember
from app.db.visibility import VisibleSession
from tests.db.test_visibility import READS, REFUSED, Two
from tests.trust.town import Town, build

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.settings import Settings

Reading = Callable[[VisibleSession], list[str]]
Other = aliased(Flow)
Ours = aliased(Site)

# ruff: noqa: E501 - a form a line reads better
MORE: dict[str, Reading] = {
    "some columns of an entity": lambda s: [f.label for f in s.scalars(select(Flow).options(load_only(Flow.label)))],
    "a column left for later": lambda s: [f.label for f in s.scalars(select(Flow).options(defer(Flow.label)))],
    "a column asked after all": lambda s: [f.label for f in s.scalars(select(Flow).options(undefer(Flow.label)))],
    "a bundle": lambda s: [str(one) for one in s.execute(select(Bundle("b", Flow.label)))],  # type: ignore[var-annotated]
    "a union of all": lambda s: list(s.scalars(union_all(select(Flow.label), select(Flow.label)))),
    "an aggregate": lambda s: _split(s.scalar(select(func.max(Flow.label)))),
    "a group": lambda s: [row[0] for row in s.execute(select(Flow.label, func.count()).group_by(Flow.label))],
    "a group with a condition": lambda s: [
        row[0] for row in s.execute(select(Flow.label).group_by(Flow.label).having(func.count() > 0))
    ],
    "a window": lambda s: [
        row[0] for row in s.execute(select(Flow.label, func.row_number().over(order_by=Flow.id)))
    ],
    "distinct": lambda s: list(s.scalars(select(Flow.label).distinct())),
    "an expression": lambda s: list(s.scalars(select(func.lower(Flow.label)))),
    "a case": lambda s: list(s.scalars(select(case((Flow.label != "", Flow.label), else_="")))),
    "a join to oneself": lambda s: list(s.scalars(select(Other.label).join(Flow, Flow.id == Other.id))),
    "an outer join": lambda s: list(s.scalars(select(Flow.label).join(Site, Site.id == Flow.site_id, isouter=True))),
    "a full product": lambda s: list(s.scalars(select(Flow.label).join(Ours, and_(Ours.id != "")))),
    "a scalar subquery": lambda s: _split(s.scalar(select(select(func.max(Flow.label)).scalar_subquery()))),
    "a correlated subquery": lambda s: [
        row[0]
        for row in s.execute(
            select(
                select(func.max(Flow.label)).where(Flow.site_id == Site.id).correlate(Site).scalar_subquery()
            ).select_from(Site)
        )
        if row[0]
    ],
    "a lateral": lambda s: list(s.scalars(select(select(Flow.label, Flow.id).subquery("x").c.label))),
    "a chain of common tables": lambda s: list(s.scalars(select(select(select(Flow.label).cte("a")).cte("b")))),
    "an alias of a subquery": lambda s: [
        f.label for f in s.scalars(select(aliased(Flow, select(Flow).subquery())))
    ],
    "a lambda": lambda s: list(s.scalars(lambda_stmt(lambda: select(Flow.label)))),
    "not exists": lambda s: list(s.scalars(select(Flow.label).where(~exists().where(Site.id == Flow.label)))),
    "either condition": lambda s: list(s.scalars(select(Flow.label).where(or_(Flow.id != "", Flow.id == "")))),
    "the first of the legacy query": lambda s: [str(s.query(Flow.label).order_by(Flow.label).first())],
    "one by one": lambda s: [f.label for part in s.scalars(select(Flow)).partitions(1) for f in part],
    "entities and columns": lambda s: [row[1] for row in s.execute(select(Flow, Flow.label))],
    "a count of the legacy query": lambda s: ["n"] * s.query(Flow).count(),
    "a page": lambda s: list(s.scalars(select(Flow.label).order_by(Flow.label).limit(500).offset(0))),
    "another table": lambda s: list(s.scalars(select(Company.name))),
    "another table's notes": lambda s: list(s.scalars(select(Contact.name))),
    "members of synergies": lambda s: list(s.scalars(select(Site.name).join(SynergyMember, SynergyMember.site_id == Site.id))),
}  # fmt: skip


def _split(found: str | None) -> list[str]:
    return [] if found is None else [found]


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build(database, settings.web)


def _principals(town: Town) -> dict[str, Principal]:
    home, own, withheld = (town.ids[name] for name in ("territory", "own:company", "withheld:company"))
    there = frozenset({home})
    return {
        "company": Principal(
            "key:c", "c", AccountRole.MEMBER, company_ids=frozenset({own}), company_territories=there
        ),
        "facilitator": Principal(
            "key:f", "f", AccountRole.MEMBER, territory_ids=there, withheld=frozenset({withheld})
        ),
        "observer": Principal("key:o", "o", AccountRole.MEMBER, observed=there),
        "operator": Principal("key:p", "p", AccountRole.OPERATOR),
    }


def _secrets_read(town: Town, actor: str, said: list[str]) -> list[tuple[str, str, str]]:
    text = "\n".join(map(str, said)).lower()
    return [
        about
        for word, about in town.canaries.items()
        if word.lower() in text and not town.may_see(actor, word)
    ]


@pytest.mark.parametrize("actor", ["company", "facilitator", "observer", "operator"])
def test_no_form_of_reading_gives_rows_that_are_not_the_askers(
    database: Database, town: Town, actor: str
) -> None:
    principal = _principals(town)[actor]
    forms = READS | MORE
    assert len(forms) >= 40
    wrong = {}
    for name, form in forms.items():
        with database.reading(principal) as session:
            found = _secrets_read(town, actor, form(session))
            if found:
                wrong[name] = found
    assert wrong == {}


def test_the_same_forms_give_a_company_its_own_rows(database: Database, town: Town) -> None:
    own = [word for word, about in town.canaries.items() if about[0] == "own" and about[2] == "label"]
    with database.reading(_principals(town)["company"]) as session:
        found = "".join(READS["entities"](session))
    assert all(word in found for word in own)


@pytest.mark.parametrize("form", REFUSED)
def test_forms_that_no_rule_reaches_are_refused_to_companies_too(
    database: Database, town: Town, form: str
) -> None:
    from app.db.visibility import UnfilteredStatementError

    two = Two(database, "", "", "", town.ids["other:site"], _principals(town)["company"])
    with database.writing(two.member) as session, pytest.raises(UnfilteredStatementError):
        REFUSED[form](session, two)


def test_a_row_already_in_memory_is_not_got_by_its_key(database: Database, town: Town) -> None:
    from app.db.visibility import as_program

    foreign = town.ids["other:flow:private:output"]
    with database.reading(_principals(town)["company"]) as session:
        with as_program(session):
            assert session.get(Flow, foreign) is not None
        assert session.get(Flow, foreign) is None
        assert list(session.scalars(_by_key(foreign))) == []


def _by_key(flow_id: str) -> Select[Any]:
    return select(Flow).where(Flow.id == flow_id)
