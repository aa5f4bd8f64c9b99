"""What whole families of files have in common, each shown by the smallest text or table that has it."""

from __future__ import annotations

import pytest

from app.readers.amounts import count_inside, filled_unit
from app.readers.asked import thing_asked
from app.readers.boxes import ticked
from app.readers.calendar import date_of
from app.readers.grid import Grid
from app.readers.sentences import named_in, season_last
from app.readers.title_forms import months_titled
from app.readers.units import measure
from tests.readers.builders import Rows, read, workbook

TITLES = ("Entreprise", "Libellé", "Sens", "Quantité")


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("janv. 24", "1"),
        ("2024-03-01", "3"),
        ("05/2024", "5"),
        ("T1", "1-3"),
        ("4e trim. 2023", "10-12"),
        ("Q2 2024", "4-6"),
        ("2e semestre", "7-12"),
        ("Été", "6-8"),
        ("Q2", ""),
        ("T12", ""),
        ("2024", ""),
        ("Site 1", ""),
    ],
)
def test_a_title_that_is_a_piece_of_the_year_tells_its_months(title: str, months: str) -> None:
    assert months_titled(title) == months


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("☒ je cherche   ☐ je propose", "je cherche"),
        ("☐ je cherche ☐ je propose", "☐"),
        ("[ ] offre [x] besoin", "besoin"),
        ("Oui ☒ Non ☐", "Oui"),
        ("Sens : ☐ entrant ☑ sortant", "Sens : sortant"),
        ("☒ verre ☒ carton ☐ bois", "verre ; carton"),
        ("☒", "x"),
        ("☐", None),
        ("Palettes (x)", "Palettes (x)"),
        ("Béton (sec)", "Béton (sec)"),
    ],
)
def test_boxes_typed_in_one_cell_give_what_is_ticked(cell: str, answer: str | None) -> None:
    assert ticked(Grid(None, [[cell]])).rows == [[answer]]


@pytest.mark.parametrize(
    ("text", "who", "said"),
    [
        ("Biscuiterie Loc Maria propose des brisures", "Biscuiterie Loc Maria", "propose des brisures"),
        ("Ferme Le Bris a besoin de fumier", "Ferme Le Bris", "besoin de fumier"),
        ("Nous cherchons du sable", None, None),
        ("on cherche du sable", None, None),
        ("Brisures de biscuits", None, None),
    ],
)
def test_a_sentence_that_begins_with_a_name_tells_whose_it_is(
    text: str, who: str | None, said: str | None
) -> None:
    assert named_in(text) == (None if who is None else (who, said))


@pytest.mark.parametrize(
    ("text", "thing", "season"),
    [
        ("hangar 250 m² d'octobre à mars", "hangar 250 m²", "d'octobre à mars"),
        ("tontes, de mai à septembre", "tontes", "de mai à septembre"),
        ("pommes d'été", "pommes d'été", ""),
        ("huile de tournesol", "huile de tournesol", ""),
    ],
)
def test_months_at_the_end_of_a_sentence_are_taken_off_its_thing(text: str, thing: str, season: str) -> None:
    assert season_last(text) == (thing, season)


def test_thousands_of_a_unit_containers_with_their_content_and_counts_of_things_are_amounts() -> None:
    thousands, filled = measure("milliers de m3"), filled_unit("bennes de 15 m3")
    assert thousands is not None
    assert (thousands.symbol, thousands.factor, thousands.rest) == ("m3", 1000, "")
    assert filled is not None
    assert (filled.symbol, filled.factor) == ("m3", 15)
    assert filled_unit("bennes") is None
    assert count_inside("Pallets: 50 per month") == ("Pallets", "50 per month")
    assert count_inside("Melt water: 50 m3 per month") is None


def test_a_month_with_a_year_of_two_digits_is_a_date() -> None:
    assert str(date_of("févr-24", "moved_on")) == "2024-02-01"


def quantities(rows: Rows) -> list[float | None]:
    """Return the quantity of each flow of one sheet."""
    flows = read(workbook({"Feuil1": rows})).flows
    return [flow.quantity.value.middle if flow.quantity else None for flow in flows]


def comma_told(rows: Rows) -> bool:
    """Tell whether a reader is asked what a comma means."""
    findings = read(workbook({"Feuil1": rows})).findings
    return any("comma" in str(finding.message) for finding in findings)


def test_a_comma_before_three_digits_separates_thousands_in_an_english_sheet() -> None:
    titles = ("Company", "What we need", "Annual tonnage (t)", "Comments")
    rows: Rows = [
        titles,
        ("Alpha Ltd", "sand for the foundry", "3,400", "per year"),
        ("Alpha Ltd", "lime", "2", ""),
    ]
    assert quantities(rows) == [3400, 2]
    assert not comma_told(rows)


