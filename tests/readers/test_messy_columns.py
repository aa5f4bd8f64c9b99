"""What columns and rows of a real workbook hold: months, places, twins, seasons, codes, what is left out."""

from __future__ import annotations

import pytest

from matching.model import Kind
from tests.readers.builders import complaints, read, understood, workbook

FIELDS = ["Entreprise", "Ville", "Flux", "Sens", "Quantité", "Unité", "Période"]


def test_one_column_a_month_and_one_column_a_year() -> None:
    months = ["Janv", "Fév", "Mars", "Avril", "Mai", "Juin", "Juil", "Août", "Sept", "Oct", "Nov", "Déc"]
    content = workbook(
        {
            "Mois": [
                ["Entreprise", "Déchet", "Unité", *months, "Total"],
                ["A", "Carton", "t", *[1] * 7, 0, *[1] * 4, 11],
            ],
            "Années": [
                ["Entreprise", "Déchet", "Unité", 2022, 2023],
                ["A", "Verre", "t", 3, 5],
                ["A", "Bois", "t", 4, None],
            ],
        }
    )
    assert understood(content) == [
        ("A", "output", "Carton", 11.0, "t"),
        ("A", "output", "Verre", 5.0, "t"),
        ("A", "output", "Bois", 4.0, "t"),
    ]
    assert 8 not in read(content).flows[0].active_months


def test_a_csv_file_pasted_into_one_column() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise;Ville;Flux;Sens;Quantité"],
                ["A;Istres;Bois;sortant;12,5 t/an"],
                ["B;Istres;Bois;entrant;10 t/an"],
            ]
        }
    )
    assert understood(content) == [("A", "output", "Bois", 12.5, "t"), ("B", "input", "Bois", 10.0, "t")]


def test_coordinates_and_siret_in_the_ways_of_spreadsheets() -> None:
    content = workbook(
        {
            "F": [
                ["Raison sociale", "SIRET", "Coordonnées GPS", "Flux", "Sens", "Quantité"],
                ["Alpha", 4.43061841e13, "43.4380, 5.2560", "Bois", "Sortant", "1 t/an"],
                ["Beta", 44306184100047, "43,4380 ; 5,2560", "Bois", "Entrant", "1 t/an"],
                ["Gamma", "12345678901234", None, "Bois", "Entrant", "1 t/an"],
            ]
        }
    )
    result = read(content)
    assert [(site.name, site.siret, site.lon) for site in result.sites] == [
        ("Alpha", "", 5.256),
        ("Beta", "44306184100047", 5.256),
    ]
    assert complaints(result, "warning") == [(2, "siret")]
    assert complaints(result, "error") == [(4, "siret")]


def test_swapped_coordinates_are_mended_in_a_free_table_and_lambert_metres_converted() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise", "Latitude", "Longitude", "Flux", "Sens"],
                ["Alpha", 5.256, 43.438, "Bois", "Sortant"],
                ["Beta", 6250000, 893000, "Bois", "Sortant"],
            ]
        }
    )
    result = read(content)
    assert [(round(site.lon or 0, 2), round(site.lat or 0, 2)) for site in result.sites] == [
        (5.26, 43.44),
        (5.38, 43.32),
    ]
    assert (2, "lon") in complaints(result, "warning")


def test_doubles_of_a_free_table_are_read_once() -> None:
    row = ["A", "Istres", "Bois", "sortant", 10, "t", "an"]
    result = read(workbook({"F": [FIELDS, row, row, [*row[:4], 11, "t", "an"]]}))
    assert [flow.row for flow in result.flows] == [2, 4]
    assert complaints(result, "warning") == [(3, "label")]


def test_bad_rows_of_a_free_table_are_left_out_and_the_others_kept() -> None:
    content = workbook(
        {
            "F": [
                FIELDS,
                ["A", "Istres", "Bois", "sortant", 10, "t", "an"],
                ["A", "Istres", "Fer", "sortie", -5, "t", "an"],
                ["B", "Istres", "Sable", "??", 5, "t", "an"],
                ["B", "Istres", "Eau", "entrant", "NaN", "m3", "an"],
                ["B", "Istres", "Verre", "entrant", 5, "brouettes", "an"],
            ]
        }
    )
    result = read(content)
    assert [flow.label for flow in result.flows] == ["Bois", "Verre"]
    assert complaints(result, "error") == [(3, "quantity"), (4, "direction"), (5, "quantity")]


