"""Ten more files of ten different people, written before the reader saw them; the third lot of three."""

from __future__ import annotations

from tests.readers.shapes.maker import Shape, Sheet

SHAPES = {
    "annuaire_groupes_fusionnes": Shape(
        {
            "Annuaire": Sheet(
                [
                    [
                        "Qui sommes-nous",
                        None,
                        None,
                        "Ce que nous rejetons",
                        None,
                        "Ce que nous consommons",
                        None,
                    ],
                    ["Nom", "CP", "Ville", "Nature", "Qté (t/an)", "Nature", "Qté (t/an)"],
                    [
                        "Papeterie du Vercors",
                        38250,
                        "Villard-de-Lans",
                        "boues de désencrage",
                        1400,
                        "vieux papiers",
                        9000,
                    ],
                    ["Noix Royans", 38680, "Pont-en-Royans", "coques de noix", 85, None, None],
                    ["Céramiques Isère", 38470, "Vinay", "tessons", 60, "argile", 2100],
                ],
                merged=["A1:C1", "D1:E1", "F1:G1"],
            )
        }
    ),
    "sphinx_codes": Shape(
        rows=[
            [
                "CLE",
                "Q1_NOM_ENT",
                "Q2_COMMUNE",
                "Q5_DECHET_1",
                "Q5_QTE_T_1",
                "Q5_DECHET_2",
                "Q5_QTE_T_2",
                "Q7_BESOIN_PRINC",
            ],
            ["1", "Tonnellerie Cognac", "Cognac", "copeaux de chêne", "140", "feuillards", "6", "vapeur"],
            ["2", "Distillerie Borderies", "Cherves-Richemont", "vinasses", "5200", "", "", "bouteilles"],
            ["3", "Étiquettes Charente", "Cognac", "squelettes d’étiquettes", "48", "mandrins", "3", ""],
        ],
        encoding="cp1252",
    ),
    "bilan_matiere_journalier": Shape(
        {
            "Bilan": Sheet(
                [
                    ["Bilan matière – Féculerie de Haussimont"],
                    ["Sens", "Flux", "kg/j", "Commentaire"],
                    ["Entrées", "pommes de terre", 900000, "campagne sept. à janv."],
                    [None, "eau de forage", 1200000, None],
                    ["Sorties", "pulpes humides", 130000, "vers élevages"],
                    [None, "terres de lavage", 60000, None],
                ],
                merged=["A3:A4", "A5:A6"],
            )
        }
    ),
    "usages_de_l_eau": Shape(
        {
            "Eau": Sheet(
                [
                    ["Diagnostic eau – plateforme de Lacq"],
                    ["Exploitant", "Atelier", "Prélèvement (m3/an)", "Rejet (m3/an)", "T° du rejet (°C)"],
                    ["Soufre Béarn", "refroidissement", 420000, 390000, 28],
                    ["Fibres Lacq", "lavage des fibres", 85000, 79000, 35],
                    ["Résines Mourenx", "purge de tours", None, 12000, 22],
                ]
            )
        }
    ),
    "petites_annonces": Shape(
        rows=[
            ["Date", "Titre", "Annonceur", "Lieu", "Texte"],
            [
                "02/04/2024",
                "Vends big-bags vides",
                "Semences Beauce",
                "Chartres",
                "une cinquantaine par mois",
            ],
            [
                "03/04/2024",
                "Cherche cuves 1000 L",
                "Apiculture Perche",
                "Nogent-le-Rotrou",
                "propres, alimentaire",
            ],
            ["09/04/2024", "Donne palettes perdues", "Verre & Flacon", "Dreux", "à venir chercher"],
        ],
        encoding="utf-8-sig",
    ),
    "competences_partagees": Shape(
        {
            "RH": Sheet(
                [
                    ["Besoins en temps partagé recensés"],
                    ["Profil recherché", "Temps nécessaire", "Employeur", "Commune", "À partir de"],
                    [
                        "Responsable qualité",
                        "2 jours/semaine",
                        "Charcuterie Aubrac",
                        "Espalion",
                        "01/09/2024",
                    ],
                    ["Technicien de maintenance", "0,5 ETP", "Textiles Millau", "Millau", None],
                    ["Comptable", "3 jours/mois", "Gants Fabre", "Millau", "15/01/2025"],
                ]
            )
        }
    ),
    "restaurateurs_large": Shape(
        {
            "Relevé": Sheet(
                [
                    ["Gisements des restaurateurs"],
                    [
                        "Enseigne",
                        "Ville",
                        "Couverts par jour",
                        "Biodéchets (kg/semaine)",
                        "Huiles alimentaires (L/mois)",
                        "Cartons (kg/mois)",
                    ],
                    ["Brasserie du Port", "La Rochelle", 180, 320, 90, 400],
                    ["Cantine Aytré", "Aytré", 600, 850, None, 210],
                    ["Crêperie du Mail", "La Rochelle", 70, 95, 15, None],
                ]
            )
        }
    ),
    "english_byproducts": Shape(
        rows=[
            [
                "Producer",
                "Nearest town",
                "By-product",
                "Tonnage (t/y)",
                "Moisture %",
                "Currently sent to",
                "Could be used by",
            ],
            ["Norman Cider", "Bayeux", "apple pomace", "2600", "72", "anaerobic digestion", "feed producers"],
            ["Caen Bakery", "Caen", "bread waste", "310", "35", "landfill", "brewers"],
            ["Orne Dairy", "Argentan", "whey permeate", "8800", "94", "land spreading", ""],
        ],
        encoding="utf-8",
        delimiter=",",
    ),
    "produits_perimes": Shape(
        {
            "Stock": Sheet(
                [
                    ["Usine de Pithiviers – produits périmés à éliminer"],
                    [
                        "Réf. interne",
                        "Produit chimique",
                        "N° CAS",
                        "Stock (kg)",
                        "Lieu de stockage",
                        "À éliminer avant",
                    ],
                    ["PC-02", "acide nitrique 53 %", "7697-37-2", 1250, "bunker B", "31/12/2024"],
                    ["PC-17", "peinture glycéro", None, 340, "magasin", "30/06/2025"],
                    ["PC-21", "résine époxy durcie", None, 95, "magasin", None],
                ]
            )
        }
    ),
    "blocs_sort_entre": Shape(
        {
            "Entretiens": Sheet(
                [
                    ["Entretiens de terrain – printemps"],
                    ["BRIOCHERIE BRIARD"],
                    ["Sort", "pain rassis", "30 t/an"],
                    ["Entre", "farine", "2 400 t/an"],
                    [],
                    ["MALTERIE DE MELUN"],
                    ["Sort", "radicelles d’orge", "180 t/an"],
                    ["Sort", "eau tiède", "60 000 m3/an"],
                    ["Entre", "orge brassicole", "15 000 t/an"],
                ]
            )
        }
    ),
}
