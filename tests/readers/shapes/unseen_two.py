"""Ten more files of ten different people, written before the reader saw them; the second lot of three."""

from __future__ import annotations

from tests.readers.shapes.maker import Shape, Sheet

SHAPES = {
    "google_forms_zae": Shape(
        rows=[
            [
                "Horodateur",
                "Adresse e-mail",
                "1) Nom de la structure",
                "2) Dans quelle ville êtes-vous installés ?",
                "3) Votre activité en quelques mots",
                "4) De quelles matières disposez-vous en trop, ou que vous jetez ?",
                "5) Pouvez-vous estimer les volumes (préciser l’unité) ?",
                "6) Qu’achetez-vous qui pourrait venir d’un voisin ?",
                "7) Un commentaire à ajouter ?",
            ],
            [
                "2024/05/13 9:12:40 AM UTC+2",
                "contact@vergersdalbi.example",
                "Les Vergers d’Albi",
                "Albi",
                "transformation de fruits",
                "noyaux et pulpes",
                "120 tonnes par an",
                "palettes d’occasion",
                "",
            ],
            [
                "2024/05/13 4:02:11 PM UTC+2",
                "info@metaltarn.example",
                "Métal Tarn",
                "Gaillac",
                "chaudronnerie",
                "chutes d’inox",
                "8 t/an",
                "",
                "plutôt le matin",
            ],
            [
                "2024/05/14 8:55:03 AM UTC+2",
                "lab@cosmeto.example",
                "Cosméto Sud",
                "Albi",
                "cosmétiques",
                "",
                "",
                "alcool dénaturé",
                "",
            ],
        ],
        encoding="utf-8",
        delimiter=",",
    ),
    "tcd_tonnages": Shape(
        {
            "TCD": Sheet(
                [
                    ["Site", "Usine de Beauvais"],
                    ["Type de flux", "Déchets"],
                    [],
                    ["Somme de Tonnes", "Étiquettes de colonnes"],
                    ["Étiquettes de lignes", 2022, 2023, "Total général"],
                    ["Bois", 41, 38, 79],
                    ["Ferrailles", 120, 131, 251],
                    ["Plastiques souples", 17, 22, 39],
                    ["Total général", 178, 191, 369],
                ]
            )
        }
    ),
    "besoins_ressources_listes": Shape(
        {
            "Tôlerie Béarn": Sheet(
                [
                    ["Rencontre du 6 juin – notes"],
                    [],
                    ["BESOINS", "RESSOURCES"],
                    ["azote gazeux", "chutes d’aluminium 25 t/an"],
                    ["soudeur 2 jours/semaine", "air comprimé"],
                    ["palettes 80x120", "salle de réunion 40 m²"],
                    [None, "cartons 3 t/an"],
                ]
            )
        }
    ),
    "entreprises_en_colonnes": Shape(
        {
            "Fiches": Sheet(
                [
                    ["Nom", "Laiterie Aubrac", "Couteaux Laguiole", "Scierie Lozère"],
                    ["Ville", "Laguiole", "Laguiole", "Mende"],
                    ["Nb salariés", 85, 60, 22],
                    ["Déchet principal", "lactosérum", "poussières de corne", "écorces"],
                    ["Tonnage annuel (t)", 5200, 1.5, 3100],
                    ["Principal besoin", "chaleur à 90 °C", "bois précieux", None],
                ]
            )
        }
    ),
    "croix_qui_jette_quoi": Shape(
        {
            "Qui jette quoi": Sheet(
                [
                    ["Qui jette quoi dans la zone ?"],
                    ["Entreprises", "Cartons", "Palettes bois", "Films plastiques", "Huiles usagées"],
                    ["Garage Pons", "x", None, None, "x"],
                    ["Meubles Catala", "x", "x", "x", None],
                    ["Primeurs Roussillon", "x", "x", None, None],
                ]
            )
        }
    ),
    "compte_rendu_reunion": Shape(
        {
            "CR": Sheet(
                [
                    ["Compte rendu du comité du 12/09/2024"],
                    ["N°", "Entreprise", "Ce qui a été dit", "Action", "Pour quand"],
                    [
                        1,
                        "Isolation Vendée",
                        "jette 12 t/an de polystyrène",
                        "trouver un repreneur",
                        "fin octobre",
                    ],
                    [2, "Plage Béton", "cherche du sable fin, 300 t/an", "visite", None],
                    [3, "Conserverie des Îles", "évacue 40 t/an d’arêtes de sardine", None, None],
                ]
            )
        }
    ),
    "mouvements_sans_sens": Shape(
        rows=[
            ["Division", "Article", "Désignation article", "CM", "Qté", "UQ", "Date cpt."],
            ["FR01", "40001234", "Granulé ABS noir", "261", "12400", "KG", "31.12.2023"],
            ["FR01", "40009911", "Carton imprimé", "261", "5,2", "TO", "31.12.2023"],
        ],
        encoding="cp1252",
    ),
    "business_units": Shape(
        {
            "Survey": Sheet(
                [
                    [
                        "Business unit",
                        "Location",
                        "Discarded material",
                        "Quantity per year",
                        "Purchased material",
                        "Quantity per year",
                    ],
                    ["Rouen Refining", "Rouen", "spent catalyst", "40 t", "caustic soda", "600 t"],
                    ["Le Havre Packaging", "Le Havre", "cardboard trims", "220 t", None, None],
                    ["Dieppe Foods", "Dieppe", "fish heads", "900 t", "ice", "1,500 t"],
                ]
            )
        }
    ),
    "prets_entre_voisins": Shape(
        {
            "Prêts": Sheet(
                [
                    ["Le matériel qu’on se prête dans le parc"],
                    ["Qui prête ?", "Quoi ?", "Quand ?", "À quel tarif ?", "Tél."],
                    ["BTP Allier", "nacelle 12 m", "en hiver", "150 €/jour", "04 70 00 00 01"],
                    [
                        "Traiteur Bourbon",
                        "camion frigorifique",
                        "janvier à mars",
                        "0,60 €/km",
                        "04 70 00 00 02",
                    ],
                    ["Pépinières Sioule", "hangar 300 m²", "juin-août", "gratuit", "04 70 00 00 03"],
                ]
            )
        }
    ),
    "synthese_bureau_etudes": Shape(
        rows=[
            ["Synthèse des flux – EIT Pays de Caux", "", "", "", "", "", "", ""],
            ["", "", "", "", "", "", "", ""],
            [
                "N°",
                "Ets",
                "Activité",
                "Flux identifié",
                "E/S",
                "Ordre de grandeur",
                "Saisonnalité",
                "Piste de valorisation",
            ],
            [
                "1",
                "Sucrerie de Fontaine",
                "sucrerie",
                "Pulpes de betterave",
                "S",
                "> 10 000 t/an",
                "oct.-janv.",
                "alimentation animale",
            ],
            ["2", "Sucrerie de Fontaine", "sucrerie", "Pierre à chaux", "E", "4 500 t/an", "", ""],
            [
                "3",
                "Élevage Dubosc",
                "élevage bovin",
                "Pulpes surpressées",
                "E",
                "600 à 800 t/an",
                "automne",
                "",
            ],
            [
                "4",
                "Verrerie d’Eu",
                "flaconnage",
                "Calcin hors teinte",
                "S",
                "qq tonnes par mois",
                "",
                "à caractériser",
            ],
        ],
        encoding="utf-8-sig",
    ),
}
