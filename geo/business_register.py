"""The register of establishments: a service that speaks like the French State's business search.

Used only when a setting names the service; without it one types what a SIRET would have filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol

from geo.points import InvalidPointError, Point
from geo.service import Service

# What the service writes where a person has asked not to be published.
WITHHELD = "[NON-DIFFUSIBLE]"
TOWN = re.compile(r"\s*\b\d{5}\b.*$")
CLOSED = "F"


class RegisterSilentError(Exception):
    """The service did not answer, or not with what it promises."""


@dataclass(frozen=True, slots=True)
class Establishment:
    """A place where a company works; empty text and no point where the register does not say.

    Attributes
    ----------
    company
        The legal unit's name; ``name`` is the sign over the door when there is one.
    activity_code
        The NAF code, with its dot: ``10.51C``.
    closed
        Whether it has ceased its activity.
    """

    siret: str
    name: str
    company: str = ""
    activity_code: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    point: Point | None = None
    closed: bool = False


class BusinessRegister(Protocol):
    """Anything that knows establishments by their number."""

    def establishment(self, siret: str) -> Establishment | None:
        """Return the establishment, or None when there is none; ``RegisterSilentError`` without an answer."""
        ...


class BusinessSearch(Service):
    """A register behind an address such as ``https://host/search``."""

    name = "business search service"

    def establishment(self, siret: str) -> Establishment | None:
        """Return the establishment of this number."""
        try:
            body = self.ask({"q": siret, "page": "1", "per_page": "1"})
        except (OSError, HTTPException) as error:
            raise RegisterSilentError(str(error)) from error
        return establishment_of(body, siret)


def establishment_of(body: bytes, siret: str) -> Establishment | None:
    """Return the establishment of this number in an answer of the service, None when it is not there.

    Raises
    ------
    RegisterSilentError
        If the body is not such an answer.
    """
    try:
        for company in json.loads(body)["results"]:
            for place in (*(company.get("matching_etablissements") or ()), company.get("siege") or {}):
                if place.get("siret") == siret:
                    return _establishment(company, place)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegisterSilentError("not an answer of a business search service") from error
    return None


def _establishment(company: Mapping[str, Any], place: Mapping[str, Any]) -> Establishment:
    legal_name = _text(company, "nom_raison_sociale") or _text(company, "nom_complet")
    signs = [_plain(sign) for sign in place.get("liste_enseignes") or ()]
    sign = next((sign for sign in signs if sign), "") or _text(place, "nom_commercial")
    return Establishment(
        siret=str(place["siret"]),
        name=sign or legal_name,
        company=legal_name,
        activity_code=_text(place, "activite_principale") or _text(company, "activite_principale"),
        # The service writes the town behind the street; a head office also has its parts apart.
        address=TOWN.sub("", _text(place, "adresse")),
        postcode=_text(place, "code_postal") or _postcode(_text(place, "adresse")),
        city=_text(place, "libelle_commune"),
        point=_point(place),
        closed=place.get("etat_administratif") == CLOSED,
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    return _plain(values.get(name))


def _plain(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if WITHHELD in text else text


def _postcode(address: str) -> str:
    found = re.search(r"\b(\d{5})\b", address)
    return found[1] if found else ""


def _point(place: Mapping[str, Any]) -> Point | None:
    """Return the point, which the service writes as text and leaves out where it does not know."""
    try:
        return Point(float(place["longitude"]), float(place["latitude"]))
    except (KeyError, TypeError, ValueError, InvalidPointError):
        return None
