"""Tables that are not one row a flow: matrices, side by side, movements, totals, hidden parts, signs."""

from __future__ import annotations

from datetime import date

from tests.readers.shapes.maker import F, S, Shape, Sheet

GREEN, RED = "#C6EFCE", "#FFC7CE"

SHAPES = {
    "matrice_dechets": Shape(
        {
            "Déchets produits": Sheet(
                [
                    ["Entreprise", "Commune", "Déchets produits (t/an)", None, None, None, None],
                    [None, None, "Carton", "Bois", "Ferraille", "Plastique film", "DIB"],
                    ["Logistique Orly", "Wissous", 85, 40, None, 12, 30],
                    ["Serrurerie Paray", "Paray-Vieille-Poste", 2, 1.5, 18, 0, 6],
                    ["Traiteur Rungis", "Rungis", "4", "-", "-", "0,8", "n.c."],
                    ["Total", None, 91, 41.5, 18, 12.8, 36],
                ],
                merged=["A1:A2", "B1:B2", "C1:G1"],
            )
        }
    ),
    "matrice_entreprises_en_colonnes": Shape(
        {
            "Matrice": Sheet(
                [
                    ["FLUX SORTANTS (tonnes / an)"],
                    ["Matière", "Aciérie Nord", "Cimenterie Escaut", "Papeterie Lys"],
                    ["Laitier", 42000, None, None],
                    ["Cendres", None, 1500, 900],
                    ["Boues", 300, None, 4500],
                    [],
                    ["FLUX ENTRANTS (tonnes / an)"],
                    ["Matière", "Aciérie Nord", "Cimenterie Escaut", "Papeterie Lys"],
                    ["Laitier", None, 38000, None],
                    ["Cendres", None, 6000, None],
                    ["Vieux papiers", None, None, 52000],
                ]
            )
        }
    ),
    "deux_tables_cote_a_cote": Shape(
        {
            "Atelier 12 juin": Sheet(
                [
                    ["CE QUE NOUS OFFRONS", None, None, None, None, "CE QUE NOUS RECHERCHONS"],
                    [
                        "Entreprise",
                        "Ressource",
                        "Quantité",
                        "Unité",
                        None,
                        "Entreprise",
                        "Ressource",
                        "Quantité",
                        "Unité",
                    ],
                    [
                        "Cidrerie d’Auge",
                        "Marc de pomme",
                        260,
                        "t/an",
                        None,
                        "Haras du Pin",
                        "Copeaux litière",
                        90,
                        "t/an",
                    ],
                    [
                        "Scierie Orne",
                        "Copeaux secs",
                        110,
                        "t/an",
                        None,
                        "Méthane 61",
                        "Matières organiques",
                        5000,
                        "t/an",
                    ],
                    ["Haras du Pin", "Fumier équin", 700, "t/an"],
                ]
            )
        }
    ),
    "totaux_sous_totaux": Shape(
        {
            "Registre": Sheet(
                [
                    ["Site", "Ville", "Déchet", "Tonnage (t/an)"],
                    ["Hôpital Sud", "Rennes", "DASRI", 88],
                    ["Hôpital Sud", "Rennes", "Cartons", 30],
                    [S("s/total Hôpital Sud", bold=True), None, None, S(118, bold=True)],
                    ["Clinique Ouest", "Rennes", "DASRI", 21],
                    ["Clinique Ouest", "Rennes", "Biodéchets", 16],
                    [None, None, S("Sous-total clinique", bold=True), S(37, bold=True)],
                    [None, None, None, S(F("=SUM(D2:D6)", 310), bold=True)],
                    [S("TOTAL GENERAL", bold=True), None, None, S(155, bold=True)],
                ],
                filtered="A1:D6",
            )
        }
    ),
    "parties_cachees": Shape(
        {
            "Flux 2023": Sheet(
                [
                    ["Entreprise", "Ville", "Flux", "Sens", "Quantité brute", "Quantité (t/an)"],
                    ["Meunerie Gers", "Auch", "Issues de blé", "Sortant", 999, 340],
                    ["Meunerie Gers", "Auch", "Vieux stock", "Sortant", 999, 55],
                    ["Conserverie Lomagne", "Fleurance", "Épluchures d’ail", "Sortant", 999, 26],
                ],
                hidden_rows=[3],
                hidden_columns=["E:E"],
            ),
            "Ancien": Sheet(
                [
                    ["Entreprise", "Ville", "Flux", "Sens", "Quantité (t/an)"],
                    ["Meunerie Gers", "Auch", "Issues 2015", "Sortant", 290],
                ],
                hidden=True,
            ),
        }
    ),
    "sens_plus_moins": Shape(
        {
            "Bilan": Sheet(
                [
                    ["+ = ce que nous achetons   – = ce que nous évacuons"],
                    ["Entreprise", "Ville", "+/-", "Flux", "Quantité", "Unité"],
                    ["Brasserie Lille Sud", "Lille", "+", "Malt", 400, "t/an"],
                    ["Brasserie Lille Sud", "Lille", "-", "Drêches", 1600, "t/an"],
                    ["Ferme Wattignies", "Wattignies", "+", "Aliments bovins", 300, "t/an"],
                ]
            )
        }
    ),
    "sens_en_couleurs": Shape(
        {
            "Atelier": Sheet(
                [
                    ["Vert = je donne ; rouge = je cherche"],
                    ["Entreprise", "Ville", "Ressource", "Quantité", "Unité"],
                    ["Horlogerie Morteau", "Morteau", S("Laiton", colour=GREEN), 4, "t/an"],
                    ["Fonderie Doubs", "Pontarlier", S("Laiton", colour=RED), 30, "t/an"],
                    ["Fonderie Doubs", "Pontarlier", S("Sable", colour=GREEN), 75, "t/an"],
                ]
            )
        }
    ),
    "registre_trackdechets": Shape(
        rows=[
            [
                "N° de bordereau",
                "Date d'expédition",
                "SIRET de l'expéditeur",
                "Raison sociale de l'expéditeur",
                "Adresse de l'expéditeur",
                "Code déchet",
                "Dénomination usuelle",
                "Déchet dangereux",
                "Quantité de déchet",
                "Raison sociale du transporteur",
                "Raison sociale de l'éco-organisme",
                "Code opération réalisée",
            ],
            [
                "BSD-20230110-AAA",
                "10/01/2023",
                "50219876300018",
                "Teinturerie Bel",
                "4 rue du Canal 69100 Villeurbanne",
                "08 01 11*",
                "Solvants de peinture",
                "OUI",
                "1,250",
                "Trans Rhône",
                "",
                "R2",
            ],
            [
                "BSD-20230412-BBB",
                "12/04/2023",
                "50219876300018",
                "Teinturerie Bel",
                "4 rue du Canal 69100 Villeurbanne",
                "08 01 11*",
                "Solvants de peinture",
                "OUI",
                "0,980",
                "Trans Rhône",
                "",
                "R2",
            ],
            [
                "BSD-20231205-CCC",
                "05/12/2023",
                "50219876300018",
                "Teinturerie Bel",
                "4 rue du Canal 69100 Villeurbanne",
                "08 01 11*",
                "Solvants de peinture",
                "OUI",
                "1,100",
                "Trans Rhône",
                "",
                "R2",
            ],
            [
                "BSD-20230630-DDD",
                "30/06/2023",
                "38977651200011",
                "Garage Tête d'Or",
                "9 quai Achille 69006 Lyon",
                "13 02 05*",
                "Huiles moteur",
                "OUI",
                "0,600",
                "Trans Rhône",
                "",
                "R9",
            ],
        ],
        encoding="utf-8",
    ),
    "bsd_par_date": Shape(
        {
            "BSD 2023": Sheet(
                [
                    ["Hôtel Bellevue – enlèvements 2023"],
                    ["Date d’enlèvement", "Déchet", "Code déchet", "Poids (kg)", "Prestataire"],
                    [date(2023, 1, 9), "Biodéchets", "200108", 420, "Compost 74"],
                    [date(2023, 4, 11), "Biodéchets", "200108", 380, "Compost 74"],
                    [date(2023, 7, 18), "Biodéchets", "200108", 700, "Compost 74"],
                    [date(2023, 8, 22), "Huiles alimentaires", "200125", 90, "Oléo"],
                    [date(2023, 11, 14), "Biodéchets", "200108", 500, "Compost 74"],
                    [date(2023, 12, 19), "Huiles alimentaires", "200125", 110, "Oléo"],
                ]
            )
        }
    ),
    "langues_melees": Shape(
        rows=[
            [
                "Company / Entreprise",
                "City / Ville",
                "Flow / Flux",
                "In/Out",
                "Quantity / Quantité",
                "Unit / Unité",
            ],
            ["Chocolaterie Weiss", "Saint-Étienne", "Cocoa shells / coques de cacao", "Out", "75", "t/year"],
            ["Chocolaterie Weiss", "Saint-Étienne", "Jute bags", "Out", "9000", "pcs/year"],
            ["Horti Loire", "Andrézieux-Bouthéon", "Paillage", "In", "60", "t/an"],
            ["Horti Loire", "Andrézieux-Bouthéon", "Waste heat 60 °C", "In", "1.2", "GWh/an"],
        ],
        encoding="utf-16",
        delimiter="\t",
    ),
    "guillemets_et_lignes": Shape(
        rows=[
            ["Raison sociale", "Adresse", "Déchets / coproduits", "Quantité", "Observations"],
            ['Ateliers "Le Fer"', "ZA; lot 4\n67600 Sélestat", "Chutes inox", "14 t/an", "tri; 2 bennes"],
            ['Ateliers "Le Fer"', "ZA; lot 4\n67600 Sélestat", "Palettes; housses", "3 t/an", ""],
            [
                "Choucroute d’Alsace",
                "3 rue du Chou, 67880 Krautergersheim",
                "Jus de choucroute",
                "2 000 m3/an",
                "très acide, pH 3,5",
            ],
        ],
        encoding="utf-8-sig",
    ),
}
