"""From data files to a checked catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from matching.catalogue import tables
from matching.catalogue.model import (
    Catalogue,
    Conversion,
    Factor,
    Reach,
    Requirement,
    Resource,
    Rule,
    WasteCode,
)
from matching.catalogue.tables import split
from matching.catalogue.validation import check
from matching.errors import CatalogueError
from matching.messages import N_, LocalName, Message
from matching.model import Kind

Built = TypeVar("Built")
# The catalogue's English words for units, and the contract's symbols.
UNIT_SYMBOLS = {"pallet": "palette", "unit": "unité", "day": "jour", "trip": "trajet"}
REQUIREMENT = re.compile(r"^\s*([a-z_0-9]+)\s*(<=|>=|<|>)\s*(-?[0-9.]+)\s*$")


def load_catalogue() -> Catalogue:
    """Return the catalogue of the package, read and checked once (see ``matching.kept``)."""
    # What keeps it keeps the classifier with it, which is made of it.
    from matching.kept import parts

    return parts()[0]


def read_catalogue() -> Catalogue:
    """Return the catalogue of the package, read anew.

    Raises
    ------
    CatalogueError
        If the data files contradict each other; the message names file and row.
    """
    resources = _with_wordings(_keyed(tables.read_folder("resources"), "id", _resource))
    children: dict[str, list[str]] = defaultdict(list)
    for resource in resources.values():
        if resource.parent:
            children[resource.parent].append(resource.resource_id)
    catalogue = Catalogue(
        resources=resources,
        rules=tuple(_keyed(tables.read_folder("rules"), "id", _rule).values()),
        factors=_keyed(_table("factors.csv"), "key", _factor),
        reaches=_keyed(_table("reaches.csv"), "key", _reach),
        waste_codes=_keyed(_table("list_of_waste.csv"), "code", _waste_code),
        waste_chapters={
            row["code"]: LocalName(row["label_fr"], row["label_en"])
            for row in tables.read_rows("list_of_waste_chapters.csv")
        },
        conversions=tuple(_conversion(row) for row in tables.read_rows("conversions.csv")),
        children={parent: tuple(sorted(ids)) for parent, ids in children.items()},
        digest=tables.digest(),
    )
    check(catalogue)
    return catalogue


def _table(name: str) -> list[tuple[str, dict[str, str]]]:
    return [(name, row) for row in tables.read_rows(name)]


def _keyed(
    rows: list[tuple[str, dict[str, str]]], key: str, build: Callable[[dict[str, str]], Built]
) -> dict[str, Built]:
    """Return what ``build`` makes of each row by its key; an unreadable or repeated row is named."""
    found: dict[str, Built] = {}
    for file, row in rows:
        name = {"file": file, "id": row[key]}
        if row[key] in found:
            raise CatalogueError(Message(N_("{file}: {id} stands twice."), name))
        try:
            found[row[key]] = build(row)
        except ValueError as error:
            raise CatalogueError(
                Message(N_("{file}, {id}: {error}"), {**name, "error": str(error)})
            ) from error
    return found


def _resource(row: dict[str, str]) -> Resource:
    question = LocalName(row["question_fr"], row["question_en"]) if row["question_fr"] else None
    return Resource(
        resource_id=row["id"],
        parent=row["parent"],
        kind=Kind(row["kind"]),
        role=row["role"] or "both",
        name=LocalName(row["name_fr"], row["name_en"]),
        synonyms_fr=split(row["synonyms_fr"]),
        synonyms_en=split(row["synonyms_en"]),
        not_words=split(row["not_words"]),
        waste_codes=split(row["waste_codes"]),
        activities_out=split(row["activities_out"]),
        activities_in=split(row["activities_in"]),
        job_code=row["job_code"],
        unit=UNIT_SYMBOLS.get(row["unit"], row["unit"]),
        reach=row["reach"] or "any_material",
        pool_out=split(row["pool_out"]),
        pool_in=split(row["pool_in"]),
        properties=frozenset(split(row["properties"])),
        refuses=frozenset(split(row["refuses"])),
        interchange=float(row["interchange"] or 0),
        question=question,
        source=row["source"],
    )


def _with_wordings(resources: dict[str, Resource]) -> dict[str, Resource]:
    """Add to each resource what else people call it, from the files of ``wordings``."""
    found = dict(resources)
    for file, row in tables.read_folder("wordings"):
        resource = found.get(row["resource"])
        if resource is None:
            names = {"file": file, "id": row["resource"]}
            raise CatalogueError(Message(N_("{file}: {id} is not a resource."), names))
        found[resource.resource_id] = replace(
            resource,
            synonyms_fr=resource.synonyms_fr + split(row["wordings_fr"]),
            synonyms_en=resource.synonyms_en + split(row["wordings_en"]),
        )
    return found


def _requirements(cell: str) -> tuple[Requirement, ...]:
    found = []
    for part in cell.split(";"):
        if not part.strip():
            continue
        match = REQUIREMENT.match(part)
        if match is None:
            raise ValueError(f"“{part}” is not a condition such as moisture_pct<=20")
        found.append(Requirement(match[1], match[2], float(match[3])))
    return tuple(found)


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        rule_id=row["id"],
        from_resource=row["from_resource"],
        to_resource=row["to_resource"],
        form=row["form"] or "direct",
        mode=row["mode"] or "material",
        strength=float(row["strength"]),
        receiver_activities=split(row["receiver_activities"]),
        donor_activities=split(row["donor_activities"]),
        requires=_requirements(row["requires"]),
        refuses=frozenset(split(row["refuses"])),
        accepts=frozenset(split(row["accepts"])),
        max_km=float(row["max_km"]) if row["max_km"] else None,
        replaced_per_unit=float(row["replaced_per_unit"] or 1),
        co2_key=row["co2_key"],
        price_key=row["price_key"],
        gate_key=row["gate_key"],
        conditions=LocalName(row["conditions_fr"], row["conditions_en"]),
        treatment=LocalName(row["treatment_fr"], row["treatment_en"]),
        source=row["source"],
        status=row["status"],
        year=row["year"],
    )


def _factor(row: dict[str, str]) -> Factor:
    value = float(row["value"])
    return Factor(
        key=row["key"],
        category=row["category"],
        item=LocalName(row["item_fr"], row["item_en"]),
        value=value,
        unit=row["unit"],
        low=float(row["low"] or value),
        high=float(row["high"] or value),
        year=row["year"],
        source=row["source"],
        status=row["status"],
    )


def _reach(row: dict[str, str]) -> Reach:
    return Reach(row["key"], float(row["full_km"]), float(row["half_km"]), float(row["cut_km"]))


def _waste_code(row: dict[str, str]) -> WasteCode:
    return WasteCode(
        code=row["code"],
        hazardous=row["hazardous"] == "1",
        entry_type=row["entry_type"],
        mirror=split(row["mirror_code"]),
        label=LocalName(row["label_fr"], row["label_en"]),
        words_fr=split(row["words_fr"]),
        words_en=split(row["words_en"]),
    )


def _conversion(row: dict[str, str]) -> Conversion:
    return Conversion(row["resource"], row["from_unit"], row["to_unit"], float(row["factor"]), row["source"])
