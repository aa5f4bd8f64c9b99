"""Titles, headers and companies: what stands above and beside the rows."""

from __future__ import annotations

from tests.readers.shapes.maker import S, Shape, Sheet

SHAPES = {
    "bloc_titre_logo": Shape(
        {
            "Inventaire": Sheet(
                [
                    [None, None, "Communauté de communes du Pays de Sault"],
                    ["Programme d’écologie industrielle"],
                    ["Inventaire des ressources – zone de la Plaine"],
                    ["Édité le", "14/05/2023", None, "Version", "V2"],
                    [],
                    ["Quantités annuelles sauf mention contraire. Sens : E = entrant, S = sortant"],
                    [],
                    ["Établissement", "Commune", "CP", "Sens", "Désignation", "Quantité", "Unité"],
                    ["Scierie Roussel", "Sault", 84390, "S", "Écorces", 320, "t"],
                    ["Scierie Roussel", "Sault", 84390, "S", "Sciures de sapin", 140, "t"],
                    ["Scierie Roussel", "Sault", 84390, "E", "Gasoil non routier", 18, "m3"],
                    ["Fromagerie du Mont", "Aurel", 84390, "E", "Plaquettes bois", 95, "t"],
                    ["Fromagerie du Mont", "Aurel", 84390, "S", "Lactosérum", 400, "m3"],
                    [S("4 tonnages", bold=True), None, None, None, None, S(555, bold=True), "t"],
                    ["(1) hors saison d’hiver"],
                    ["* chiffres communiqués par l’exploitant, non vérifiés"],
                ],
                merged=["C1:G1"],
            )
        }
    ),
    "entete_deux_lignes": Shape(
        {
            "Flux": Sheet(
                [
                    ["Établissement", None, None, "Flux", None, None, "Volume annuel", None, "Coût"],
                    [
                        "Nom",
                        "Code postal",
                        "Commune",
                        "E/S",
                        "Nature du flux",
                        "Code CED",
                        "Valeur",
                        "Unité",
                        "€ HT / t",
                    ],
                    [
                        "Verrerie Lenoir",
                        76340,
                        "Blangy-sur-Bresle",
                        "Sortant",
                        "Calcin verre blanc",
                        "15 01 07",
                        210,
                        "tonnes",
                        35,
                    ],
                    [
                        "Verrerie Lenoir",
                        76340,
                        "Blangy-sur-Bresle",
                        "Entrant",
                        "Sable siliceux",
                        None,
                        1800,
                        "tonnes",
                        42.5,
                    ],
                    [
                        "Ateliers Bresle",
                        80220,
                        "Gamaches",
                        "Sortant",
                        "Copeaux d’aluminium",
                        "12 01 03",
                        14,
                        "tonnes",
                        -650,
                    ],
                    [
                        "Ateliers Bresle",
                        80220,
                        "Gamaches",
                        "Sortant",
                        "Huile de coupe usagée",
                        "120109*",
                        2.4,
                        "m3",
                        180,
                    ],
                ],
                merged=["A1:C1", "D1:F1", "G1:H1"],
            )
        }
    ),
    "entete_a_chaque_page": Shape(
        {
            "Liste": Sheet(
                [
                    ["Raison sociale", "Ville", "Déchet", "Tonnage annuel", "Filière actuelle"],
                    ["Imprimerie Vasseur", "Arras", "Rognures de papier", 64, "Recyclage"],
                    ["Imprimerie Vasseur", "Arras", "Plaques aluminium", 3.2, "Recyclage"],
                    ["Page 1/2"],
                    [],
                    ["Raison sociale", "Ville", "Déchet", "Tonnage annuel", "Filière actuelle"],
                    ["Biscuiterie d’Artois", "Arras", "Biscuits déclassés", 27, "Alimentation animale"],
                    ["Biscuiterie d’Artois", "Arras", "Sacs de farine papier", 1.8, "DIB"],
                    ["Page 2/2"],
                ]
            )
        }
    ),
    "entreprises_fusionnees": Shape(
        {
            "Recensement": Sheet(
                [
                    ["N°", "Entreprise", "Adresse", "CP Ville", "Type de flux", "Ressource", "Qté/an", "U"],
                    [
                        1,
                        "Cartonnerie Blanc SAS",
                        "ZA du Pré Long",
                        "35500 Vitré",
                        "Sortant",
                        "Chutes de carton",
                        220,
                        "t",
                    ],
                    [2, None, None, None, None, "Colle résiduelle", 900, "kg"],
                    [3, None, None, None, "Entrant", "Amidon", 75, "t"],
                    [
                        4,
                        "Volailles Bodin",
                        "12 rue du Moulin",
                        "35300 Fougères",
                        "Sortant",
                        "Plumes",
                        310,
                        "t",
                    ],
                    [5, None, None, None, None, "Sang", 120, "t"],
                    [6, None, None, None, "Entrant", "Caisses carton", 45000, "unités"],
                ],
                merged=["B2:B4", "C2:C4", "D2:D4", "E2:E3", "B5:B7", "C5:C7", "D5:D7", "E5:E6"],
            )
        }
    ),
    "feuilles_par_sens": Shape(
        {
            "Intrants": Sheet(
                [
                    ["INTRANTS 2023 (achats de l’année)"],
                    [],
                    ["Nom de l’entreprise", "Localité", "Produit acheté", "Tonnes", "Prix d’achat (€/t)"],
                    ["Tuilerie de Limoux", "Limoux", "Argile", 5200, 11],
                    ["Tuilerie de Limoux", "Limoux", "Sciure pour porosité", 340, 38],
                    ["Cave des Hautes Côtes", "Alet-les-Bains", "Bouteilles verre", 210, 410],
                ]
            ),
            "Extrants": Sheet(
                [
                    ["EXTRANTS 2023"],
                    [],
                    [
                        "Nom de l’entreprise",
                        "Localité",
                        "Matière sortante",
                        "Tonnes",
                        "Coût d’élimination (€/t)",
                    ],
                    ["Tuilerie de Limoux", "Limoux", "Rebuts de cuisson", 260, 22],
                    ["Cave des Hautes Côtes", "Alet-les-Bains", "Marc de raisin", 480, 0],
                    ["Cave des Hautes Côtes", "Alet-les-Bains", "Palettes perdues", 6, None],
                ]
            ),
        }
    ),
    "feuille_par_entreprise": Shape(
        {
            "Fiche 1": Sheet(
                [
                    ["Société :", "Galvanisation du Forez"],
                    ["Commune :", "Montbrison", None, "Code postal :", 42600],
                    ["Contact :", "M. Faure"],
                    [],
                    ["Flux", "Sens", "Quantité", "Unité", "Fréquence"],
                    ["Acide chlorhydrique usé", "sortie", 40, "t", "an"],
                    ["Acide chlorhydrique neuf", "entrée", 55, "t", "an"],
                    ["Mattes de zinc", "sortie", 2, "t", "mois"],
                ]
            ),
            "Fiche 2": Sheet(
                [
                    ["Société :", "Pépinières Chazal"],
                    ["Commune :", "Sury-le-Comtal", None, "Code postal :", 42450],
                    ["Contact :", "Mme Roche"],
                    [],
                    ["Flux", "Sens", "Quantité", "Unité", "Fréquence"],
                    ["Pots plastiques usagés", "sortie", 1.5, "t", "an"],
                    ["Compost", "entrée", 60, "m3", "an"],
                    ["Chaleur pour serres", "entrée", 450, "MWh", "an"],
                ]
            ),
        }
    ),
    "blocs_avec_adresse": Shape(
        {
            "Visites": Sheet(
                [
                    ["VISITES D’ENTREPRISES – AUTOMNE 2022"],
                    [],
                    ["1. Fonderie Arnaud SA – 38500 Voiron"],
                    ["Flux", "Entrée / Sortie", "Quantité annuelle", "Commentaire"],
                    ["Sable de fonderie", "Sortie", "850 t", "benne 2 fois par mois"],
                    ["Coke", "Entrée", "120 t", None],
                    [],
                    ["2. Ets Perrin – 38430 Moirans"],
                    ["Flux", "Entrée / Sortie", "Quantité annuelle", "Commentaire"],
                    ["Granulats", "Entrée", "3 000 t", "accepte du sable propre"],
                    ["Laitance de béton", "Sortie", "60 m³", None],
                ]
            )
        }
    ),
}
