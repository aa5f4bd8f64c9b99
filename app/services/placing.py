"""Sites without a point: placed by their address, as exactly as the geocoder at hand can."""

from __future__ import annotations

from dataclasses import replace

from geo.geocoding import Geocoder, offline_geocoder
from matching.model import Precision, Site


def placed(site: Site, geocoder: Geocoder | None = None) -> Site:
    """Return ``site`` with a point and how exact it is, or unplaced when its address leads nowhere."""
    if site.placed:
        return site
    found = (geocoder or offline_geocoder()).locate(site.address, site.postcode, site.city)
    if found is None:
        return replace(site, precision=Precision.UNPLACED)
    return replace(site, lon=found.lon, lat=found.lat, precision=Precision(found.precision))
