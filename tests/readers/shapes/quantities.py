"""Quantities, units, costs and seasons as people write them."""

from __future__ import annotations

from datetime import date

from tests.readers.shapes.maker import F, S, Shape, Sheet

MONTHS = ["Jan", "Fév", "Mar", "Avr", "Mai", "Juin", "Juil", "Août", "Sept", "Oct", "Nov", "Déc"]

SHAPES = {
    "quantites_en_mots": Shape(
        {
            "Gisements": Sheet(
                [
                    ["Entreprise", "Commune", "Gisement", "Sens", "Quantité déclarée"],
                    ["Papeterie du Lac", "Annecy", "Boues papetières", "sortant", "3 camions/mois"],
                    [
                        "Papeterie du Lac",
                        "Annecy",
                        "Mandrins carton",
                        "sortant",
                        "2 bennes de 15 m3 par semaine",
                    ],
                    ["Papeterie du Lac", "Annecy", "Feuillards", "sortant", "2 à 3 t/an"],
                    ["Papeterie du Lac", "Annecy", "Cellulose", "entrant", "env. 500 kg / semaine"],
                    ["Papeterie du Lac", "Annecy", "Kaolin", "entrant", "1 200,5 t/an"],
                    ["Papeterie du Lac", "Annecy", "Amidon", "entrant", "12.000 kg/an"],
                    ["Fruitière Savoie", "Rumilly", "Petit-lait", "sortant", "1.5 t par jour"],
                    ["Fruitière Savoie", "Rumilly", "Fromager", "entrant", "0,5 ETP"],
                    ["Fruitière Savoie", "Rumilly", "Films plastiques", "sortant", "n.c."],
                    ["Fruitière Savoie", "Rumilly", "Cartons bruns", "sortant", "qq tonnes"],
                    ["Fruitière Savoie", "Rumilly", "Caisses plastiques", "sortant", "< 5 t/an"],
                    ["Fruitière Savoie", "Rumilly", "Eau de lavage", "sortant", "≈10 m3/jour"],
                    ["Fruitière Savoie", "Rumilly", "Sel usé", "sortant", "5t/an (estimation 2022)"],
                    ["Fruitière Savoie", "Rumilly", "Croûtes", "sortant", "-"],
                ]
            )
        }
    ),
    "unites_en_legende": Shape(
        {
            "Bilan matières": Sheet(
                [
                    ["Usine de Commercy – bilan matières 2023"],
                    ["Les quantités sont exprimées en tonnes par an"],
                    ["Entreprise", "Ville", "Matière", "Entrée", "Sortie"],
                    ["Métal Meuse", "Commercy", "Tôles d’acier", 820, None],
                    ["Métal Meuse", "Commercy", "Chutes d’acier", None, 96],
                    ["Métal Meuse", "Commercy", "Boues de peinture", None, "4,5"],
                    ["Chaudronnerie Lorraine", "Void-Vacon", "Chutes d’acier propres", 60, None],
                ]
            )
        }
    ),
    "couts_varies": Shape(
        {
            "Coûts": Sheet(
                [
                    ["Société", "Ville", "Déchet", "Quantité (t/an)", "Coût d’élimination"],
                    ["Abattoir du Centre", "Vierzon", "Graisses", 80, "120 €/t"],
                    ["Abattoir du Centre", "Vierzon", "Boues de flottation", 210, "85,50 € HT/t"],
                    ["Abattoir du Centre", "Vierzon", "Os", 140, "-30 €/t (recette)"],
                    ["Abattoir du Centre", "Vierzon", "Cartons souillés", 9, "forfait 300 €/mois"],
                    ["Abattoir du Centre", "Vierzon", "Fumier", 60, "gratuit"],
                    ["Abattoir du Centre", "Vierzon", "Plastiques", 5, "nc"],
                    ["Abattoir du Centre", "Vierzon", "Cendres", 12, "entre 90 et 110 €/t"],
                ]
            )
        }
    ),
    "nombres_en_texte": Shape(
        {
            "Données": Sheet(
                [
                    ["Site", "CP", "Ville", "Flux", "Sens", "Quantité annuelle", "Unité"],
                    [
                        "Sucrerie de Roye",
                        "80700",
                        "Roye",
                        "Pulpes de betteraves",
                        "Sortant",
                        "48\u00a0500",
                        "t",
                    ],
                    ["Sucrerie de Roye", "80700", "Roye", "Écumes", "Sortant", "12\u202f300,75", "t"],
                    ["Sucrerie de Roye", "80700", "Roye", "Gaz naturel", "Entrant", "96 000", "MWh PCI"],
                    ["Sucrerie de Roye", "80700", "Roye", "Eau condensée", "Sortant", "1,2 million", "m3"],
                    ["Féculerie d’Haussy", "59294", "Haussy", "Eau", "Entrant", "350'000", "m³"],
                    ["Féculerie d’Haussy", "59294", "Haussy", "Chaux", "Entrant", "0,8", "kt"],
                ]
            )
        }
    ),
    "mois_par_mois": Shape(
        {
            "Suivi 2023": Sheet(
                [
                    ["Suivi mensuel des tonnages"],
                    ["Exploitant", "Déchet", "Code", *MONTHS, "TOTAL"],
                    [
                        "Domaine de Saint-Roch",
                        "Marc de raisin",
                        "020702",
                        *[None] * 8,
                        42,
                        18,
                        None,
                        None,
                        F("=SUM(D3:O3)", 60),
                    ],
                    ["Domaine de Saint-Roch", "Cartons", "150101", *[0.5] * 12, F("=SUM(D4:O4)", 6)],
                    [
                        "Huilerie Mas Vieux",
                        "Grignons d’olive",
                        "020304",
                        12,
                        None,
                        *[None] * 7,
                        5,
                        30,
                        33,
                        F("=SUM(D5:O5)", 80),
                    ],
                ]
            )
        }
    ),
    "annees_cote_a_cote": Shape(
        {
            "Tonnages": Sheet(
                [
                    [
                        "Producteur",
                        "Commune",
                        "Nature du déchet",
                        "2021 (t)",
                        "2022 (t)",
                        "2023 (t)",
                        "Évolution",
                    ],
                    ["Garage Central", "Niort", "Huiles moteur", 4.1, 4.4, 3.9, S(-0.11, number="0 %")],
                    ["Garage Central", "Niort", "Pneus usagés", 6, 7, 7.5, S(0.07, number="0 %")],
                    ["Carrosserie Payet", "Niort", "Pare-brise", 2, 2.2, None, None],
                    ["Carrosserie Payet", "Niort", "Pare-chocs PP", None, None, 1.4, None],
                ]
            )
        }
    ),
    "saisons_et_dates": Shape(
        {
            "Saisons": Sheet(
                [
                    [
                        "Exploitation",
                        "Commune",
                        "Sens",
                        "Flux",
                        "Quantité",
                        "Unité",
                        "Période de production",
                        "Disponible à partir du",
                    ],
                    [
                        "Pommes du Limousin",
                        "Objat",
                        "S",
                        "Écarts de tri",
                        240,
                        "t/an",
                        "janv-mars",
                        date(2024, 9, 1),
                    ],
                    [
                        "Pommes du Limousin",
                        "Objat",
                        "S",
                        "Palox usagés",
                        30,
                        "unités/an",
                        "toute l’année",
                        None,
                    ],
                    ["Pommes du Limousin", "Objat", "E", "Cueilleurs", 12, "ETP", "sept. à nov.", None],
                    ["Camping des Iles", "Objat", "S", "Biodéchets", 8, "t/an", "saison été", 45474],
                    ["Camping des Iles", "Objat", "E", "Bois de chauffage", 40, "m3/an", "hiver", None],
                    [
                        "Camping des Iles",
                        "Objat",
                        "S",
                        "Eaux de piscine",
                        300,
                        "m3/an",
                        "2 semaines en octobre",
                        None,
                    ],
                ]
            )
        }
    ),
    "formules": Shape(
        {
            "Calculs": Sheet(
                [
                    ["Entreprise", "Ville", "Sortie", "Tonnes par mois", "Tonnes par an"],
                    ["Laverie Express", "Bourges", "Boues de lavage", 1.5, F("=D2*12", 18)],
                    ["Laverie Express", "Bourges", "Textiles réformés", 0.25, F("=D3*12", 3)],
                    ["Laverie Express", "Bourges", "Cintres", 0.1, F("=D4*12")],
                    [
                        "Pressing Lune",
                        "Bourges",
                        "Solvants usés",
                        F("=Feuil9!B2", "#REF!"),
                        F("=D5*12", "#REF!"),
                    ],
                    ["Pressing Lune", "Bourges", "Housses plastiques", None, F("=VLOOKUP(A6,X:Y,2)", "#N/A")],
                    ["TOTAL", None, None, F("=SUM(D2:D6)", 1.85), F("=SUM(E2:E6)", 21)],
                ]
            )
        }
    ),
    "pourcentages_graphique": Shape(
        {
            "Boues": Sheet(
                [
                    ["STEP / site", "Commune", "Boue", "Quantité (t MB/an)", "Siccité", "Humidité"],
                    [
                        "STEP d’Agde",
                        "Agde",
                        "Boues déshydratées",
                        2400,
                        S(0.22, number="0%"),
                        S(0.78, number="0%"),
                    ],
                    [
                        "STEP de Mèze",
                        "Mèze",
                        "Boues séchées",
                        310,
                        S(0.885, number="0.0%"),
                        S(0.115, number="0.0%"),
                    ],
                    ["Cave de Pomérols", "Pomérols", "Bourbes", 95, None, S(0.6, number="0%")],
                ],
                choices={"C2:C50": ["Boues déshydratées", "Boues séchées", "Bourbes"]},
            ),
            "Listes": Sheet([["Boue"], ["Boues déshydratées"], ["Boues séchées"], ["Bourbes"]]),
        },
        chart="=Boues!$D$2:$D$4",
    ),
    "commentaire_a_droite": Shape(
        {
            "Visite": Sheet(
                [
                    [
                        "Entreprise",
                        None,
                        "Ville",
                        None,
                        "Flux sortant",
                        None,
                        "Quantité",
                        None,
                        "Commentaire",
                    ],
                    [
                        "Robinetterie Alpine",
                        None,
                        "Cluses",
                        None,
                        "Copeaux laiton",
                        None,
                        85,
                        None,
                        "85 t en 2022, 90 t attendues",
                    ],
                    [
                        "Robinetterie Alpine",
                        None,
                        "Cluses",
                        None,
                        "Huiles entières",
                        None,
                        None,
                        None,
                        "8 m3/an selon facture",
                    ],
                    [
                        "Décolletage Arve",
                        None,
                        "Marignier",
                        None,
                        "Copeaux inox",
                        None,
                        "40 t/an",
                        None,
                        "dont 3 t souillées ; repris 0,9 €/kg",
                    ],
                    ["Décolletage Arve", None, "Marignier", None, "Palettes", None, None, None, "à voir"],
                ]
            )
        }
    ),
    "abreviations": Shape(
        {
            "Relevé": Sheet(
                [
                    ["Ets", "CP", "Ville", "Désign.", "Qté", "U.", "Fréq."],
                    ["Transports Dumas", "26000", "Valence", "DIB", 18, "T", "an"],
                    ["Transports Dumas", "26000", "Valence", "DEEE HS", 0.4, "T", "an"],
                    ["Transports Dumas", "26000", "Valence", "Palettes HS", 60, "u", "mois"],
                    ["Transports Dumas", "26000", "Valence", "Bidons PEHD souillés", 120, "kg", "trim."],
                    ["Transports Dumas", "26000", "Valence", "Boues séparateur HC", 3, "m3", "sem."],
                    ["Transports Dumas", "26000", "Valence", "Achat GNR", 45000, "l", "an"],
                ]
            )
        }
    ),
}
