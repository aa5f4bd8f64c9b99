"""A third lot of files written before the reader saw them; their first reading is the last measure."""

from __future__ import annotations

from tests.readers.shapes.maker import F, S, Shape, Sheet

SHAPES = {
    "plan_alimentaire": Shape(
        {
            "Gisements": Sheet(
                [
                    ["PROJET DE MÉTHANISATION – GISEMENTS DU TERRITOIRE"],
                    ["Mise à jour : septembre 2023"],
                    ["Apporteur", "Commune", "Intrant", "Tonnage brut (t/an)", "% MS", "Distance (km)"],
                    ["GAEC des Saules", "Montaigu", "Fumier bovin", 2400, S(0.22, number="0%"), 3.5],
                    [
                        "SARL Abattoir Vendéen",
                        "Les Herbiers",
                        "Matières stercoraires",
                        900,
                        S(0.14, number="0%"),
                        12,
                    ],
                    ["Coopérative Bocage", "Montaigu", "Issues de céréales", 350, S(0.87, number="0%"), 5],
                    ["TOTAL", None, None, F("=SUM(D4:D6)", 3650), None, None],
                ]
            )
        }
    ),
    "fiche_flux_verticale": Shape(
        {
            "Fiche": Sheet(
                [
                    ["FICHE RESSOURCE N° 12"],
                    ["Entreprise :", "Savonnerie du Midi"],
                    ["Adresse :", "72 rue Augustin Roux, 13015 Marseille"],
                    ["Nature de la ressource :", "Glycérine brute"],
                    ["Sens :", "Offre"],
                    ["Quantité :", "180 tonnes par an"],
                    ["Conditionnement :", "IBC 1000 L"],
                    ["Période de disponibilité :", "toute l’année"],
                    ["Prix souhaité :", "250 €/t"],
                ]
            )
        }
    ),
    "entrees_sorties_colonnes": Shape(
        {
            "Matières": Sheet(
                [
                    ["Société", "Ville", "Matière", "Entrée (t)", "Sortie (t)", "Commentaires"],
                    ["Fil Rouge SAS", "Roubaix", "Coton", 310, 28, "sortie = chutes propres"],
                    ["Fil Rouge SAS", "Roubaix", "Polyester", 120, None, None],
                    ["Tissus Wasquehal", "Wasquehal", "Coton", None, 64, None],
                ]
            )
        }
    ),
    "csv_point_virgule_points": Shape(
        rows=[
            [
                "Nom entreprise",
                "Code postal",
                "Ville",
                "Type flux",
                "Description",
                "Quantité annuelle",
                "Unité",
            ],
            ["Bois & Co", "25000", "Besançon", "Sortant", "Plaquettes non calibrées", "1.250", "t"],
            ["Bois & Co", "25000", "Besançon", "Sortant", "Sciures", "780,5", "t"],
            ["Granulés Doubs", "25300", "Pontarlier", "Entrant", "Sciures sèches", "12.500", "t"],
        ],
        encoding="cp1252",
    ),
    "releve_par_site": Shape(
        {
            "Usine A": Sheet(
                [
                    ["Site : Usine A – 59140 Dunkerque"],
                    ["Déchet", "Code", "2022 (kg)", "2023 (kg)", "Exutoire"],
                    ["Cartons", "15 01 01", 18200, 17600, "papeterie"],
                    ["Chiffons souillés", "15 02 02*", 940, 1010, "incinération"],
                ]
            ),
            "Usine B": Sheet(
                [
                    ["Site : Usine B – 62100 Calais"],
                    ["Déchet", "Code", "2022 (kg)", "2023 (kg)", "Exutoire"],
                    ["Cartons", "15 01 01", 7300, 8100, "papeterie"],
                    ["Néons", "20 01 21*", 60, None, "Récylum"],
                ]
            ),
        }
    ),
    "sondage_salon": Shape(
        rows=[
            [
                "Nom",
                "Société",
                "Ville",
                "Que jetez-vous le plus ?",
                "Combien environ ?",
                "Qu'aimeriez-vous récupérer ?",
            ],
            ["P. Martin", "Brasserie Garrigue", "Nîmes", "drêches", "3 t/semaine", "bouteilles vides"],
            ["L. Roux", "Cycles Roux", "Alès", "pneus et chambres à air", "200 kg/mois", ""],
            ["S. Blanc", "Traiteur Blanc", "Nîmes", "restes de repas", "?", "bocaux"],
        ],
        encoding="utf-8",
        delimiter=",",
    ),
    "loueur_equipements": Shape(
        {
            "Parc": Sheet(
                [
                    [
                        "Propriétaire",
                        "Commune",
                        "Équipement à partager",
                        "Disponibilité (jours/an)",
                        "Mois disponibles",
                        "Prix (€/jour)",
                    ],
                    ["Cave de Buzet", "Buzet-sur-Baïse", "Groupe de froid 200 kW", 120, "nov-juin", 90],
                    ["Pruneaux d’Agen", "Agen", "Four de séchage", 60, "janv. à juil.", 150],
                    ["Scierie Landes", "Houeillès", "Broyeur mobile", 40, None, 320],
                ]
            )
        }
    ),
    "english_matrix": Shape(
        {
            "Waste matrix": Sheet(
                [
                    ["Waste produced in 2023, tonnes"],
                    ["Company", "Town", "Cardboard", "Wood", "Metals", "Food waste"],
                    ["Alpha Foods", "Calais", 42, 3, None, 260],
                    ["Beta Steel", "Dunkerque", 5, 18, 340, None],
                ]
            )
        }
    ),
}
