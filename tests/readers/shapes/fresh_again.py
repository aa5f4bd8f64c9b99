"""A second lot of files written before the reader saw them, to measure it once more."""

from __future__ import annotations

from datetime import date

from tests.readers.shapes.maker import S, Shape, Sheet

SHAPES = {
    "cci_annuaire_flux": Shape(
        {
            "Entreprises": Sheet(
                [
                    ["Annuaire des entreprises de la zone"],
                    ["Dénomination", "SIRET", "Adresse", "CP", "Ville", "NAF", "Effectifs"],
                    [
                        "Moulages du Perche",
                        "81234567800013",
                        "4 rue du Bois",
                        61400,
                        "Mortagne-au-Perche",
                        "22.29A",
                        35,
                    ],
                    ["Charpentes Ornaises", None, "ZA Nord", 61000, "Alençon", "43.91A", 18],
                ]
            ),
            "Flux identifiés": Sheet(
                [
                    ["Flux identifiés lors des visites"],
                    ["Dénomination", "Flux", "Type (entrant/sortant)", "Quantité", "Unité/an", "Fiabilité"],
                    ["Moulages du Perche", "Purges de PE", "sortant", 14, "t", "facture"],
                    ["Moulages du Perche", "Octabins carton", "sortant", 650, "unités", "estimation"],
                    ["Charpentes Ornaises", "Connecteurs acier", "entrant", "9,5", "t", "estimation"],
                    ["Charpentes Ornaises", "Chutes de sapin", "sortant", "120 à 150", "m3", "estimation"],
                ]
            ),
        }
    ),
    "note_de_visite": Shape(
        {
            "Visite du 03-04": Sheet(
                [
                    ["NOTE DE VISITE"],
                    ["Entreprise visitée", "Conserverie Quiberon"],
                    ["Ville", "Quiberon"],
                    ["Code postal", 56170],
                    ["Personne rencontrée", "Mme Le Gall"],
                    ["Date de la visite", date(2024, 4, 3)],
                    [],
                    ["Ressources sortantes"],
                    ["Arêtes et têtes", "350 t/an"],
                    ["Huile de sardine", "12 m3/an"],
                    ["Boîtes métalliques déformées", "non quantifié"],
                    [],
                    ["Ressources entrantes"],
                    ["Glace", "2 t/jour"],
                    ["Main d’œuvre saisonnière", "25 ETP"],
                ]
            )
        }
    ),
    "suivi_bennes": Shape(
        rows=[
            [
                "Client",
                "Ville",
                "Type de benne",
                "Matière",
                "Nb rotations 2023",
                "Tonnage 2023",
                "Coût traitement €/t",
            ],
            ["Menuiserie Caron", "Amiens", "30 m3", "Bois B", "18", "61,2", "55"],
            ["Menuiserie Caron", "Amiens", "10 m3", "DIB", "6", "7,8", "165"],
            ["Imprimerie Somme", "Abbeville", "compacteur", "Cartons", "24", "98,4", "-40"],
            ["", "", "", "Total", "48", "167,4", ""],
        ],
        encoding="cp1252",
    ),
    "besoins_eau_vapeur": Shape(
        {
            "Utilités": Sheet(
                [
                    [
                        "Usine",
                        "Localisation",
                        "Utilité",
                        "Besoin (MWh/an)",
                        "Excédent (MWh/an)",
                        "T (°C)",
                        "Saisonnalité",
                    ],
                    ["Distillerie Jarnac", "16200 Jarnac", "Vapeur 8 bar", 6500, None, 170, "nov. à mars"],
                    ["Verrerie Cognac", "16100 Cognac", "Fumées", None, 14000, "350-400", "toute l’année"],
                    ["Verrerie Cognac", "16100 Cognac", "Eau chaude", None, 2100, 65, None],
                ]
            )
        }
    ),
    "bourse_aux_dechets": Shape(
        {
            "Annonces": Sheet(
                [
                    [
                        "Réf.",
                        "Annonce",
                        "Entreprise",
                        "Code postal",
                        "Titre de l’annonce",
                        "Volume disponible",
                        "Date de dépôt",
                    ],
                    [
                        "A-101",
                        "OFFRE",
                        "Filatures du Tarn",
                        "81200",
                        "Bourre de laine",
                        "5 tonnes par mois",
                        date(2024, 1, 12),
                    ],
                    [
                        "A-102",
                        "DEMANDE",
                        "Isolants Cathares",
                        "81200",
                        "Fibres textiles propres",
                        "jusqu’à 100 t/an",
                        date(2024, 1, 15),
                    ],
                    [
                        "A-103",
                        "OFFRE",
                        "Mégisserie Graulhet",
                        "81300",
                        "Dérayures de cuir",
                        "lot de 8 tonnes",
                        date(2024, 2, 2),
                    ],
                ]
            )
        }
    ),
    "tableau_consultant": Shape(
        {
            "Tableau 4": Sheet(
                [
                    ["Tableau 4 – Flux de matières des établissements enquêtés (source : enquête 2022)"],
                    [None, None, None, "Flux sortants", None, "Flux entrants", None],
                    ["N°", "Établissement", "Commune", "Matière", "t/an", "Matière", "t/an"],
                    [1, "Cave de Gaillac", "Gaillac", "Rafles", 140, "Cartons", 22],
                    [2, "Maraîchers du Tarn", "Lisle-sur-Tarn", "Fanes", 310, "Compost", 600],
                    [3, "Briqueterie Sud", "Rabastens", "Casson de brique", 900, None, None],
                    [None, S("Total", bold=True), None, None, S(1350, bold=True), None, S(622, bold=True)],
                    ["Lecture : la cave de Gaillac produit 140 t de rafles par an."],
                ],
                merged=["D2:E2", "F2:G2"],
            )
        }
    ),
    "liste_email": Shape(
        rows=[
            ["entreprise", "ville", "ce qu'on a", "ce qu'on voudrait"],
            ["Fromagerie du Vercors", "Villard-de-Lans", "lactosérum 900 m3/an", "palettes europe 200/an"],
            ["Scierie Autrans", "Autrans-Méaudre en Vercors", "écorces (400 t/an), sciure (150 t/an)", ""],
            [
                "Chaufferie bois Lans",
                "Lans-en-Vercors",
                "cendres, environ 20 t/an",
                "plaquettes : 1 500 t/an",
            ],
        ],
        encoding="utf-8",
    ),
    "waste_log_english": Shape(
        {
            "Log": Sheet(
                [
                    ["Waste log FY2023", None, None, "all weights in kg"],
                    ["Date", "Site", "Waste type", "EWC code", "Weight", "Carrier"],
                    [date(2023, 1, 17), "Calais depot", "Mixed plastics", "20 01 39", 1200, "Veol"],
                    [date(2023, 5, 3), "Calais depot", "Mixed plastics", "20 01 39", 1500, "Veol"],
                    [date(2023, 12, 11), "Calais depot", "Mixed plastics", "20 01 39", 1300, "Veol"],
                    [date(2023, 2, 8), "Calais depot", "Scrap metal", "20 01 40", 800, "Galloo"],
                    [date(2023, 12, 20), "Calais depot", "Scrap metal", "20 01 40", 700, "Galloo"],
                ]
            )
        }
    ),
}
