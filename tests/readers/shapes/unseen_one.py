"""Ten files of ten different people, written before the reader saw them; the first lot of three."""

from __future__ import annotations

from tests.readers.shapes.maker import Shape, Sheet

SHAPES = {
    "secretaire_zone": Shape(
        {
            "Adhérents 2024": Sheet(
                [
                    ["Association des entreprises de la Vallée – tour des adhérents"],
                    [],
                    [
                        "Adhérent",
                        "Commune",
                        "Interlocuteur",
                        "Ce dont ils veulent se débarrasser",
                        "Combien ?",
                        "Ce qu’ils aimeraient trouver à côté",
                        "Remarques",
                    ],
                    ["Menuiserie Perrin", "Cluses", "M. Perrin", "copeaux de hêtre", "4 t/mois", None, None],
                    [
                        "Décolletage Arve",
                        "Cluses",
                        "Mme Gay",
                        "copeaux d’inox huileux",
                        "18 t/an",
                        "huile de coupe",
                        "à rappeler",
                    ],
                    [
                        "Fromagerie du Môle",
                        "Bonneville",
                        "M. Blanc",
                        "petit-lait",
                        "60 m3/semaine",
                        "palettes",
                        None,
                    ],
                    [
                        "Transports Rey",
                        "Scionzier",
                        None,
                        None,
                        None,
                        "place de parking poids lourds",
                        "avant l’été",
                    ],
                ]
            )
        }
    ),
    "grille_cci": Shape(
        {
            "Visite": Sheet(
                [
                    ["CCI – GRILLE DE DIAGNOSTIC FLUX"],
                    ["Raison sociale", "Confitures du Lot"],
                    ["Conseiller", "A. Durand"],
                    ["Commune", "Cahors"],
                    [],
                    ["Poste", "Description", "Volume annuel", "Unité", "Observations"],
                    ["Achats de matières", "sucre", 220, "t", "2 fournisseurs"],
                    ["Achats de matières", "bocaux en verre", 900000, "unités", None],
                    ["Énergie achetée", "gaz naturel", 1850, "MWh", "chaudière vapeur"],
                    ["Déchets évacués", "noyaux de fruits", 75, "t", "vrac"],
                    ["Déchets évacués", "cartons", 12, "t", None],
                    ["Rejets", "eaux de lavage", 5200, "m3", "vers la station"],
                ]
            )
        }
    ),
    "courtier_lots": Shape(
        rows=[
            [
                "Réf. lot",
                "Matière",
                "Qualité",
                "Dispo (t/mois)",
                "CP enlèvement",
                "Ville enlèvement",
                "Vendeur",
                "Prix départ €/t",
            ],
            ["L-1041", "PEHD broyé", "naturel", "22", "69800", "Saint-Priest", "Plastirec", "410"],
            [
                "L-1042",
                "Balles PET",
                "bleu clair",
                "15,5",
                "38070",
                "Saint-Quentin-Fallavier",
                "Alp’Embal",
                "280",
            ],
            ["L-1043", "Big-bags usagés", "rebut", "3", "01150", "Lagnieu", "Chaux du Bugey", ""],
        ],
        encoding="cp1252",
    ),
    "registre_hse": Shape(
        {
            "2023": Sheet(
                [
                    ["Registre chronologique – Fonderie Lambert, 52100 Saint-Dizier"],
                    ["Responsable HSE : C. Noël"],
                    [],
                    [
                        "Désignation usuelle",
                        "Rubrique nomenclature",
                        "DD (O/N)",
                        "Tonnage expédié",
                        "Prestataire",
                        "Opération D/R",
                    ],
                    ["Sables de fonderie", "10 09 08", "N", 1320, "Eurogranulats", "R5"],
                    ["Poussières de filtration", "10 09 09*", "O", 41.5, "Sarpi", "D9"],
                    ["Emballages souillés", "15 01 10*", "O", 3.2, "Sarpi", "R12"],
                    ["Palettes cassées", "15 01 03", "N", 9, "Bois Est", "R3"],
                ]
            )
        }
    ),
    "limesurvey_interco": Shape(
        rows=[
            [
                "ID de la réponse",
                "Date de soumission",
                "G01Q01. Quel est le nom de votre entreprise ?",
                "G01Q02. Dans quelle commune se situe votre établissement ?",
                "G02Q01. Quel est le principal déchet dont vous souhaiteriez vous séparer plus facilement ?",
                "G02Q02. Quelle quantité cela représente-t-il approximativement sur une année ?",
                "G03Q01. Quelle ressource ou matière seriez-vous intéressé à acheter auprès d’un voisin ?",
                "G03Q02. Souhaitez-vous être recontacté par nos services ?",
            ],
            [
                "12",
                "2024-03-02 10:11:00",
                "Serres du Val",
                "Saumur",
                "plastiques de paillage",
                "6 tonnes",
                "chaleur fatale",
                "Oui",
            ],
            [
                "13",
                "2024-03-02 11:40:12",
                "Champignonnières Loire",
                "Saumur",
                "compost épuisé",
                "1 800 t",
                "paille",
                "Oui",
            ],
            [
                "15",
                "2024-03-04 08:02:51",
                "Imprimerie Thouet",
                "Montreuil-Bellay",
                "chutes de papier",
                "35 t",
                "",
                "Non",
            ],
        ],
        encoding="utf-8-sig",
        delimiter=",",
    ),
    "postits_atelier": Shape(
        {
            "Retranscription": Sheet(
                [
                    ["Atelier synergies du 14 mars – retranscription des post-it"],
                    ["Table", "Entreprise", "Jaune = j’ai", "Vert = je cherche"],
                    [1, "Cartonnerie Vosges", "mandrins carton 5 t/an", None],
                    [1, "Textile Moselotte", "chutes de coton ; lisières", "broyeur à partager"],
                    [2, "Scierie Gerbépal", "sciure 400 t/an", "chariot élévateur 2 jours/mois"],
                ]
            )
        }
    ),
    "erp_codes": Shape(
        rows=[
            ["SOC", "CODE_SITE", "LIB_SITE", "CD_ART", "LIB_ART", "TYPE_MVT", "QTE_N", "UN", "VILLE"],
            [
                "010",
                "A1",
                "Usine Aulnoye",
                "700123",
                "Chutes tôle acier",
                "SORTIE",
                "812",
                "T",
                "Aulnoye-Aymeries",
            ],
            [
                "010",
                "A1",
                "Usine Aulnoye",
                "310877",
                "Huile hydraulique",
                "ENTREE",
                "9",
                "T",
                "Aulnoye-Aymeries",
            ],
            ["010", "B2", "Dépôt Maubeuge", "700440", "Films étirables", "SORTIE", "4,5", "T", "Maubeuge"],
        ],
        encoding="cp1252",
    ),
    "auditeur_chaleur": Shape(
        {
            "Sources et puits": Sheet(
                [
                    ["Audit énergétique – Laiterie de Vire, 14500 Vire Normandie"],
                    [],
                    ["SOURCES DE CHALEUR"],
                    [
                        "Équipement",
                        "Fluide",
                        "Température (°C)",
                        "Énergie récupérable (MWh/an)",
                        "Fonctionnement",
                    ],
                    ["Groupes froid", "eau glycolée", 35, 2100, "toute l’année"],
                    ["Compresseurs d’air", "air chaud", 55, 310, "toute l’année"],
                    [],
                    ["PUITS DE CHALEUR"],
                    ["Équipement", "Fluide", "Température (°C)", "Besoin (MWh/an)", "Fonctionnement"],
                    ["Préchauffage eau de NEP", "eau", 60, 1450, "toute l’année"],
                    ["Chauffage des bureaux", "eau", 45, 180, "octobre à avril"],
                ]
            )
        }
    ),
    "inventaire_achats": Shape(
        {
            "Achats": Sheet(
                [
                    ["Inventaire des achats mutualisables"],
                    [
                        "Famille d’achat",
                        "Entreprise",
                        "Ville",
                        "Fournisseur actuel",
                        "Conso. annuelle",
                        "U.",
                        "PU HT",
                        "Fin de contrat",
                    ],
                    ["Papier A4", "Cabinet Oriel", "Niort", "Bureau Plus", 400, "ramettes", 4.2, None],
                    ["Sel de déneigement", "Logis Transport", "Niort", "Salins", 26, "t", 95, "31/12/2025"],
                    ["Propane", "Logis Transport", "Niort", "Antargaz", 14, "t", 980, "30/06/2026"],
                    ["Gants nitrile", "Chimie Sèvre", "Aiffres", "Protec", 120, "cartons", 38, None],
                ]
            )
        }
    ),
    "uk_subsidiary": Shape(
        {
            "Streams": Sheet(
                [
                    ["Northern plants – resource streams FY23"],
                    ["Plant", "Town", "Stream", "In / Out", "Tonnes pa", "EWC", "Current route", "Notes"],
                    ["Lille Mouldings", "Lille", "PP regrind", "Out", 64, "07 02 13", "Recycler", "clean"],
                    ["Lille Mouldings", "Lille", "Virgin PP", "In", 1900, None, None, None],
                    [
                        "Douai Coatings",
                        "Douai",
                        "Spent solvent",
                        "Out",
                        12.4,
                        "08 01 11*",
                        "Incineration",
                        "drums",
                    ],
                    ["Douai Coatings", "Douai", "Xylene", "In", 38, None, None, "technical grade"],
                ]
            )
        }
    ),
}
