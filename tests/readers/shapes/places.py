"""Companies and places: SIRET, postcodes, coordinates."""

from __future__ import annotations

from tests.readers.shapes.maker import S, Shape, Sheet

SHAPES = {
    "siret_abimes": Shape(
        {
            "Entreprises et flux": Sheet(
                [
                    [
                        "Raison sociale",
                        "SIRET",
                        "CP",
                        "Ville",
                        "Sens",
                        "Flux",
                        "Quantité",
                        "Unité",
                        "Période",
                    ],
                    [
                        "Chimie Rhône",
                        S(81234567800013, number="0.00E+00"),
                        69190,
                        "Saint-Fons",
                        "Sortant",
                        "Acide sulfurique usé",
                        300,
                        "t",
                        "an",
                    ],
                    [
                        "Vernis Lyonnais",
                        "8,12346E+13",
                        69800,
                        "Saint-Priest",
                        "Sortant",
                        "Boues de vernis",
                        12,
                        "t",
                        "an",
                    ],
                    [
                        "Teinturerie Bel",
                        "502 198 763 00018",
                        69100,
                        "Villeurbanne",
                        "Sortant",
                        "Eaux colorées",
                        900,
                        "m3",
                        "an",
                    ],
                    ["Solvants Sud", 5480654200012, 69007, "Lyon", "Entrant", "Solvants usés", 40, "t", "an"],
                    ["Peintures Gal", 832456719, 69500, "Bron", "Entrant", "Pigments", 7, "t", "an"],
                    [
                        "Encres Midi",
                        "44120987600017",
                        69200,
                        "Vénissieux",
                        "Sortant",
                        "Encres périmées",
                        2,
                        "t",
                        "an",
                    ],
                ]
            )
        }
    ),
    "codes_postaux_nombres": Shape(
        {
            "Base": Sheet(
                [
                    ["Nom", "Adresse", "Code postal", "Localité", "Type", "Ressource", "Quantité/an (t)"],
                    ["Plastiques de l’Ain", "ZI Nord", 1000, "Bourg-en-Bresse", "offre", "Chutes de PVC", 22],
                    ["Laiterie du Forez", "rue du Lac", 3200, "Vichy", "offre", "Sérum", 800],
                    ["Usine Aniche", "BP 12", 59580, "Aniche CEDEX", "demande", "Verre plat", 150],
                    [
                        "Mairie service déchets",
                        "BP 40",
                        "06903",
                        "Sophia Antipolis Cedex",
                        "demande",
                        "Broyat vert",
                        90,
                    ],
                    ["Granulats Corse", "port", "20200", "Bastia", "offre", "Fines de carrière", 1300],
                ]
            )
        }
    ),
    "gps_une_cellule": Shape(
        {
            "GPS": Sheet(
                [
                    ["Entreprise", "Position", "Flux", "E/S", "Quantité", "Unité"],
                    ["Soierie Bellecour", "45.76, 4.83", "Chutes de soie", "S", 3, "t/an"],
                    ["Moulin de l’Azergues", "45°52'30\"N 4°42'00\"E", "Son de blé", "S", 150, "t/an"],
                    ["Ferme des Dombes", "46,0021 ; 5,0302", "Son de blé", "E", 80, "t/an"],
                    ["Tissages Roanne", "N 46.0367 E 4.0689", "Fils", "E", 10, "t/an"],
                ]
            )
        }
    ),
    "lambert_93": Shape(
        {
            "Export SIG": Sheet(
                [
                    ["ID", "NOM", "X_L93", "Y_L93", "FLUX", "SENS", "QTE_T_AN"],
                    [1, "Carrière Mazet", 770423.5, 6279871.2, "Stériles", "S", 12000],
                    [2, "Béton Hérault", 768900, 6281500, "Granulats 0/4", "E", 9000],
                    [3, "Plâtres Lunel", "785 200,4", "6 284 310,8", "Plaques cassées", "S", 140],
                ]
            )
        }
    ),
    "gps_inverses": Shape(
        rows=[
            ["Entreprise", "Latitude", "Longitude", "Flux", "Sens", "Quantité (t/an)"],
            ["Conserverie Océane", "-4,1020", "47,9975", "Têtes de sardines", "Sortant", "120"],
            ["Farines Marines", "48,0012", "-4,0973", "Coproduits de poisson", "Entrant", "2 500"],
            ["Algues Penmarc’h", "0", "0", "Algues d’échouage", "Sortant", "60"],
        ],
        encoding="cp1252",
    ),
    "noms_trois_facons": Shape(
        {
            "Saisie": Sheet(
                [
                    ["Entreprise", "Ville", "Flux", "Sens", "Quantité", "Unité", "Période"],
                    ["SARL Dupuis & Fils", "Cholet", "Chutes de cuir", "Sortant", 8, "t", "an"],
                    ["Dupuis et Fils", "Cholet", "Colle néoprène", "Entrant", 2, "t", "an"],
                    ["DUPUIS & FILS ", "CHOLET", "Cartons", "Sortant", 300, "kg", "mois"],
                    ["Confection Mauges", "Cholet", "Chutes textiles", "Sortant", 14, "t", "an"],
                    ["Confection Mauges", "Cholet", "Chutes textiles", "Sortant", 14, "t", "an"],
                    ["Confection Mauges", "Cholet", "Chutes textiles", "Entrant", 14, "t", "an"],
                ]
            )
        }
    ),
}
