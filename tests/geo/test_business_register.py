"""The register of establishments, against recorded shapes of its answers."""

from __future__ import annotations

from http.client import IncompleteRead
from pathlib import Path

import pytest

from geo.business_register import BusinessSearch, Establishment, RegisterSilentError, establishment_of
from geo.points import Point

RECORDED = Path(__file__).parents[1] / "data" / "business_register"
SITE, HEAD_OFFICE, WITHHELD = "73282932000017", "73282932000074", "40483304800022"


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


def test_a_siret_gives_the_sign_the_activity_the_address_and_the_point() -> None:
    """The establishment asked for is read, not the head office that stands beside it."""
    asked: list[str] = []

    def fetch(url: str, timeout_s: float) -> bytes:
        asked.append(url)
        return recorded("establishment")

    found = BusinessSearch("https://example.invalid/search", fetcher=fetch).establishment(SITE)
    assert found == Establishment(
        siret=SITE,
        name="LES SALINS",
        company="BRASSERIE DES SALINS",
        activity_code="11.05Z",
        address="12 QUAI DES SALINS",
        postcode="13270",
        city="FOS-SUR-MER",
        point=Point(4.9445, 43.4379),
    )
    assert asked == [f"https://example.invalid/search?q={SITE}&page=1&per_page=1"]


def test_a_head_office_bears_the_name_of_the_company() -> None:
    """Without a sign over its door, the place is called as its legal unit."""
    found = establishment_of(recorded("establishment"), HEAD_OFFICE)
    assert found is not None
    assert (found.name, found.activity_code, found.city) == ("BRASSERIE DES SALINS", "70.10Z", "MARTIGUES")


def test_what_a_person_withholds_stays_empty() -> None:
    """A register that may not name somebody leaves the name and the street to be typed."""
    found = establishment_of(recorded("withheld"), WITHHELD)
    assert found == Establishment(
        siret=WITHHELD, name="", activity_code="96.02A", postcode="13270", city="FOS-SUR-MER", closed=True
    )


def test_another_number_in_the_answer_is_not_taken_for_ours() -> None:
    """A full-text search may answer with somebody else."""
    assert establishment_of(recorded("establishment"), WITHHELD) is None
    assert establishment_of(b'{"results": []}', SITE) is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"results": [3]}', b'{"results": null}', b"\xff"])
def test_an_answer_of_another_shape_counts_as_none(body: bytes) -> None:
    """A proxy's page or a changed service never fills in anything."""
    with pytest.raises(RegisterSilentError):
        establishment_of(body, SITE)


@pytest.mark.parametrize("failure", [OSError("no route"), TimeoutError(), IncompleteRead(b"")])
def test_a_silent_service_says_so(failure: Exception) -> None:
    """Whatever breaks on the way is one error to the caller."""

    def fail(url: str, timeout_s: float) -> bytes:
        raise failure

    with pytest.raises(RegisterSilentError):
        BusinessSearch("https://example.invalid/search", fetcher=fail).establishment(SITE)


def test_only_web_addresses_are_asked() -> None:
    """A setting cannot make the server read its own files."""
    with pytest.raises(ValueError, match="http"):
        BusinessSearch("file:///etc/passwd")
