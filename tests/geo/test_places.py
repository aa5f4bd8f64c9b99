"""Addresses and sentences to places, without a network."""

from __future__ import annotations

import pytest

from geo.address_service import AddressService, located
from geo.destinations import place_named_in
from geo.distance import great_circle_km
from geo.gazetteer import built_in_gazetteer, communes, department_of
from geo.geocoding import FirstOf, Located, offline_geocoder

ANSWER = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", '
    b'"coordinates": [5.2561, 43.4382]}, "properties": {"label": "12 Rue de Rome 13127 Vitrolles", '
    b'"score": 0.93, '
    b'"type": "housenumber", "postcode": "13127", "city": "Vitrolles"}}]}'
)


def km_between(place: Located | None, lon: float, lat: float) -> float:
    assert place is not None
    return float(great_circle_km(place.lon, place.lat, lon, lat))


@pytest.mark.parametrize(
    ("address", "postcode", "city", "name"),
    [
        ("", "13127", "Vitrolles", "Vitrolles"),
        ("", "", "VITROLLES", "Vitrolles"),
        ("", "13270", "fos sur mer", "Fos-sur-Mer"),
        ("", "", "Fos s/ Mer", "Fos-sur-Mer"),
        ("", "6700", "St-Laurent du Var", "Saint-Laurent-du-Var"),
        ("", "", "13600 La Ciotat", "La Ciotat"),
        ("", "", "Ciotat (La)", "La Ciotat"),
        ("", "13130", "Berre", "Berre-l'Étang"),
        ("", "13500", "Martigue", "Martigues"),
        ("", "13344", "Marseille cedex 15", "Marseille"),
        ("", "13013", "Marseille", "Marseille 13e Arrondissement"),
        ("", "", "Lyon 3ème", "Lyon 3e Arrondissement"),
        ("", "", "Saint-Denis (974)", "Saint-Denis"),
        ("", "20090", "", "Ajaccio"),
        ("12 rue de Rome, 13127 Vitrolles", "", "", "Vitrolles"),
        ("12 rue de Rome\n13127 Vitrolles", "", "", "Vitrolles"),
    ],
)
def test_a_commune_is_found_however_it_is_written(address: str, postcode: str, city: str, name: str) -> None:
    found = offline_geocoder().locate(address, postcode, city)
    assert found is not None
    assert (found.name, found.precision) == (name, "commune")


@pytest.mark.parametrize(
    ("city", "postcode"), [("Atlantis", ""), ("", "99999"), ("", ""), ("Nulle-Part", "98765")]
)
def test_an_unknown_place_is_not_invented(city: str, postcode: str) -> None:
    assert offline_geocoder().locate("", postcode, city) is None


def test_the_postcode_chooses_between_homonyms() -> None:
    north = offline_geocoder().locate("", "93200", "Saint-Denis")
    island = offline_geocoder().locate("", "97400", "Saint-Denis")
    assert km_between(north, 2.357, 48.936) < 3
    assert km_between(island, 55.45, -20.88) < 3


def test_without_a_postcode_the_most_populous_homonym_is_meant() -> None:
    assert km_between(offline_geocoder().locate("", "", "Saint-Denis"), 55.45, -20.88) < 5


def test_towns_are_where_they_are() -> None:
    for city, lon, lat in [("Marseille", 5.37, 43.296), ("Dunkerque", 2.377, 51.034), ("Brest", -4.49, 48.39),
                           ("Ajaccio", 8.739, 41.919), ("Strasbourg", 7.752, 48.573)]:  # fmt: skip
        assert km_between(offline_geocoder().locate("", "", city), lon, lat) < 5


def test_every_commune_lies_in_its_country_and_has_a_postcode() -> None:
    table = communes()
    assert len(table) > 34_000
    mainland = [c for c in table if len(c.department) == 2]
    assert all(-5.3 < c.lon < 9.7 and 41.2 < c.lat < 51.2 for c in mainland)
    assert all(len(postcode) == 5 for c in table for postcode in c.postcodes)


