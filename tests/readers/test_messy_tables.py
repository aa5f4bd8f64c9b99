"""Where tables of a real workbook lie: side by side, on their side, below each other, under many titles."""

from __future__ import annotations

import pytest

from tests.readers.builders import complaints, read, understood, workbook

FIELDS = ["Entreprise", "Ville", "Flux", "Sens", "Quantité", "Unité", "Période"]


def test_group_titles_above_the_header() -> None:
    content = workbook(
        {
            "F": [
                [None, None, "Entrants", None, None, "Sortants"],
                ["Société", "Commune", "Nature", "Quantité", "Unité", "Nature", "Quantité", "Unité"],
                ["Alpha", "Fos-sur-Mer", "Acier", 100, "t/an", "Ferraille", 10, "t/an"],
                ["Beta", "Istres", None, None, None, "Boues", "5", "t/mois"],
            ]
        },
        merged={"F": ["C1:E1", "F1:H1"]},
    )
    assert understood(content) == [
        ("Alpha", "input", "Acier", 100.0, "t"),
        ("Alpha", "output", "Ferraille", 10.0, "t"),
        ("Beta", "output", "Boues", 60.0, "t"),
    ]


def test_two_tables_beside_each_other_under_one_company() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise : Gamma"],
                ["ENTRANTS", None, None, None, "SORTANTS"],
                ["Désignation", "Quantité", "Unité", None, "Désignation", "Quantité", "Unité"],
                ["Farine", 10, "t/an", None, "Pain invendu", 200, "kg/semaine"],
                ["Eau", 300, "m3/an"],
            ]
        }
    )
    assert understood(content) == [
        ("Gamma", "input", "Farine", 10.0, "t"),
        ("Gamma", "output", "Pain invendu", 10400.0, "kg"),
        ("Gamma", "input", "Eau", 300.0, "m3"),
    ]


def test_ticks_in_columns_of_inputs_and_outputs() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise", "Flux", "Entrant", "Sortant", "Quantité annuelle", "Unité"],
                ["Alpha", "Bois", None, "x", 10, "t"],
                ["Beta", "Bois", "X", None, 20, "tonnes"],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha", "output", "Bois", 10.0, "t"),
        ("Beta", "input", "Bois", 20.0, "t"),
    ]


