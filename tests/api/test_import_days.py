"""A change of how many days a week something comes is told as any other, in the difference and in words."""

from __future__ import annotations

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Territory
from app.repositories.records import add
from app.services.imports import import_table, rehearse
from app.web.import_words import ImportWords


def table(days: int) -> bytes:
    """Return a file of one flow, so many days a week."""
    rows = ("Entreprise;Libellé;Sens;Quantité", f"Alpha;Drêches;sortant;2 t par jour ({days} j/7)")
    return "\n".join(rows).encode()


def test_fewer_days_a_week_are_told_with_the_quantity(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Étang de Berre"))
        import_table(session, territory, table(5), "Flux 2024.csv")
        told = rehearse(session, territory, table(3), "Flux 2025.csv").content["difference"]
    assert told["flows_changed"] == 1
    (change,) = told["flows"][0]["fields"]
    assert change["field"] == "quantity"
    assert (change["before"]["days_per_week"], change["after"]["days_per_week"]) == (5, 3)
    words = ImportWords("en")
    assert words.value("quantity", change["before"]) != words.value("quantity", change["after"])
    assert words.value("quantity", change["after"]).endswith("(3 days a week)")
