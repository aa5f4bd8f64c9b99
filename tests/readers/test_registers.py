"""Registers of waste movements, as the national tracking service exports them."""

from __future__ import annotations

from matching.model import Direction, Reliability
from tests.readers.builders import complaints, read, understood, workbook

HEADER = (
    "N° de bordereau,Date d'expédition,Dénomination usuelle,Code du déchet,Déchet dangereux,"
    "Quantité de déchet,"
    "Expéditeur raison sociale,Expéditeur SIRET,Expéditeur adresse,"
    "Transporteur raison sociale,Transporteur SIRET ou numéro de TVA le cas échéant,"
    "Destination raison sociale,Destination SIRET,Code opération réalisé\n"
)
SENDER = (
    'GARAGE DU PORT,44306184100047,"1 quai du Port 13002 Marseille",TRANS SA,12345678901234,'
    "TRAITEMENT SA,99,R9\n"
)
LOADS = (
    f"BSD-1,2024-01-10,Huiles usagées,13 02 05*,O,1.250,{SENDER}"
    f"BSD-2,2024-11-10,Huiles usagées,13 02 05*,O,1.75,{SENDER}"
    f"BSD-3,2024-06-01,Solvants,14 06 03*,O,0.4,{SENDER}"
)


def test_movements_of_one_waste_are_one_yearly_flow_in_tonnes() -> None:
    assert understood(HEADER + LOADS, "registre.csv") == [
        ("GARAGE DU PORT", "output", "Huiles usagées", 3.0, "t"),
        ("GARAGE DU PORT", "output", "Solvants", 0.4, "t"),
    ]


def test_the_sender_is_the_site_and_the_other_companies_are_not() -> None:
    result = read(HEADER + LOADS, "registre.csv")
    (site,) = result.sites
    assert (site.siret, site.placed) == ("44306184100047", True)
    oils = result.flows[0]
    assert (oils.waste_code, oils.hazardous, oils.direction) == ("130205", True, Direction.OUTPUT)
    assert (oils.destination, oils.reliability) == ("TRAITEMENT SA", Reliability.INVOICE)
    assert complaints(result, "error") == []


def test_a_register_of_two_years_gives_the_mean_year() -> None:
    rows: list[list[object]] = [["Producteur", "Date d'enlèvement", "Déchet", "Tonnage (t)"]]
    rows += [["A", f"{day}/2023", "Boues", 10.0] for day in ("15/01", "15/07")]
    rows += [["A", f"{day}/2024", "Boues", 10.0] for day in ("15/01", "15/07", "31/12")]
    (flow,) = read(workbook({"Registre": rows})).flows
    assert flow.quantity is not None
    assert 24 < flow.quantity.value.low < 27


def test_a_register_of_a_few_weeks_is_pointed_out() -> None:
    rows: list[list[object]] = [["Producteur", "Date d'enlèvement", "Déchet", "Tonnage (t)"]]
    rows += [["A", f"{day}/03/2024", "Boues", "2,5"] for day in ("01", "15")]
    result = read(workbook({"Registre": rows}))
    assert [flow.quantity.value.low for flow in result.flows if flow.quantity] == [5.0]
    assert (2, "quantity") in complaints(result, "warning")


def test_loads_of_different_producers_stay_apart() -> None:
    rows: list[list[object]] = [["Producteur", "Date d'enlèvement", "Déchet", "Tonnage (t)"]]
    rows += [["A", "01/03/2024", "Boues", 1], ["B", "01/03/2024", "Boues", 2]]
    assert [flow[3] for flow in understood(workbook({"R": rows}))] == [1.0, 2.0]
