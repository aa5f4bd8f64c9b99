"""Diagnostic sheets: odd columns, odd cells, rows that are no data."""

from __future__ import annotations

from datetime import datetime

from tests.readers.builders import complaints, read, understood, workbook


def test_a_whole_diagnostic_on_one_sheet() -> None:
    titles = ["Nature", "Libellé", "Quantité", "Unité", "Période"]
    content = workbook(
        {
            "Diagnostic": [
                ["DIAGNOSTIC FLASH"],
                ["Entreprise", "Conserverie Martin"],
                ["Établissement", "Usine de Salon"],
                ["Adresse", "ZI de la Gandonne, 13300 Salon-de-Provence"],
                ["Activité (NAF)", "10.39B"],
                ["Effectif", "85 salariés"],
                [],
                ["FLUX ENTRANTS"],
                [*titles, "Fournisseur actuel"],
                ["Matière", "Tomates", "12 000", "t", "an (juil.-sept.)", "Coop X"],
                ["Emballage", "Bocaux verre", "5 millions", "unités", "an"],
                ["FLUX SORTANTS"],
                [*titles, "Exutoire actuel"],
                ["Déchet", "Peaux de tomates", "800 à 1 000", "t", "an", "Épandage"],
                ["Énergie", "Eaux chaudes 45 °C", "30", "m3", "heure"],
                ["Emballage", "Cartons", "2", "bennes", "mois"],
                ["TOTAL", None, 3],
            ]
        }
    )
    site = "Usine de Salon"
    assert understood(content) == [
        (site, "input", "Tomates", 12000.0, "t"),
        (site, "input", "Bocaux verre", 5_000_000.0, "unité"),
        (site, "output", "Peaux de tomates", 900.0, "t"),
        (site, "output", "Eaux chaudes 45 °C", None, None),
        (site, "output", "Cartons", None, None),
    ]
    result = read(content)
    (place,) = result.sites
    assert (place.company, place.employees, place.activity_code) == ("Conserverie Martin", 85, "10.39B")
    assert place.placed
    assert result.flows[0].months == {7, 8, 9}
    assert (result.flows[2].destination, result.flows[4].comment) == ("Épandage", "2 bennes")
    assert complaints(result, "warning") == [(15, "unit"), (16, "unit")]


def test_titles_that_are_units() -> None:
    content = workbook(
        {
            "F": [["Entreprise", "Déchet", "t/an"], ["A", "Carton", 12]],
            "G": [["Entreprise", "Déchets", "Nb palettes/mois"], ["A", "Palettes", 12]],
        }
    )
    assert understood(content) == [
        ("A", "output", "Carton", 12.0, "t"),
        ("A", "output", "Palettes", 144.0, "palette"),
    ]


def test_numbered_columns_are_flows_of_their_own() -> None:
    content = workbook(
        {
            "F": [
                ["Entreprise", "Déchet 1", "Quantité 1", "Déchet 2", "Quantité 2", "Besoin 1"],
                ["A", "Carton", "12 t/an", "Bois", "3 t/an", "Vapeur"],
                ["B", "Verre", "1 t/an"],
            ]
        }
    )
    assert understood(content) == [
        ("A", "output", "Carton", 12.0, "t"),
        ("A", "output", "Bois", 3.0, "t"),
        ("A", "input", "Vapeur", None, None),
        ("B", "output", "Verre", 1.0, "t"),
    ]


def test_letters_for_directions_and_fractions_for_quantities() -> None:
    content = workbook(
        {
            "F": [
                ["Société", "Type (E/S)", "Désignation", "Quantité"],
                ["A", "E", "Sel", "12 t/an"],
                ["A", "S", "Bois", "1/2 t/an"],
            ]
        }
    )
    assert understood(content) == [("A", "input", "Sel", 12.0, "t"), ("A", "output", "Bois", 0.5, "t")]


def test_a_quantity_that_became_a_date_is_not_believed() -> None:
    content = workbook(
        {
            "F": [
                ["Société", "Sens", "Désignation", "Quantité", "Unité"],
                ["A", "E", "Carton", datetime(2024, 3, 2), "t/an"],
            ]
        }
    )
    result = read(content)
    assert result.flows[0].quantity is None
    assert (2, "quantity") in complaints(result, "warning")


def test_examples_and_rows_that_say_nothing_are_no_flows() -> None:
    content = workbook(
        {
            "F": [
                ["Société", "Sens", "Désignation", "Quantité"],
                ["Exemple SA", "S", "Bois", "1 t/an"],
                ["A", "S", "Néant"],
                ["B", "S", "Bois", "2 t/an"],
            ]
        }
    )
    assert understood(content) == [("B", "output", "Bois", 2.0, "t")]


def test_lines_inside_cells_go_together() -> None:
    content = workbook(
        {"F": [["Société", "Sens", "Désignation", "Quantité"], ["B", "S", "Bois\nFer", "1 t/an\n2 t/an"]]}
    )
    assert understood(content) == [("B", "output", "Bois", 1.0, "t"), ("B", "output", "Fer", 2.0, "t")]


def test_the_direction_told_only_by_the_document_title() -> None:
    title = "LISTE DES DÉCHETS DU PARC DES PALUDS – 2023"
    rows = [["Entreprise", "Commune", "Désignation", "Quantité"], ["A", "Aubagne", "Carton", "12 t/an"]]
    assert understood(workbook({"Feuil1": [[title], [], *rows]})) == [("A", "output", "Carton", 12.0, "t")]
    both = workbook({"Feuil1": [["Recensement des besoins et des surplus"], [], *rows]})
    assert complaints(read(both), "error") == [(4, "direction")]


def test_the_separator_line_of_a_spreadsheet_is_followed() -> None:
    text = "sep=;\r\nEntreprise;CP;Ville;Flux;Sens;Quantité\r\n"
    text += "A;6700;St Laurent du Var;Bois;sortant;1,5 t\r\n"
    result = read(text.encode("cp1252"), "a.csv")
    assert [flow.row for flow in result.flows] == [3]
    assert result.sites[0].postcode == "06700"
    assert result.sites[0].placed


def test_a_dot_before_three_digits_is_said_to_separate_thousands() -> None:
    content = workbook(
        {"F": [["Entreprise", "Flux", "Sens", "Quantité"], ["A", "Bois", "sortant", "12.000 kg/an"]]}
    )
    assert understood(content) == [("A", "output", "Bois", 12000.0, "kg")]
    assert (2, "quantity") in complaints(read(content), "info")


def test_rows_whose_words_are_also_titles_stay_rows() -> None:
    rows = [["Établissement", "Commune", "Désignation", "Sens", "Quantité", "Unité"]]
    rows += [[f"Site {n}", "Istres", f"Déchet {n}", "Sortant", str(n), "t/an"] for n in range(1, 6)]
    rows += [
        ["Usine", "Istres", "Transport", "Entrant", "", ""],
        ["Site", "Istres", "Matériel", "Entrant", "2", "unités"],
    ]
    found = understood("\n".join(";".join(row) for row in rows), "f.csv")
    assert [flow[0] for flow in found] == [*(f"Site {n}" for n in range(1, 6)), "Usine", "Site"]
