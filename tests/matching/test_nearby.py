"""Real sites near an output whose activity could take it."""

from __future__ import annotations

import numpy as np

from geo.projections import earth_centred_km
from matching.messages import LocalName
from matching.nearby import ListedSite, sites_of_outlets
from matching.outlets import Outlet

SITES = (
    ListedSite("Near feed mill", "1", "1091Z"),
    ListedSite("Far feed mill", "2", "1091Z"),
    ListedSite("Near printer", "3", "1812Z"),
)
LON, LAT = np.array([5.40, 5.90, 5.41]), np.array([43.30, 43.30, 43.30])


def _outlet(activity: str, *trades: str) -> Outlet:
    return Outlet(activity, LocalName("usage", "use"), LocalName("", ""), 0.5, "", "", trades)


def _near(within_km: float, *outlets: Outlet) -> list[list[str]]:
    here = earth_centred_km(np.array([5.39]), np.array([43.30]))[0]
    found = sites_of_outlets(outlets, SITES, earth_centred_km(LON, LAT), here, within_km)
    return [[site.name for site in sites] for sites in found]


def test_only_sites_of_the_activity_within_reach_are_named_the_nearest_first() -> None:
    """Sites of the outlet's trades within the distance are named, the nearest first."""
    mills, printers = _outlet("1091", "1091"), _outlet("18", "1811", "1812")
    assert _near(100, mills, printers) == [["Near feed mill", "Far feed mill"], ["Near printer"]]
    assert _near(10, mills, printers) == [["Near feed mill"], ["Near printer"]]


def test_a_whole_division_names_nobody() -> None:
    """Nobody is named for a division whose trades are not known: it says too little of a site."""
    assert _near(100, _outlet("10"), _outlet("18", "1811")) == [[], []]


def test_an_activity_without_a_site_has_an_empty_list() -> None:
    """An activity that no listed site has keeps an empty list."""
    assert _near(100, _outlet("2351", "2351")) == [[]]


def test_an_empty_directory_names_nobody() -> None:
    """Without any listed site, each outlet has an empty list."""
    here = earth_centred_km(np.array([5.39]), np.array([43.30]))[0]
    assert sites_of_outlets([_outlet("1091", "1091")], (), np.zeros((0, 3)), here, 50) == [[]]