def test_it_is_a_decimal_mark_where_another_number_of_the_sheet_shows_it() -> None:
    rows: Rows = [
        TITLES,
        ("Alpha", "Huiles", "sortant", "3,400 t/an"),
        ("Alpha", "Boues", "sortant", "0,25 t/an"),
    ]
    assert quantities(rows) == [3.4, 0.25]
    assert not comma_told(rows)


def test_it_is_a_thousand_where_another_number_of_a_french_sheet_shows_it() -> None:
    rows: Rows = [
        TITLES,
        ("Alpha", "Huiles", "sortant", "3,400 t/an"),
        ("Alpha", "Boues", "sortant", "1,250.5 t/an"),
    ]
    assert quantities(rows) == [3400, 1250.5]


def test_it_is_asked_about_where_nothing_tells() -> None:
    rows: Rows = [TITLES, ("Alpha", "Huiles", "sortant", "3,400 t/an")]
    assert quantities(rows) == [3.4]
    assert comma_told(rows)


def test_codes_of_companies_are_replaced_by_the_names_that_another_sheet_tells() -> None:
    sites: Rows = [
        ("Code site", "Raison sociale", "Commune"),
        ("S1", "Raffinage", "Donges"),
        ("S2", "Engrais", "Paimbœuf"),
    ]
    flows: Rows = [
        ("Code site", "Flux sortant", "Quantité (t/an)"),
        ("S2", "Soufre", 12),
        ("S9", "Cendres", 3),
    ]
    result = read(workbook({"Sites": sites, "Flux": flows}))
    assert [(flow.site.name, flow.site.city) for flow in result.flows] == [
        ("Engrais", "Paimbœuf"),
        ("S9", ""),
    ]


def test_a_company_cell_of_several_lines_is_cut_into_its_fields() -> None:
    cell = "Laiterie des Combes\n4 rue du Lac\n25300 Pontarlier"
    (flow,) = read(workbook({"Feuil1": [TITLES, (cell, "Lactosérum", "sortant", "3 t/an")]})).flows
    assert (flow.site.name, flow.site.address) == ("Laiterie des Combes", "4 rue du Lac")
    assert (flow.site.postcode, flow.site.city) == ("25300", "Pontarlier")


def test_a_second_line_that_is_no_address_stays_in_the_name() -> None:
    (flow,) = read(workbook({"Feuil1": [TITLES, ("Alpha\nBéton", "Laitance", "sortant", "3 t/an")]})).flows
    assert flow.site.name == "Alpha Béton"


def test_a_cancelled_row_is_told_and_not_read_and_a_damaged_lot_is_read() -> None:
    titles = (*TITLES, "Statut", "État")
    rows: Rows = [
        titles,
        ("Alpha", "Boues", "sortant", "3 t/an", "ANNULÉ", None),
        ("Alpha", "Huiles", "sortant", "2 t/an", "Traité", "périmé"),
    ]
    result = read(workbook({"Feuil1": rows}))
    assert [flow.label for flow in result.flows] == ["Huiles"]
    assert [finding.row for finding in result.findings if "cancelled" in str(finding.message)] == [2]


def test_a_row_with_an_amount_but_no_tick_of_either_direction_is_refused() -> None:
    rows: Rows = [
        ("Entreprise", "Flux", "Entrant", "Sortant", "Quantité (t/an)"),
        ("Alpha", "Acier", "x", None, 3),
        ("Alpha", "Acide", None, None, 30),
    ]
    result = read(workbook({"Feuil1": rows}))
    assert [flow.label for flow in result.flows] == ["Acier"]
    assert [(error.row, error.field) for error in result.errors] == [(3, "direction")]


def test_a_broken_formula_of_any_column_is_told() -> None:
    rows: Rows = [(*TITLES, "Coût (€/t)"), ("Alpha", "Boues", "sortant", "3 t/an", "#REF!")]
    result = read(workbook({"Feuil1": rows}))
    told = [(one.row, one.field) for one in result.findings if "formula" in str(one.message)]
    assert told == [(2, "unit_cost_eur")]


