"""Workbooks as people have them, each with what a careful human would read."""

from __future__ import annotations

import pytest

from matching.model import Kind
from tests.readers.builders import complaints, read, understood, workbook

FIELDS = ["Entreprise", "Ville", "Flux", "Sens", "Quantité", "Unité", "Période"]


def test_a_title_block_above_and_a_total_below() -> None:
    content = workbook(
        {
            "Feuil1": [
                ["Diagnostic de flux – ZI des Paluds – 2024"],
                ["mis à jour le 12/03/2024"],
                [],
                ["Entreprise", "Ville", "Flux", "Entrant/Sortant", "Quantité (t/an)"],
                ["Menuiserie Dupont", "Aubagne", "Sciure", "Sortant", "12,5"],
                ["Élevage Martin", "Gémenos", "Litière", "Entrant", 30],
                ["Total", None, None, None, 42.5],
            ]
        }
    )
    assert understood(content) == [
        ("Menuiserie Dupont", "output", "Sciure", 12.5, "t"),
        ("Élevage Martin", "input", "Litière", 30.0, "t"),
    ]
    assert [flow.row for flow in read(content).flows] == [5, 6]


def test_one_sheet_a_direction_with_companies_left_blank_below_the_first() -> None:
    fields = ["Entreprise", "CP", "Ville", "Désignation", "Quantité", "Unité", "Fréquence"]
    content = workbook(
        {
            "Déchets": [
                fields,
                ["Brasserie X", 13400, "Aubagne", "Drêches", "2 à 3", "t", "mois"],
                [None, None, None, "Cartons", "env. 500", "kg", "semaine"],
            ],
            "Besoins": [
                fields,
                ["Brasserie X", 13400, "Aubagne", "Vapeur", "1 200,5 MWh/an"],
                ["Ferme Y", 13190, "Allauch", "Alimentation bétail", "12.000 kg/an"],
            ],
        }
    )
    assert understood(content) == [
        ("Brasserie X", "output", "Drêches", 30.0, "t"),
        ("Brasserie X", "output", "Cartons", 26000.0, "kg"),
        ("Brasserie X", "input", "Vapeur", 1200.5, "MWh"),
        ("Ferme Y", "input", "Alimentation bétail", 12000.0, "kg"),
    ]
    assert [site.city for site in read(content).sites] == ["Aubagne", "Allauch"]


def test_merged_company_cells_and_a_quantity_in_lorries() -> None:
    content = workbook(
        {
            "Flux": [
                ["Entreprise", "Adresse", "Nature du flux", "Libellé", "Qté", "Sens"],
                [
                    "SAS Alpha",
                    "12 rue de Rome, 13127 Vitrolles",
                    "Emballage",
                    "Film étirable",
                    "3 camions/mois",
                    "S",
                ],
                [None, None, "Compétence", "Cariste", "0,5 ETP", "E"],
                ["Beta", "Vitrolles", "Matière", "Copeaux", "n.c.", "S"],
            ]
        },
        merged={"Flux": ["A2:A3", "B2:B3"]},
    )
    assert understood(content) == [
        ("SAS Alpha", "output", "Film étirable", None, None),
        ("SAS Alpha", "input", "Cariste", 0.5, "ETP"),
        ("Beta", "output", "Copeaux", None, None),
    ]
    result = read(content)
    assert complaints(result, "warning") == [(2, "unit")]
    assert result.flows[0].comment == "3 camions/mois"
    assert all(site.placed for site in result.sites)


def test_a_questionnaire_in_two_columns() -> None:
    content = workbook(
        {
            "Réponse": [
                ["Questionnaire EIT"],
                ["Raison sociale", "Conserverie du Sud"],
                ["SIRET", "443 061 841 00047"],
                ["Code postal", "13500"],
                ["Ville", "Martigues"],
                ["Effectif", "35"],
                [],
                ["Vos déchets"],
                ["Type de déchet", "Déchets de poisson"],
                ["Quantité", "4 t/mois"],
                ["Type de déchet", "Cartons"],
                ["Quantité", 500],
                ["Unité", "kg"],
                ["Fréquence", "hebdomadaire"],
                [],
                ["Vos besoins"],
                ["Ressource", "Froid négatif"],
                ["Quantité", "200 MWh/an"],
            ]
        }
    )
    assert understood(content) == [
        ("Conserverie du Sud", "output", "Déchets de poisson", 48.0, "t"),
        ("Conserverie du Sud", "output", "Cartons", 26000.0, "kg"),
        ("Conserverie du Sud", "input", "Froid négatif", 200.0, "MWh"),
    ]
    (site,) = read(content).sites
    assert (site.siret, site.employees, site.city) == ("44306184100047", 35, "Martigues")


def test_questions_in_plain_words_with_lists_for_answers() -> None:
    content = workbook(
        {
            "Rep": [
                ["Nom de votre entreprise ?", "Delta"],
                ["Où êtes-vous situé ?", "13500 Martigues"],
                ["Quels déchets produisez-vous ?", "cartons (2 t/mois) ; palettes cassées ; huiles usagées"],
                ["Que pourriez-vous donner ?", "Rien"],
                ["De quoi avez-vous besoin ?", "Chaleur 500 MWh/an\nun local de 200 m²"],
            ]
        }
    )
    assert understood(content) == [
        ("Delta", "output", "cartons", 24.0, "t"),
        ("Delta", "output", "palettes cassées", None, None),
        ("Delta", "output", "huiles usagées", None, None),
        ("Delta", "input", "Chaleur", 500.0, "MWh"),
        ("Delta", "input", "un local de 200 m²", 200.0, "m2"),
    ]


def test_one_sheet_a_company_with_section_titles_and_subtotals() -> None:
    fields = ["Ressource", "Quantité", "Unité", "Période"]
    content = workbook(
        {
            "Brasserie des Calanques": [
                fields,
                ["Déchets"],
                ["Drêches", 120, "t", "an"],
                ["Déchets verts", 3, "t", "an"],
                ["Sous-total", 123],
                ["Besoins"],
                ["Malt", 400, "t", "an"],
            ],
            "Ferme du Lac": [
                fields,
                ["Ressources recherchées"],
                ["Drêches", 100, "t", "an"],
                ["Nous donnons"],
                ["Fumier", 50, "t", "an"],
            ],
        }
    )
    assert understood(content) == [
        ("Brasserie des Calanques", "output", "Drêches", 120.0, "t"),
        ("Brasserie des Calanques", "output", "Déchets verts", 3.0, "t"),
        ("Brasserie des Calanques", "input", "Malt", 400.0, "t"),
        ("Ferme du Lac", "input", "Drêches", 100.0, "t"),
        ("Ferme du Lac", "output", "Fumier", 50.0, "t"),
    ]


def test_needs_and_offers_side_by_side() -> None:
    content = workbook(
        {
            "Atelier": [
                ["Participant", "Ce que je cherche", "Ce que je donne"],
                ["Alpha", "Palettes bois", "Cartons (12 t/an)"],
                ["Gamma", None, "Eau tiède 40 m3/jour"],
            ]
        }
    )
    assert understood(content) == [
        ("Alpha", "input", "Palettes bois", None, None),
        ("Alpha", "output", "Cartons", 12.0, "t"),
        ("Gamma", "output", "Eau tiède", 14600.0, "m3"),
    ]


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
    assert [flow.label for flow in result.flows] == ["Bois"]
    assert complaints(result, "error") == [(3, "quantity"), (4, "direction"), (5, "quantity"), (6, "unit")]


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
