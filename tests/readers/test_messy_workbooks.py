"""Workbooks as people have them, each with what a careful human would read."""

from __future__ import annotations

from tests.readers.builders import complaints, read, understood, workbook


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
