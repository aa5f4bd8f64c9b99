"""Files written after the reader was mended, to see what it makes of files it never met."""

from __future__ import annotations

from tests.readers.shapes.maker import F, S, Shape, Sheet

SHAPES = {
    "audit_energie_eau": Shape(
        {
            "Synthèse": Sheet([["Audit 2023"], ["Voir onglet Détail"]]),
            "Détail fluides": Sheet(
                [
                    ["Client : Blanchisserie des Volcans (Clermont-Ferrand, 63100)"],
                    ["Auditeur : bureau d’études", None, None, "Relevés du 1er janvier au 31 décembre"],
                    [],
                    [
                        "Poste",
                        "Consommation annuelle",
                        "Unité",
                        "Rejet annuel",
                        "Unité",
                        "Temp. de rejet (°C)",
                    ],
                    ["Eau de ville", 42000, "m3", 39500, "m3", 38],
                    ["Gaz naturel", 5100, "MWh", None, None, None],
                    ["Vapeur", None, None, 800, "MWh", "90 à 95"],
                    ["Lessives", 61, "t", None, None, None],
                ]
            ),
        }
    ),
    "tour_de_table": Shape(
        {
            "Compte rendu": Sheet(
                [
                    ["Compte rendu de l’atelier du 14 mars – Zone de Kergaradec"],
                    [],
                    ["Participant", "Commune", "J’ai (à donner, à vendre)", "Il me faut", "Contact"],
                    [
                        "Jardinerie Ty Glas",
                        "Gouesnou",
                        "Pots plastiques (environ 2 t par an)",
                        "Compost criblé 50 m3/an",
                        "M. Le Roux, 02 98 00 00 01",
                    ],
                    [
                        "Brasserie Ar Mor",
                        "Brest",
                        "Drêches : 6 t/semaine\nLevures : 300 L/semaine",
                        None,
                        "Mme Kerdraon",
                    ],
                    ["Pôle nautique", "Brest", "voiles réformées", "atelier couvert, 150 m²", None],
                ]
            )
        }
    ),
    "achats_groupes": Shape(
        rows=[
            ["sep=;"],
            [
                "Etablissement",
                "Code INSEE",
                "Commune",
                "Famille d'achat",
                "Fournisseur actuel",
                "Volume",
                "Unité",
                "Dépense annuelle (€ HT)",
            ],
            [
                "Clinique du Parc",
                "34172",
                "Montpellier",
                "Papier A4",
                "Bureau Vert",
                "1 200",
                "ramettes",
                "5 400",
            ],
            ["Clinique du Parc", "34172", "Montpellier", "Gaz propane", "Gazéa", "18", "t", "21 600"],
            [
                "EHPAD Les Pins",
                "34057",
                "Castelnau-le-Lez",
                "Granulés bois",
                "Bois du Sud",
                "95",
                "tonnes",
                "33 250",
            ],
            ["TOTAL", "", "", "", "", "", "", "60 250"],
        ],
        encoding="cp1252",
    ),
    "bilan_carriere": Shape(
        {
            "2023": Sheet(
                [
                    ["SITE", "SABLIÈRE DU VAL"],
                    ["COMMUNE", "Decize (58300)"],
                    ["EFFECTIF", "14 personnes"],
                    [],
                    [None, "Nature", "Quantité 2023", "Quantité 2022", "Devenir / origine"],
                    [S("ENTRANTS", bold=True), "GNR", "85 m³", "91 m³", "fournisseur local"],
                    [None, "Déchets inertes (remblai)", "22 000 t", "18 500 t", "chantiers BTP"],
                    [S("SORTANTS", bold=True), "Sables lavés", "140 000 t", "152 000 t", "vente"],
                    [None, "Fines argileuses", "9 500 t", "10 200 t", "stockées sur site"],
                    [None, "Bandes transporteuses usées", "3,2 t", "2,8 t", "centre de tri"],
                ],
                merged=["A6:A7", "A8:A10"],
            )
        }
    ),
    "export_erp": Shape(
        rows=[
            ["COD_ETAB", "LIB_ETAB", "CP_ETAB", "VILLE_ETAB", "COD_DECHET", "LIB_DECHET", "QTE_KG", "AN"],
            ["E01", "SITE DE LENS", "62300", "LENS", "150101", "EMB PAPIER CARTON", "84320.0", "2023"],
            ["E01", "SITE DE LENS", "62300", "LENS", "150103", "EMB BOIS", "12010.0", "2023"],
            ["E02", "SITE DE BETHUNE", "62400", "BETHUNE", "200138", "BOIS", "7455.5", "2023"],
            ["E02", "SITE DE BETHUNE", "62400", "BETHUNE", "130205", "HUILES MOTEUR", "640.0", "2023"],
        ],
        encoding="utf-8",
        delimiter="|",
    ),
    "competences_materiel": Shape(
        {
            "Mutualisation": Sheet(
                [
                    ["Mutualisation de compétences et de matériel"],
                    [
                        "Qui ?",
                        "Où ?",
                        "Quoi ?",
                        "Offre ou demande ?",
                        "Combien de temps ?",
                        "À quelle période ?",
                        "Tarif",
                    ],
                    [
                        "Chaudronnerie Vimeu",
                        "Friville-Escarbotin",
                        "Soudeur TIG",
                        "Offre",
                        "2 jours par semaine",
                        "mai à août",
                        "45 €/h",
                    ],
                    [
                        "Fonderie Bresle",
                        "Ault",
                        "Responsable QSE",
                        "Demande",
                        "1 jour par semaine",
                        None,
                        None,
                    ],
                    [
                        "Serrurerie Picarde",
                        "Friville-Escarbotin",
                        "Nacelle 12 m",
                        "Offre",
                        "10 jours par an",
                        "hors été",
                        "180 €/jour",
                    ],
                    [
                        "Robinetterie Escarbotin",
                        "Friville-Escarbotin",
                        "Salle de réunion 40 places",
                        "Offre",
                        "à la demande",
                        None,
                        "gratuit",
                    ],
                ]
            )
        }
    ),
    "tournee_collecte": Shape(
        {
            "Tournée": Sheet(
                [
                    [
                        "Point de collecte",
                        "Adresse",
                        "Ville",
                        "Flux",
                        "Nb de bacs",
                        "Volume du bac (L)",
                        "Passages / semaine",
                        "Litres / semaine",
                    ],
                    [
                        "Restaurant Le Phare",
                        "1 quai Sud",
                        "La Rochelle",
                        "Biodéchets",
                        4,
                        120,
                        3,
                        F("=E2*F2*G2", 1440),
                    ],
                    [
                        "Cantine Mireuil",
                        "3 av. de Rompsay",
                        "La Rochelle",
                        "Biodéchets",
                        6,
                        240,
                        2,
                        F("=E3*F3*G3", 2880),
                    ],
                    [
                        "Hôtel Saint-Nicolas",
                        "13 rue Sardinerie",
                        "La Rochelle",
                        "Verre",
                        2,
                        240,
                        1,
                        F("=E4*F4*G4", 480),
                    ],
                    [None, None, None, "TOTAL", 12, None, None, F("=SUM(H2:H4)", 4800)],
                ]
            )
        }
    ),
    "english_site_survey": Shape(
        {
            "Survey": Sheet(
                [
                    ["Industrial symbiosis survey – confidential"],
                    ["Plant", "Town", "Stream", "By-product or need?", "Annual tonnage", "EWC", "Notes"],
                    [
                        "Riverside Foundry",
                        "Lille",
                        "Spent sand",
                        "By-product",
                        "3,400",
                        "10 09 08",
                        "dry, bagged on request",
                    ],
                    ["Riverside Foundry", "Lille", "Pig iron", "Need", "1,150.5", None, None],
                    ["Harbour Cement", "Dunkerque", "Silica source", "Need", "> 5000", None, None],
                    ["Harbour Cement", "Dunkerque", "Kiln dust", "By-product", "TBC", "10 13 06", None],
                ]
            )
        }
    ),
}