def test_a_flow_whose_unit_nobody_knows_is_kept_without_its_quantity() -> None:
    result = read(workbook({"F": [FIELDS, ["B", "Istres", "Verre", "entrant", 5, "brouettes", "an"]]}))
    (flow,) = result.flows
    assert flow.quantity is None
    assert "5 brouettes" in flow.comment
    (told,) = [f for f in result.findings if f.severity == "warning" and f.field == "unit"]
    assert "5 brouettes" in str(told.message)


def test_season_temperature_cost_and_what_cannot_be_kept_goes_to_the_comment() -> None:
    content = workbook(
        {
            "F": [
                [
                    "Société",
                    "Flux",
                    "E/S",
                    "Quantité",
                    "Saisonnalité",
                    "Température (°C)",
                    "Coût (€/t)",
                    "Dangereux",
                    "Fin de contrat",
                ],
                ["A", "Eau chaude", "S", "40 m3", "oct.-mars", "60-70 °C", "-12,5 €", "non", "31/12/2026"],
                ["A", "Marc", "S", "150 à 200 t", "septembre à octobre", None, "45 €/t", "N", "un jour"],
            ]
        }
    )
    warm, pomace = read(content).flows
    assert warm.months == {10, 11, 12, 1, 2, 3}
    assert warm.temperature_c is not None
    assert warm.unit_cost_eur is not None
    assert (warm.temperature_c.low, warm.temperature_c.high, warm.unit_cost_eur.low) == (60, 70, -12.5)
    assert (warm.hazardous, str(warm.contract_end)) == (False, "2026-12-31")
    assert pomace.comment == "contract_end: un jour"


def test_percentages_of_a_spreadsheet() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(
        io.BytesIO(
            workbook({"F": [["Entreprise", "Flux", "Sens", "Humidité"], ["A", "Boue", "Sortant", 0.6]]})
        )
    )
    book["F"]["D2"].number_format = "0 %"
    stream = io.BytesIO()
    book.save(stream)
    (flow,) = read(stream.getvalue()).flows
    assert flow.moisture_pct is not None
    assert flow.moisture_pct.low == pytest.approx(60)


def test_a_type_column_that_holds_directions_is_the_direction() -> None:
    text = "company,city,resource,type,amount,unit,frequency\n"
    text += "Acme,Marseille,Wood pallets,output,10,pallets,weekly\n"
    assert understood(text, "x.csv") == [("Acme", "output", "Wood pallets", 520.0, "palette")]


def test_answers_to_an_online_form() -> None:
    text = (
        "Horodateur,Nom de l'entreprise,Commune,Que recherchez-vous ?,Que pouvez-vous proposer ?,Email\n"
        '2024/03/12 10:00:00,Alpha,Vitrolles,"palettes; cartons",Sciure (12 t/an),a@b.fr\n'
        "2024/03/13 10:00:00,Beta,Istres,,Boues,b@b.fr\n"
    )
    assert understood(text, "reponses.csv") == [
        ("Alpha", "input", "palettes", None, None),
        ("Alpha", "input", "cartons", None, None),
        ("Alpha", "output", "Sciure", 12.0, "t"),
        ("Beta", "output", "Boues", None, None),
    ]


def test_a_waste_code_without_label_names_the_flow() -> None:
    content = workbook(
        {"F": [["Entreprise", "Code déchet", "Désignation", "Tonnage"], ["A", "15 01 03", None, 4]]}
    )
    (flow,) = read(content).flows
    assert (flow.kind, flow.waste_code, flow.is_output) == (Kind.PACKAGING, "150103", True)
    assert "bois" in flow.label.lower()


def test_help_and_list_sheets_are_no_data() -> None:
    content = workbook(
        {"Flux": [FIELDS, ["A", "Istres", "Bois", "sortant", 1, "t", "an"]],
         "Aide": [FIELDS, ["Exemple", "Ville", "Bois", "sortant", 1, "t", "an"]],
         "Listes": [["Sens"], ["entrant"], ["sortant"]]}
    )  # fmt: skip
    assert [flow[0] for flow in understood(content)] == ["A"]