def test_departments_of_postcodes() -> None:
    assert [department_of(code) for code in ("13127", "20000", "20290", "97400")] == ["13", "2A", "2B", "974"]


def test_the_shared_gazetteer_is_loaded_once() -> None:
    assert offline_geocoder() is built_in_gazetteer()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vers Lyon", "Lyon"),
        ("Camion à vide de Vitrolles vers Lyon", "Lyon"),
        ("de Aix-en-Provence vers Lyon", "Lyon"),
        ("Navette de Vitrolles à Marseille", "Marseille"),
        ("région lyonnaise", "Grand Lyon"),
        ("axe Rhône-Alpes", "Rhône-Alpes"),
        ("Fos", "Golfe de Fos"),
        ("port de Marseille", "Port de Marseille"),
        ("PACA", "Provence-Alpes-Côte d'Azur"),
        ("Bouches-du-Rhône", "Bouches-du-Rhône"),
        ("navette La Ciotat", "La Ciotat"),
        ("covoiturage depuis Aubagne", "Aubagne"),
        ("fret vers Barcelone", "Barcelone"),
        ("cartons vers Tours", "Tours"),
        ("palettes vers le Lot", "Lot"),
    ],
)
def test_the_place_a_sentence_names(text: str, name: str) -> None:
    found = place_named_in(text)
    assert found is not None
    assert found.name == name


def test_an_area_tells_how_wide_it_is() -> None:
    wide, town = place_named_in("région parisienne"), place_named_in("vers Lyon")
    assert wide is not None
    assert town is not None
    assert wide.radius_km > 20 > town.radius_km == 0


@pytest.mark.parametrize(
    "text",
    [
        "livraison de palettes",
        "sel de déneigement",
        "eau de mer",
        "bois de chauffage",
        "complément de lot de 4 palettes",
        "manche de pioche, lot de 12",
        "depuis la gare",
        "",
        "12 t",
    ],
)
def test_a_sentence_without_a_place_names_none(text: str) -> None:
    assert place_named_in(text) is None


def test_the_address_service_gives_the_exact_point() -> None:
    asked: list[str] = []

    def fetch(url: str, timeout_s: float) -> bytes:
        asked.append(url)
        return ANSWER

    service = AddressService("https://example.invalid/search/", fetcher=fetch)
    for _ in range(2):
        found = service.locate("12 rue de Rome", "13127", "Vitrolles")
    assert found == Located(5.2561, 43.4382, "point", "12 Rue de Rome 13127 Vitrolles")
    assert asked == [
        "https://example.invalid/search/?q=12+rue+de+Rome+13127+Vitrolles&limit=1&autocomplete=0&postcode=13127"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((b'"score": 0.93', b'"score": 0.2'), None),
        ((b'"housenumber"', b'"municipality"'), "commune"),
        ((b'"type": "Feature", "geometry"', b'"geometry"'), "point"),
    ],
)
def test_an_unsure_answer_is_none_and_a_commune_is_said_to_be_one(
    change: tuple[bytes, bytes], expected: str | None
) -> None:
    found = located(ANSWER.replace(*change))
    assert (found.precision if found else None) == expected


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"features": [{}]}', b'{"features": 3}', b"\xff"])
def test_a_broken_answer_is_no_place(body: bytes) -> None:
    service = AddressService("https://example.invalid/search/", fetcher=lambda url, timeout_s: body)
    assert service.locate("rue", "", "Lyon") is None


def test_a_silent_service_leaves_the_gazetteer_to_answer() -> None:
    def fail(url: str, timeout_s: float) -> bytes:
        raise OSError("no route")

    chain = FirstOf([AddressService("https://example.invalid/", fetcher=fail), offline_geocoder()])
    found = chain.locate("12 rue de Rome", "13127", "Vitrolles")
    assert found is not None
    assert (found.name, found.precision) == ("Vitrolles", "commune")


def test_only_web_addresses_are_asked() -> None:
    with pytest.raises(ValueError, match="http"):
        AddressService("file:///etc/passwd")
