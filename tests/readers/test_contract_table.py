"""The contract's own flow table in CSV: every row read, or refused by name."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.readers import read_table
from matching.model import Kind, Period, Precision, Quantity, Range, Reliability
from tests.readers.builders import Nowhere, complaints, read, understood

HEADER = "site,company,siret,direction,kind,label,quantity,unit,period,lon,lat,waste_code,months".split(",")
GOOD = dict(
    zip(
        HEADER,
        [
            "Usine A",
            "A",
            "",
            "output",
            "material",
            "Sciure",
            "12.5",
            "t",
            "year",
            "5.2",
            "43.4",
            "030105",
            "",
        ],
        strict=True,
    )
)


def csv_of(*rows: dict[str, str], header: list[str] = HEADER, delimiter: str = ",") -> str:
    lines = [delimiter.join(header), *(delimiter.join(row.get(name, "") for name in header) for row in rows)]
    return "\n".join(lines) + "\n"


def test_a_full_row_is_read_as_declared() -> None:
    row = {**GOOD, "quantity": "150-200", "period": "month", "months": "11-2"}
    flow = read(csv_of(row), "f.csv").flows[0]
    assert flow.quantity == Quantity(Range(150, 200), "t", Period.MONTH)
    assert (flow.kind, flow.waste_code, flow.months) == (Kind.MATERIAL, "030105", frozenset({11, 12, 1, 2}))
    assert (flow.row, flow.sheet, flow.reliability) == (2, None, Reliability.QUANTIFIED)
    assert (flow.site.name, flow.site.lon, flow.site.lat) == ("Usine A", 5.2, 43.4)


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"direction": "sideways"}, "direction", "input"),
        ({"direction": ""}, "direction", "input"),
        ({"kind": "stuff"}, "kind", "material"),
        ({"label": ""}, "label", "label"),
        ({"site": ""}, "site", "site"),
        ({"unit": "brouettes"}, "unit", "brouettes"),
        ({"unit": "bennes"}, "unit", "bennes"),
        ({"unit": ""}, "unit", "unit"),
        ({"period": "century"}, "period", "year"),
        ({"quantity": "-1"}, "quantity", "negative"),
        ({"quantity": "inf"}, "quantity", "finite"),
        ({"quantity": "nan"}, "quantity", "finite"),
        ({"quantity": "beaucoup"}, "quantity", "beaucoup"),
        ({"quantity": "200-150"}, "quantity", "smaller"),
        ({"lat": "143.4"}, "lat", "-90"),
        ({"lon": "500"}, "lon", "-180"),
        ({"lon": "43.4", "lat": "5.2"}, "lon", "swapped"),
        ({"lon": ""}, "lon", "together"),
        ({"lat": "ici"}, "lat", "ici"),
        ({"siret": "12345678901234"}, "siret", "14 digits"),
        ({"waste_code": "999999"}, "waste_code", "6 digits"),
        ({"months": "13"}, "months", "1-3;9-12"),
    ],
)
def test_each_bad_cell_is_named_with_its_row_and_a_remedy(
    change: dict[str, str], field: str, word: str
) -> None:
    result = read(csv_of(GOOD, {**GOOD, **change}, {**GOOD, "label": "Copeaux"}), "f.csv")
    assert complaints(result, "error") == [(3, field)]
    assert word in str(result.errors[0].message)
    assert [flow.label for flow in result.flows] == ["Sciure", "Copeaux"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("temperature_c", "chaud"),
        ("moisture_pct", "140"),
        ("available_from", "bientôt"),
        ("reliability", "9"),
        ("legal_status", "truc"),
        ("hazardous", "peut-être"),
        ("temperature_c", "-300"),
        ("unit_cost_eur", "inf"),
    ],
)
def test_a_bad_optional_cell_is_named(column: str, cell: str) -> None:
    result = read(csv_of({**GOOD, column: cell}, header=[*HEADER, column]), "f.csv")
    assert complaints(result, "error") == [(2, column)]


def test_every_wrong_cell_of_a_row_is_told_at_once() -> None:
    result = read(csv_of({**GOOD, "direction": "?!", "unit": "brouettes", "siret": "1"}), "f.csv")
    assert {field for _, field in complaints(result, "error")} == {"direction", "unit", "siret"}


@given(st.permutations(HEADER))
@settings(max_examples=25, deadline=None)
def test_the_order_of_columns_does_not_matter(header: list[str]) -> None:
    assert read(csv_of(GOOD, header=header), "f.csv").flows == read(csv_of(GOOD), "f.csv").flows


@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("cp1252", b""), ("utf-16", b"")]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets(encoding: str, bom: bytes, delimiter: str) -> None:
    text = csv_of({**GOOD, "label": "Déchets d’œufs à 5 €"}, delimiter=delimiter)
    result = read(bom + text.encode(encoding), "f.csv")
    assert [flow.label for flow in result.flows] == ["Déchets d’œufs à 5 €"]


def test_decimal_commas_in_a_semicolon_file() -> None:
    row = {**GOOD, "quantity": "1 200,5", "lon": "5,2", "lat": "43,4"}
    flow = read(csv_of(row, delimiter=";"), "f.csv").flows[0]
    assert flow.quantity is not None
    assert flow.quantity.value == Range.of(1200.5)
    assert (flow.site.lon, flow.site.lat) == (5.2, 43.4)


def test_a_dot_is_decimal_in_the_contract_table_even_before_three_digits() -> None:
    flow = read(csv_of({**GOOD, "quantity": "1.250"}), "f.csv").flows[0]
    assert flow.quantity is not None
    assert flow.quantity.value == Range.of(1.25)


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    text = (
        csv_of({**GOOD, "label": '"deux\nlignes"'}, {**GOOD, "unit": "brouettes"})
        + "\n"
        + csv_of(GOOD).splitlines()[1]
    )
    result = read(text, "f.csv")
    assert complaints(result, "error") == [(3, "unit")]
    assert [flow.row for flow in result.flows] == [2, 5]


def test_a_site_without_coordinates_is_placed_at_its_commune_and_says_so() -> None:
    header = [*HEADER, "postcode", "city"]
    row = {**GOOD, "lon": "", "lat": "", "postcode": "13127", "city": "Vitrolles"}
    result = read(csv_of(row, header=header), "f.csv")
    site = result.flows[0].site
    assert site.precision is Precision.COMMUNE
    assert site.lon == pytest.approx(5.25, abs=0.05)
    assert complaints(result, "info") == [(2, "city")]
    assert result.sites == (site,)


def test_a_site_with_no_place_at_all_is_kept_unplaced() -> None:
    result = read_table(csv_of({**GOOD, "lon": "", "lat": ""}).encode(), "f.csv", Nowhere())
    assert result.flows[0].site.precision is Precision.UNPLACED
    assert complaints(result, "warning") == [(2, "city")]


def test_five_days_a_week_where_said() -> None:
    rows = [{**GOOD, "unit": "trajet", "period": period} for period in ("day", "5 j/7")]
    with_weekdays = {**GOOD, "unit": "trajet", "period": "day", "weekdays": "lun-ven"}
    yearly = [
        flow[3] for flow in understood(csv_of(*rows, with_weekdays, header=[*HEADER, "weekdays"]), "f.csv")
    ]
    assert yearly == [12.5 * 365, 12.5 * 260, 12.5 * 260]


def test_the_kind_is_guessed_when_absent_and_said() -> None:
    rows = [
        {**GOOD, "kind": "", "label": "Vapeur à 8 bar", "unit": "MWh", "waste_code": ""},
        {**GOOD, "kind": "", "label": "Cariste à temps partagé", "unit": "ETP", "waste_code": ""},
        {**GOOD, "kind": "", "label": "Palettes perdues", "waste_code": "150103"},
        {**GOOD, "kind": "", "label": "Local de stockage", "unit": "m2", "waste_code": ""},
    ]
    result = read(csv_of(*rows), "f.csv")
    assert [flow.kind for flow in result.flows] == [Kind.ENERGY, Kind.SKILL, Kind.PACKAGING, Kind.SPACE]
    assert complaints(result, "info") == [(row, "kind") for row in range(2, 6)]


def test_the_reliability_follows_the_quantity() -> None:
    rows = [{**GOOD, "quantity": "", "unit": ""}, {**GOOD, "reliability": "5"}]
    flows = read(csv_of(*rows, header=[*HEADER, "reliability"]), "f.csv").flows
    assert [flow.reliability for flow in flows] == [Reliability.DECLARED, Reliability.MEASURED]


def test_equal_rows_are_kept_in_the_contract_table_and_pointed_out() -> None:
    result = read(csv_of(GOOD, GOOD), "f.csv")
    assert len(result.flows) == 2
    assert complaints(result, "warning") == [(3, "label")]


def test_a_formula_is_just_text() -> None:
    result = read(csv_of({**GOOD, "label": "=cmd|'/C calc'!A0"}), "f.csv")
    assert result.flows[0].label == "=cmd|'/C calc'!A0"


def test_sites_of_one_name_and_two_places_stay_apart() -> None:
    rows = [{**GOOD, "site": "Magasin", "lon": lon} for lon in ("5.2", "5.4", "5.2")]
    result = read(csv_of(*rows), "f.csv")
    assert [site.lon for site in result.sites] == [5.2, 5.4]


def test_the_flows_do_not_depend_on_the_order_of_rows() -> None:
    rows = [{**GOOD, "label": f"Flux {number}", "quantity": str(number)} for number in range(30)]
    shuffled = random.Random(3).sample(rows, len(rows))
    first, second = (sorted(understood(csv_of(*table), "f.csv")) for table in (rows, shuffled))
    assert first == second


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0old", b"bonjour\nle monde\n"]
)
def test_a_file_that_holds_no_table_is_unreadable_and_says_why(content: bytes) -> None:
    result = read(content, "f.csv")
    assert not result.readable
    assert [finding.field for finding in result.errors] == ["file"]


def test_a_header_without_rows_is_readable_and_holds_no_flow() -> None:
    result = read(csv_of(), "f.csv")
    assert result.readable
    assert result.flows == ()
