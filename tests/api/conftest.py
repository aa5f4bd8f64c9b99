"""Two territories and a table of flows that match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.readers import read_table
from tests.conftest import Asker, MakeMember

HEADER = (
    "site,company,siret,postcode,city,lon,lat,park,"
    "direction,kind,label,waste_code,quantity,unit,period,comment"
)
BREWERY = "Brasserie du Port,Brasserie du Port,,13110,Port-de-Bouc,4.9890,43.4050,Zone du Port"
FARM = "Ferme des Salins,Ferme des Salins,,13270,Fos-sur-Mer,4.9440,43.4380,"
GARAGE = "Garage Central,Garage Central,,13500,Martigues,5.0560,43.4050,Zone du Port"
WORKSHOP = "Atelier Mistral,Atelier Mistral,,13500,Martigues,5.0600,43.4080,Zone du Port"
ROWS = (
    f"{BREWERY},output,material,Drêches de brasserie,020704,120,t,year,",
    f"{FARM},input,material,Aliment pour bétail,,200,t,year,",
    f"{GARAGE},output,material,Cartons d'emballage,150101,8,t,year,",
    f"{WORKSHOP},output,material,Cartons d'emballage,150101,12,t,year,",
)


def table(*rows: str) -> bytes:
    """Return a flow table."""
    return "\n".join([HEADER, *(rows or ROWS)]).encode()


Imports = Callable[..., Any]


@pytest.fixture
def own_process() -> None:
    """Ask for files to be read as in service, in a process of their own."""


@pytest.fixture(autouse=True)
def quick_reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, which saves more than a second each time."""
    if "own_process" not in request.fixturenames:
        monkeypatch.setattr("app.services.imports.read_untrusted", read_table)


@pytest.fixture
def territory(operator: Asker) -> str:
    """Return the identifier of a territory."""
    return str(operator.created("/territories", {"name": "Étang de Berre"})["id"])


@pytest.fixture
def member(territory: str, member_of: MakeMember) -> Asker:
    """Return a member of the territory."""
    return member_of(territory)


@pytest.fixture
def stranger(operator: Asker, member_of: MakeMember) -> Asker:
    """Return a member of another territory."""
    return member_of(operator.created("/territories", {"name": "Ailleurs"})["id"])


def upload(asker: Asker, content: bytes, name: str = "flux.csv", **form: str) -> Any:
    """Import a file."""
    return asker.post("/imports", files={"file": (name, content)}, data=form)


@pytest.fixture
def imported(member: Asker) -> Any:
    """Return the import of the table of matching flows."""
    answer = upload(member, table())
    assert answer.status_code == 201, answer.text
    return answer.json()