def test_quarters_add_up_to_a_year_and_words_among_them_are_told() -> None:
    rows: Rows = [
        ("Entreprise", "Besoin", "Unité", "T1", "T2", "T3", "T4", "Total 2024"),
        ("Alpha", "Gaz", "MWh", 4, 3, 2, "facture perdue", None),
        ("Alpha", "Eau", "m3", 4, 3, 2, 1, 10),
        ("Alpha", "Bois", "t", 4, "fermé", None, 4, None),
    ]
    result = read(workbook({"Feuil1": rows}))
    assert [flow.quantity.value.middle if flow.quantity else None for flow in result.flows] == [9, 10, 8]
    assert sorted(result.flows[2].active_months) == [1, 2, 3, 10, 11, 12]
    assert [one.row for one in result.findings if "stands among" in str(one.message)] == [2]


def test_facts_in_lines_make_one_row_a_record() -> None:
    facts: Rows = [
        ("Id", "Champ", "Valeur"),
        *(
            ("1", name, value)
            for name, value in (("Entreprise", "Alpha"), ("Besoin", "sable"), ("Commune", "Lyon"))
        ),
        *(
            ("2", name, value)
            for name, value in (("Entreprise", "Bravo"), ("Besoin", "gaz"), ("Commune", "Metz"))
        ),
    ]
    flows = read(workbook({"Feuil1": facts})).flows
    assert [(flow.site.name, flow.label, flow.row) for flow in flows] == [
        ("Alpha", "sable", 2),
        ("Bravo", "gaz", 5),
    ]


def test_an_ordinary_table_of_three_columns_is_not_taken_for_facts() -> None:
    rows: Rows = [("Entreprise", "Besoin", "Commune"), ("Alpha", "sable", "Lyon"), ("Bravo", "gaz", "Metz")]
    assert [flow.label for flow in read(workbook({"Feuil1": rows})).flows] == ["sable", "gaz"]


PIVOT: Rows = [
    ("Somme de Tonnage", None),
    ("Étiquettes de lignes", 2024),
    ("Menuiserie Bossard", 71),
    ("Chutes de bois", 58),
    ("Sciures", 13),
    ("Imprimerie Lorca", 20),
    ("Rognures", 20),
    ("Total général", 91),
]


def test_the_companies_of_a_pivot_are_the_rows_that_those_below_add_up_to() -> None:
    flows = read(workbook({"TCD": PIVOT})).flows
    assert [(flow.site.name, flow.label) for flow in flows] == [
        ("Menuiserie Bossard", "Chutes de bois"),
        ("Menuiserie Bossard", "Sciures"),
        ("Imprimerie Lorca", "Rognures"),
    ]


def test_rows_that_do_not_add_up_make_nobody_a_company() -> None:
    rows = [row if row[0] != "Sciures" else ("Sciures", 12) for row in PIVOT]
    sites = {flow.site.name for flow in read(workbook({"TCD": rows}), "tonnages.xlsx").flows}
    assert "Menuiserie Bossard" not in sites


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("Avez-vous des palettes à donner ?", "palettes"),
        ("Cherchez-vous de la chaleur ?", "chaleur"),
        ("Disposez-vous d'un hangar inutilisé ?", "hangar"),
        ("Do you have any spare pallets to give away?", "pallets"),
        ("Déchets", ""),
        ("Souhaitez-vous être rappelé ?", ""),
    ],
)
def test_a_question_of_yes_or_no_names_what_it_asks_about(title: str, thing: str) -> None:
    assert thing_asked(title) == thing


def test_orders_come_in_and_trips_are_named_by_their_ends() -> None:
    orders: Rows = [
        ("N° commande", "Site", "Article", "Qté", "Unité", "Fournisseur"),
        (1, "Alpha", "sable", 3, "t", "X"),
    ]
    trips: Rows = [
        ("Transporteur", "Départ", "Arrivée", "Trajets / an", "Sens"),
        ("Fret", "Gap", "Metz", 3, "offre"),
    ]
    (order,) = read(workbook({"Feuil1": orders})).flows
    (trip,) = read(workbook({"Feuil1": trips})).flows
    assert (order.label, order.direction.value) == ("sable", "input")
    assert (trip.site.name, trip.label, trip.kind.value) == ("Fret", "Gap → Metz", "transport")


def test_a_company_cell_of_punctuation_alone_breaks_nothing() -> None:
    result = read(workbook({"Feuil1": [TITLES, (",\n;", "Boues", "sortant", "3 t/an")]}))
    assert len(result.flows) + len(result.errors) >= 1


def test_it_is_a_thousand_where_a_dot_is_the_decimal_mark_of_another_number() -> None:
    rows: Rows = [
        TITLES,
        ("Alpha", "Huiles", "sortant", "3,400 t/an"),
        ("Alpha", "Boues", "sortant", "12.5 t/an"),
    ]
    assert quantities(rows) == [3400, 12.5]
    assert not comma_told(rows)
