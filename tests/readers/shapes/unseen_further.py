"""Files of further families, written before the reader saw any: pivots, records cut in lines, weekdays."""

from __future__ import annotations

from tests.readers.shapes.maker import Shape, Sheet

NONE = [None] * 3
SHAPES = {
    # A pivot table whose first column holds the companies and, below each, its wastes; one column a year.
    "pivot_deux_niveaux": Shape(
        {
            "TCD": Sheet(
                [
                    ["Somme de Tonnage", "Années", None, None],
                    ["Étiquettes de lignes", 2022, 2023, 2024],
                    ["Menuiserie Bossard", 60, 64, 71],
                    ["Chutes de bois", 48, 52, 58],
                    ["Sciures", 12, 12, 13],
                    ["Imprimerie Lorca", 25, 22, 20],
                    ["Rognures de papier", 25, 22, 20],
                    ["Total général", 85, 86, 91],
                ]
            )
        }
    ),
    # One line a fact: what a database writes when nobody asked for a table.
    "fiches_en_lignes": Shape(
        rows=[
            ["Fiche", "Champ", "Valeur"],
            ["17", "Entreprise", "Savonnerie Lubéron"],
            ["17", "Commune", "Apt"],
            ["17", "Ressource", "glycérine brute"],
            ["17", "Sens", "sortant"],
            ["17", "Quantité", "14 t/an"],
            ["18", "Entreprise", "Ocres de Roussillon"],
            ["18", "Commune", "Roussillon"],
            ["18", "Ressource", "sacs papier"],
            ["18", "Sens", "entrant"],
            ["18", "Quantité", "9000 unités/an"],
        ],
        encoding="utf-8",
    ),
    # Leftovers weighed from Monday to Friday in an ordinary week.
    "pesees_de_la_semaine": Shape(
        {
            "Semaine type": Sheet(
                [
                    ["Pesées des biodéchets (kg), semaine type", *NONE, *NONE],
                    ["Restaurant", "Ville", "Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi"],
                    ["Cantine Thales", "Valence", 40, 45, 30, 42, 28],
                    ["Lycée Loubet", "Valence", 85, 90, 20, 88, 70],
                ]
            )
        }
    ),
    # A survey by yes or no, with how much beside.
    "enquete_oui_non": Shape(
        {
            "Réponses": Sheet(
                [
                    [
                        "Votre entreprise",
                        "Votre ville",
                        "Avez-vous des palettes à donner ?",
                        "Si oui, combien par an ?",
                        "Avez-vous des cartons à donner ?",
                        "Si oui, combien de tonnes par an ?",
                        "Cherchez-vous de la chaleur ?",
                        "Si oui, combien de MWh par an ?",
                    ],
                    ["Tôlerie Vendée", "Fontenay-le-Comte", "Oui", 300, "Non", None, "Oui", 800],
                    ["Biscuits Océan", "Luçon", "Non", None, "Oui", 12, "Non", None],
                    ["Serres du Marais", "Luçon", "Oui", 40, "Oui", 1.5, "Oui", 2400],
                ]
            )
        }
    ),
    # Roofs and floors that somebody could rent, with their surface and since when.
    "locaux_vacants": Shape(
        {
            "Locaux": Sheet(
                [
                    ["Observatoire des locaux – Agglo de Cholet"],
                    [
                        "Réf.",
                        "Bailleur",
                        "Adresse",
                        "Type de bien",
                        "Surface",
                        "Loyer €/m²/an",
                        "Libre au",
                        "Statut",
                    ],
                    [
                        "L-01",
                        "SCI Bocage",
                        "ZI de la Bergerie 49280 La Séguinière",
                        "Entrepôt",
                        "1 200 m²",
                        42,
                        "01/09/2025",
                        "disponible",
                    ],
                    [
                        "L-02",
                        "Textiles Roux",
                        "12 rue Sadi Carnot 49300 Cholet",
                        "Bureaux",
                        "85 m²",
                        110,
                        "immédiat",
                        "disponible",
                    ],
                    [
                        "L-03",
                        "SCI Bocage",
                        "ZI du Cormier 49300 Cholet",
                        "Atelier",
                        "640 m²",
                        51,
                        None,
                        "annulé",
                    ],
                ]
            )
        }
    ),
    # A shared calendar of lorries that come back empty.
    "navettes_retours": Shape(
        {
            "Trajets": Sheet(
                [
                    [
                        "Transporteur / chargeur",
                        "Départ",
                        "Arrivée",
                        "Jours",
                        "Trajets / semaine",
                        "Offre ou demande",
                    ],
                    ["Meubles Atlan", "Cholet", "Nantes", "mardi, jeudi", 2, "Offre"],
                    ["Vins de Mauges", "Beaupréau", "Angers", "vendredi", 1, "Demande"],
                ]
            )
        }
    ),
}
