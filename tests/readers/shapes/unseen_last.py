"""Five files written after the three lots had mended the reader: what is not read stays a known gap."""

from __future__ import annotations

from tests.readers.shapes.maker import Shape, Sheet

SHAPES = {
    "scieries_connexes": Shape(
        {
            "Connexes": Sheet(
                [
                    ["Fédération des scieries – connexes 2023"],
                    ["Scierie", "Localisation", "Connexe", "Vol. m3 apparents", "Débouché", "Prix m3 (€)"],
                    ["Scierie Faure", "Ambert", "Dosses et délignures", 5200, "panneaux", 18],
                    ["Scierie Faure", "Ambert", "Sciures fraîches", 2100, "granulés", 12],
                    ["Bois du Forez", "Montbrison", "Écorces", 1600, "paillage", 9],
                ]
            )
        }
    ),
    "cantines_dons": Shape(
        rows=[
            [
                "Nom de l’établissement scolaire",
                "Code INSEE",
                "Repas/j",
                "Restes donnés (kg/sem.)",
                "Jours possibles",
            ],
            ["Collège Zola", "38185", "420", "35", "mardi et jeudi"],
            ["Lycée Vaucanson", "38185", "1100", "80", "tous les jours"],
        ],
        encoding="utf-8-sig",
    ),
    "logistique_retours_vide": Shape(
        {
            "Transport": Sheet(
                [
                    [
                        "Transporteur",
                        "Trajet à vide",
                        "Jour",
                        "Capacité disponible (palettes)",
                        "Nb trajets/sem",
                    ],
                    ["Rhône Fret", "Valence → Lyon", "lundi", 33, 3],
                    ["Alpes Route", "Gap → Grenoble", "vendredi", 20, 1],
                ]
            )
        }
    ),
    "purchasing_wishlist": Shape(
        {
            "Wishlist": Sheet(
                [
                    ["What our plants would like to buy second-hand"],
                    ["Who", "Where", "What", "How much", "By when"],
                    ["Amiens Foundry", "Amiens", "used sand drums", "40 per month", "spring"],
                    ["Roye Sugar", "Roye", "limestone", "900 t a year", None],
                    ["Picardie Foods", "Abbeville", "pallets", "200 a month", None],
                ]
            )
        }
    ),
    "fiche_par_ligne_abregee": Shape(
        {
            "Flux": Sheet(
                [
                    ["Ent.", "Cne", "E/S", "Dés.", "Tot. t", "Obs."],
                    ["Minoterie Gers", "Auch", "S", "son de blé", 870, "sacs"],
                    ["Minoterie Gers", "Auch", "E", "blé tendre", 12500, None],
                    ["Foie Gras Gimont", "Gimont", "S", "graisses", 64, "cuve"],
                ]
            )
        }
    ),
}
