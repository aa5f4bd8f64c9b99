"""The catalogue's data files hold together and hold what they promise."""

from __future__ import annotations

import hashlib

import pytest

from matching.catalogue.loader import load_catalogue
from matching.catalogue.tables import read_rows
from matching.model import Kind

# SHA-256 of the 842 "code,hazardous" lines of Commission Decision 2014/955/EU, sorted.
LIST_OF_WASTE_DIGEST = "9c4bc3c7281fb4ae56d7e32dc78f692cf9adbf5bb8ad30ef2a0cc46642c2af67"


def test_the_list_of_waste_has_exactly_the_official_codes_and_hazard_flags() -> None:
    rows = sorted(f"{row['code']},{row['hazardous']}" for row in read_rows("list_of_waste.csv"))
    assert len(rows) == 842
    assert hashlib.sha256("\n".join(rows).encode()).hexdigest() == LIST_OF_WASTE_DIGEST


def test_every_waste_code_has_its_own_label_in_both_languages() -> None:
    codes = load_catalogue().waste_codes.values()
    assert len({code.label.fr for code in codes}) == len({code.label.en for code in codes}) == 842


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_flow_has_resources(kind: Kind) -> None:
    assert sum(resource.kind is kind for resource in load_catalogue().resources.values()) >= 15


def test_the_catalogue_is_as_deep_as_promised() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.resources) >= 350
    assert len(catalogue.rules) >= 200


def test_every_resource_can_be_named_in_both_languages_by_more_than_its_name() -> None:
    bare = [
        r.resource_id for r in load_catalogue().resources.values() if not r.synonyms_fr or not r.synonyms_en
    ]
    assert bare == []


def test_every_rule_says_its_source_and_status() -> None:
    assert {rule.status for rule in load_catalogue().rules} <= {"S", "R", "R2", "K", "D", "E"}


def test_every_constant_has_a_source() -> None:
    for table in (
        "weights.csv",
        "reaches.csv",
        "pool_forms.csv",
        "pool_minimums.csv",
        "minimum_lots.csv",
        "factors.csv",
    ):
        assert [row for row in read_rows(table) if not row["source"]] == []


def test_the_tree_is_walked_from_leaf_to_root() -> None:
    catalogue = load_catalogue()
    line = catalogue.lineage("pallet-broken")
    assert line[0] == "pallet-broken"
    assert catalogue.resources[line[-1]].parent == ""
    assert "pallet-broken" in catalogue.descendants(line[-1])
