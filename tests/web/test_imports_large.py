"""Large files and corrected columns on the page: read and stored in the background, taught once."""

from __future__ import annotations

import re
import time

import pytest

from app.settings import Database as DatabaseSettings
from app.settings import Settings, Web
from tests.api.conftest import ROWS, table
from tests.web.conftest import Visitor, with_plain_spaces
from tests.web.test_imports import send, store

NONSENSE = "\n".join(
    [
        "Entreprise;Ville;Colonne X;Colonne Y;Quantité;Unité",
        "Brasserie du Port;Port-de-Bouc;sortant;Drêches de brasserie;120;t",
        "Ferme des Salins;Fos-sur-Mer;entrant;Aliment pour bétail;200;t",
    ]
).encode()


@pytest.fixture
def settings(database_url: str, request: pytest.FixtureRequest) -> Settings:
    """Return settings for which every file is large, when a test says so."""
    large = {"large_upload_bytes": 1} if "large" in request.node.name else {}
    web = Web(password_memory_kib=32, password_passes=1, **large)  # type: ignore[arg-type]
    return Settings(database=DatabaseSettings(url=database_url), web=web)


def once(visitor: Visitor, path: str, mark: str) -> str:
    """Return a page once it no longer waits."""
    for _ in range(600):
        page = visitor.page(path)
        if mark not in page:
            return page
        time.sleep(0.1)
    raise AssertionError(page)


def test_a_large_file_is_rehearsed_and_stored_in_the_background(member: Visitor) -> None:
    rehearsal = send(member, table(ROWS[0].replace(",120,", ",90,")))
    page = with_plain_spaces(once(member, rehearsal, 'id="rehearsal-waits"'))
    assert "1 flux change" in page
    stored = store(member, rehearsal)
    address = stored.headers["location"]
    assert re.fullmatch(r"/imports/[0-9a-f-]{36}", address)
    page = once(member, address, 'id="import-waits"')
    assert "Enregistré" in page
    assert "90 t par an" in with_plain_spaces(page)


def test_a_large_file_with_a_wrong_row_says_which_before_anything_is_stored(member: Visitor) -> None:
    rehearsal = send(member, table(ROWS[0].replace(",120,", ",abc,")))
    page = once(member, rehearsal, 'id="rehearsal-waits"')
    assert "Enregistrer ces flux" not in page
    assert "abc" in page


def columns_of(page: str) -> dict[str, str]:
    """Return the name of each column's list and what it is set to."""
    found = re.findall(r'<select name="(column\|[^"]+)".*?</select>', page, re.DOTALL)
    chosen = {}
    for name in found:
        part = page.split(f'name="{name}"')[1].split("</select>")[0]
        value = re.search(r'<option value="([^"]*)" selected', part)
        chosen[name] = value[1] if value else ""
    return chosen


def test_columns_corrected_once_are_remembered_and_forgotten_on_demand(member: Visitor) -> None:
    rehearsal = send(member, NONSENSE, "export.csv")
    chosen = columns_of(member.page(rehearsal))
    amount = next(name for name in chosen if name.endswith("|E"))
    assert chosen[amount] == "quantity"
    fields = {**chosen, amount: "min_lot", "mapping": "1", "remember": "1"}
    assert member.send(rehearsal, "/imports", **fields).status_code == 303
    page = member.page(rehearsal)
    assert "Corrigé" in page
    assert "Quantité inconnue" in page
    assert store(member, rehearsal).status_code == 303
    again = send(member, NONSENSE, "autre nom.csv")
    page = member.page(again)
    assert "Les colonnes corrigées auparavant" in page
    assert "Quantité inconnue" in page
    assert member.send(again, "/imports", oublier=amount.split("|")[1]).status_code == 303
    page = member.page(again)
    assert "Les colonnes corrigées auparavant" not in page
    assert "120 t par an" in with_plain_spaces(page)