def test_one_column_a_resource() -> None:
    content = workbook(
        {
            "Déchets 2023": [
                ["Entreprise", "Ville", "Carton (t/an)", "Palettes (u/mois)", "Bois (t)"],
                ["Alpha", "Vitrolles", 12, 30, None],
                ["Beta", "Marignane", 5, 0, 3.5],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha", "output", "Carton", 12.0, "t"),
        ("Alpha", "output", "Palettes", 360.0, "unité"),
        ("Beta", "output", "Carton", 5.0, "t"),
        ("Beta", "output", "Bois", 3.5, "t"),
    ]


def test_a_table_that_lies_on_its_side() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise", "Alpha", "Beta"],
                ["Ville", "Vitrolles", "Istres"],
                ["Sens", "Sortant", "Entrant"],
                ["Ressource", "Sciure", "Litière"],
                ["Quantité", "12 t/an", "30 t/an"],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha", "output", "Sciure", 12.0, "t"),
        ("Beta", "input", "Litière", 30.0, "t"),
    ]


def test_hidden_rows_and_sheets_are_left_out_and_said() -> None:
    shown = ["A", "Istres", "Bois", "sortant", 1, "t", "an"]
    content = workbook(
        {"F": [FIELDS, shown, ["A", "Istres", "Vieux", "sortant", 9, "t", "an"]],
         "Brouillon": [FIELDS, ["B", "Istres", "Fer", "sortant", 2, "t", "an"]]},
        hidden_rows={"F": [3]},
        hidden_sheets=["Brouillon"],
    )  # fmt: skip
    assert understood(content) == [("A", "output", "Bois", 1.0, "t")]
    result = read(content)
    assert complaints(result, "warning") == [(3, "")]
    assert [finding.sheet for finding in result.findings if finding.row is None] == ["Brouillon"]


def test_rows_that_only_a_filter_hides_are_data_all_the_same() -> None:
    rows: list[list[object]] = [
        [*FIELDS],
        ["A", "Istres", "Bois", "sortant", 1, "t", "an"],
        ["B", "Istres", "Fer", "sortant", 2, "t", "an"],
    ]
    content = workbook({"F": rows}, hidden_rows={"F": [3]}, filters={"F": "A1:G3"})
    assert [flow[2] for flow in understood(content)] == ["Bois", "Fer"]


def test_sites_in_a_sheet_of_their_own() -> None:
    content = workbook(
        {
            "Entreprises": [
                ["Entreprise", "Adresse", "CP", "Ville", "SIRET", "Code NAF", "Effectif"],
                ["A", "1 rue X", "13127", "Vitrolles", "44306184100047", "31.09B", 12],
                ["B", "2 rue Y", "13800", "Istres", None, None, 5],
            ],
            "Flux sortants": [["Entreprise", "Désignation", "Quantité annuelle (t)"], ["A", "Sciure", 12]],
            "Flux entrants": [["Entreprise", "Désignation", "Quantité annuelle (t)"], ["B", "Sciure", 12]],
        }
    )
    assert understood(content) == [("A", "output", "Sciure", 12.0, "t"), ("B", "input", "Sciure", 12.0, "t")]
    assert [(site.name, site.city, site.employees) for site in read(content).sites] == [
        ("A", "Vitrolles", 12),
        ("B", "Istres", 5),
    ]


def test_blocks_of_companies_below_each_other() -> None:
    content = workbook(
        {
            "Feuil1": [
                ["Entreprise : Alpha", None, "Ville : Vitrolles"],
                ["Flux", "Sens", "Quantité"],
                ["Sciure", "sortant", "12 t/an"],
                [],
                ["Entreprise : Beta", None, "Ville : Istres"],
                ["Flux", "Sens", "Quantité"],
                ["Boues", "sortant", "3 t/an"],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha", "output", "Sciure", 12.0, "t"),
        ("Beta", "output", "Boues", 3.0, "t"),
    ]
    assert [site.city for site in read(content).sites] == ["Vitrolles", "Istres"]


@pytest.mark.parametrize("merged", [{}, {"Feuil1": ["A2:D2", "A4:D4"]}])
def test_company_names_on_rows_of_their_own(merged: dict[str, list[str]]) -> None:
    content = workbook(
        {
            "Feuil1": [
                ["Ressource", "Type", "Quantité", "Unité"],
                ["ALPHA SARL"],
                ["Sciure", "Sortant", "12", "t/an"],
                ["BETA SA"],
                ["Malt", "Entrant", "4", "t/an"],
            ]
        },
        merged=merged,
    )
    assert understood(content) == [
        ("ALPHA SARL", "output", "Sciure", 12.0, "t"),
        ("BETA SA", "input", "Malt", 4.0, "t"),
    ]


def test_a_company_named_only_in_the_title() -> None:
    rows = [["Flux", "Sens", "Quantité"], ["Drêches", "sortant", "12 t/an"]]
    titles = ["BRASSERIE DES CALANQUES", "Diagnostic de flux – BRASSERIE DES CALANQUES – 12/03/2024"]
    for title in titles:
        content = workbook({"Feuil1": [[title], *rows]})
        assert understood(content) == [("BRASSERIE DES CALANQUES", "output", "Drêches", 12.0, "t")]
    by_file = understood(workbook({"Feuil1": rows}), "Brasserie_des_Calanques.xlsx")
    assert [flow[0] for flow in by_file] == ["Brasserie des Calanques"]


def test_a_list_without_header_under_section_titles() -> None:
    content = workbook(
        {
            "Flux": [
                ["Entreprise : Alpha SARL"],
                ["Nos déchets"],
                ["- Cartons : 12 t/an"],
                ["- Palettes cassées", "30 / mois"],
                ["Nos besoins"],
                ["Un soudeur 2 j/semaine"],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha SARL", "output", "Cartons", 12.0, "t"),
        ("Alpha SARL", "output", "Palettes cassées", 360.0, "palette"),
        ("Alpha SARL", "input", "Un soudeur", 104.0, "jour"),
    ]


def test_key_lines_above_tables_with_their_own_sections() -> None:
    content = workbook(
        {
            "Fiche": [
                ["Entreprise :", "Laiterie du Rove"],
                ["Adresse : 3 chemin du Lait, 13740 Le Rove"],
                ["Date", "12/03/2024", "Interlocuteur", "Mme Petit"],
                [],
                ["Flux sortants"],
                ["Désignation", "Quantité", "Fréquence"],
                ["Lactosérum", "20 m3", "jour (5j/7)"],
                [],
                ["Flux entrants"],
                ["Désignation", "Quantité", "Fréquence"],
                ["Cartons", "10 t", "annuel"],
            ]
        }
    )
    assert understood(content) == [
        ("Laiterie du Rove", "output", "Lactosérum", 5200.0, "m3"),
        ("Laiterie du Rove", "input", "Cartons", 10.0, "t"),
    ]
    flow = read(content).flows[0]
    assert (flow.contact, str(flow.collected_on)) == ("Mme Petit", "2024-03-12")
    assert flow.site.placed
