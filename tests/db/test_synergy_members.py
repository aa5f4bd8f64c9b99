"""Members of synergies stay in their territory, and leave with it, by the key of their synergy alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.base import new_id
from app.db.bulk import insert_rows
from app.db.principal import SYSTEM
from app.db.tables import Synergy, SynergyMember, Territory
from app.db.visibility import filtered
from tests.db.test_visibility import Two, two

__all__ = ["two"]


def _synergy(territory: str) -> dict[str, Any]:
    return {
        "id": new_id(), "territory_id": territory, "signature": new_id(), "kind": "loop", "score": 1.0,
        "confidence": 1.0, "document": {}, "engine_version": "", "catalogue_digest": "",
    }  # fmt: skip


def _member(territory: str, synergy_id: str) -> dict[str, Any]:
    place = {"position": 0, "role": "member", "flow_id": new_id(), "site_id": new_id()}
    return {"territory_id": territory, "synergy_id": synergy_id, **place}


def test_a_member_is_refused_in_another_territory_than_its_synergy(two: Two) -> None:
    row = _synergy(two.ours)
    with two.database.writing(SYSTEM) as session:
        insert_rows(session, Synergy, [row])
    for territory in (two.theirs, new_id()):
        with pytest.raises(IntegrityError), two.database.writing(SYSTEM) as session:
            insert_rows(session, SynergyMember, [_member(territory, row["id"])])


def test_members_go_with_their_territory_and_those_of_others_stay(two: Two) -> None:
    with two.database.writing(SYSTEM) as session:
        for territory in (two.ours, two.theirs):
            row = _synergy(territory)
            insert_rows(session, Synergy, [row])
            insert_rows(session, SynergyMember, [_member(territory, row["id"])] * 2)
    with two.database.writing(SYSTEM) as session:
        Session.connection(session).execute(delete(Territory).where(Territory.id == two.ours))
    with two.database.reading(SYSTEM) as session:
        left = select(SynergyMember.territory_id, func.count()).group_by(SynergyMember.territory_id)
        assert session.execute(left).all() == [(two.theirs, 2)]


def test_synergies_of_who_withholds_a_mandate_are_looked_up_by_their_places(two: Two) -> None:
    who = replace(two.member, withheld=frozenset({new_id()}))
    with two.database.engine.begin() as connection:
        postgis = connection.dialect.name == "postgresql"
        if postgis:
            # The tables are empty: else none of their indexes would be worth it.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked = filtered(select(Synergy.id), who).compile(
            connection, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        explained = f"EXPLAIN {'' if postgis else 'QUERY PLAN '}{asked}"
        plan = " ".join(str(row[-1]).strip() for row in connection.execute(text(explained)))
    # The territory itself or that of the site it is met with, by what was last counted in the tables.
    cond = (
        r"Index Cond: \(\(+territory_id\)?(::text)? = .*AND \(+site_id\)?(::text)? ="
        if postgis
        else r"\(territory_id=\? AND site_id="
    )
    assert re.search(f"ix_list_member_place.*{cond}", plan)
