"""Files of further families, written before the reader saw any: other facilitators, other programs."""

from __future__ import annotations

from datetime import date

from tests.readers.shapes.maker import F, Shape, Sheet

SHAPES = {
    # A chamber's phone survey: one row a company, numbered blocks "Flux 1 … Flux 3" with their own columns.
    "phoning_trois_flux": Shape(
        {
            "Appels": Sheet(
                [
                    ["Campagne d'appels 2025 – ZI de Carros", *[None] * 13],
                    [],
                    [
                        "Date appel",
                        "Entreprise appelée",
                        "Ville",
                        "Interlocuteur",
                        "Flux 1",
                        "Vol. 1",
                        "Sens 1",
                        "Flux 2",
                        "Vol. 2",
                        "Sens 2",
                        "Flux 3",
                        "Vol. 3",
                        "Sens 3",
                        "Résultat",
                    ],
                    [
                        date(2025, 2, 3),
                        "Parfums Azur",
                        "Carros",
                        "Mme Roux",
                        "alcool usagé",
                        "12 m3/an",
                        "sort",
                        "cartons",
                        "9 t/an",
                        "sort",
                        "flacons verre",
                        "80 000 u/an",
                        "entre",
                        "OK",
                    ],
                    [
                        date(2025, 2, 3),
                        "Méca Var",
                        "Carros",
                        "M. Blanc",
                        "copeaux alu",
                        "45 t/an",
                        "sort",
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        "OK",
                    ],
                    [
                        date(2025, 2, 4),
                        "Laverie Plan",
                        "Gattières",
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        None,
                        "répondeur",
                    ],
                    [
                        date(2025, 2, 4),
                        "Pépinières Baou",
                        "Saint-Jeannet",
                        "M. Gal",
                        "compost",
                        "60 t/an",
                        "entre",
                        "tailles",
                        "35 t/an",
                        "sort",
                        None,
                        None,
                        None,
                        "à rappeler",
                    ],
                ]
            )
        }
    ),
    # Kept by a municipality in thousands, with a legend of units and the year in the sheet's name.
    "eaux_industrielles_milliers": Shape(
        {
            "2023": Sheet(
                [
                    [
                        "Prélèvements et rejets des industriels (en milliers de m3)",
                        None,
                        None,
                        None,
                        None,
                        None,
                    ],
                    [
                        "Établissement",
                        "Commune",
                        "Prélèvement nappe",
                        "Prélèvement réseau",
                        "Rejet réseau",
                        "Rejet rivière",
                    ],
                    ["Sucrerie de l'Aisne", "Tergnier", 420, 15, None, 390],
                    ["Fonderie Lagache", "Chauny", None, 38, 30, None],
                    ["Papeterie Oise", "Venette", "1 250", None, None, "1 180"],
                    ["TOTAL", None, 1670, 53, 30, 1570],
                ]
            )
        }
    ),
    # English purchasing export in American style: dates, amounts with thousands commas, UoM codes.
    "us_purchase_orders": Shape(
        rows=[
            [
                "PO Number",
                "Order Date",
                "Plant",
                "City",
                "Item Description",
                "Qty Ordered",
                "UoM",
                "Unit Price",
                "Vendor",
            ],
            [
                "45001",
                "01/14/2024",
                "Cergy Coatings",
                "Cergy",
                "Titanium dioxide",
                "12,500",
                "KG",
                "2.85",
                "Kronos",
            ],
            ["45002", "03/02/2024", "Cergy Coatings", "Cergy", "Xylene", "8,000", "L", "1.10", "Brenntag"],
            [
                "45003",
                "05/21/2024",
                "Pontoise Labels",
                "Pontoise",
                "Kraft paper",
                "64.5",
                "MT",
                "910.00",
                "Gascogne",
            ],
            [
                "45004",
                "06/30/2024",
                "Pontoise Labels",
                "Pontoise",
                "Pallets EPAL",
                "1,200",
                "EA",
                "9.40",
                "PGS",
            ],
        ],
        encoding="utf-8",
        delimiter=",",
    ),
    # A form per sheet in two blocks side by side: entrants at left, sortants at right.
    "fiche_deux_blocs": Shape(
        {
            "Fiche": Sheet(
                [
                    ["FICHE ENTREPRISE", None, None, None, None, None, None],
                    ["Raison sociale :", "Confiturerie Béarn", None, None, "Commune :", "Orthez", None],
                    ["Contact :", "Mme Lacoste", None, None, "Effectif :", 42, None],
                    [],
                    ["CE QUI ENTRE", None, None, None, "CE QUI SORT", None, None],
                    ["Quoi", "Combien", "Par", None, "Quoi", "Combien", "Par"],
                    ["sucre", "40 t", "mois", None, "noyaux", "6 t", "mois"],
                    ["fruits", "900 t", "an", None, "écarts de tri", "110 t", "an"],
                    ["pots verre", "25 000 unités", "mois", None, None, None, None],
                ]
            )
        }
    ),
    # Minutes of a working group as bullet lines under each company's name.
    "compte_rendu_puces": Shape(
        {
            "CR": Sheet(
                [
                    ["Compte rendu du groupe de travail chaleur – 12 mars 2025"],
                    ["Présents : 4 entreprises"],
                    [],
                    ["Verrerie du Bugey (01500 Ambérieu-en-Bugey)"],
                    ["Rejette :"],
                    ["- chaleur de fumées : 8 500 MWh/an"],
                    ["- calcin impropre : 120 t/an"],
                    ["Cherche :"],
                    ["- palettes d'occasion : 400 unités/an"],
                    ["Serres de l'Ain (01150 Lagnieu)"],
                    ["Cherche :"],
                    ["- chaleur : 6 000 MWh/an"],
                    ["- CO2 : 300 t/an"],
                    ["Rejette :"],
                    ["- plastiques de serre : 9 t/an"],
                    ["Prochaine réunion le 4 juin"],
                ]
            )
        }
    ),
    # Means shared: who has which machine, idle when, at what price; hours in the week.
    "materiel_partage_cuma": Shape(
        {
            "Parc matériel": Sheet(
                [
                    [
                        "Propriétaire",
                        "CP Ville",
                        "Matériel",
                        "Dispo (h/sem)",
                        "Tarif €/h",
                        "Période",
                        "Prêt / Emprunt",
                    ],
                    ["Ateliers Morin", "72000 Le Mans", "Presse plieuse 3 m", 8, 45, "toute l'année", "Prêt"],
                    ["Bois du Maine", "72200 La Flèche", "Broyeur à bois", 12, 60, "octobre à mars", "Prêt"],
                    ["Bois du Maine", "72200 La Flèche", "Nacelle 12 m", 2, None, "toute l'année", "Emprunt"],
                    [
                        "Sablé Agro",
                        "72300 Sablé-sur-Sarthe",
                        "Chambre froide -20 °C",
                        40,
                        F("=30+5", 35),
                        "mai à août",
                        "Prêt",
                    ],
                ]
            )
        }
    ),
    # A waste contractor's monthly invoice recap: one row a bin type and a month, tonnes and lifts.
    "recap_prestataire_mensuel": Shape(
        {
            "Recap": Sheet(
                [
                    ["Client", "Site", "Mois", "Flux collecté", "Tonnage", "Nb levées", "Montant HT"],
                    ["Groupe Valat", "Valat Nîmes", "janv-24", "DIB", "3,2", 4, "512,00"],
                    ["Groupe Valat", "Valat Nîmes", "févr-24", "DIB", "2,8", 4, "448,00"],
                    ["Groupe Valat", "Valat Nîmes", "mars-24", "DIB", "4,0", 5, "640,00"],
                    ["Groupe Valat", "Valat Nîmes", "janv-24", "Cartons", "1,5", 2, "-60,00"],
                    ["Groupe Valat", "Valat Nîmes", "févr-24", "Cartons", "1,7", 2, "-68,00"],
                    ["Groupe Valat", "Valat Nîmes", "mars-24", "Cartons", "1,3", 2, "-52,00"],
                ]
            )
        }
    ),
    # An Airtable export: link columns, checkboxes "checked", tags, one record a need or an offer.
    "airtable_export": Shape(
        rows=[
            [
                "Name",
                "Organisation",
                "Type",
                "Category",
                "Estimated volume",
                "Frequency",
                "Location",
                "Verified",
                "Created",
            ],
            [
                "Spent grain",
                "Brasserie du Canal",
                "Offer",
                "Organic",
                "3 t",
                "Weekly",
                "Castelnaudary",
                "checked",
                "2024-05-02",
            ],
            [
                "Wooden crates",
                "Brasserie du Canal",
                "Need",
                "Packaging",
                "200 units",
                "Yearly",
                "Castelnaudary",
                "",
                "2024-05-02",
            ],
            [
                "Forklift driver",
                "Conserves Lauragais",
                "Need",
                "Skills",
                "1 day",
                "Weekly",
                "Revel",
                "checked",
                "2024-05-09",
            ],
            [
                "Bean pods",
                "Conserves Lauragais",
                "Offer",
                "Organic",
                "150 t",
                "Yearly",
                "Revel",
                "checked",
                "2024-05-11",
            ],
        ],
        encoding="utf-8-sig",
        delimiter=",",
    ),
}
