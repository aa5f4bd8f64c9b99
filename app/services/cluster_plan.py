"""The tables of all parts made one: texts, sites and activities numbered once, sites cut into cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.readers.parquet_cells import grouped
from geo.projections import earth_centred_km
from matching.blocks.digits import decimals
from matching.partitions import Cells, split

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
# After each part of a key: less than any letter, so that a shorter text goes before a longer one.
END = "\x1f"
# Decimals of degrees by which two places of one name are one site, as ``matching.columns`` has it.
SITE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Numbering:
    """What turns the numbers of one part into those of the whole table."""

    text: Longs
    site: Longs
    activity: Longs


@dataclass(frozen=True, slots=True)
class Plan:
    """What the parts of a table have in common.

    Attributes
    ----------
    texts
        Distinct texts of the table.
    site, site_rank, position_km
        For each distinct place of a site: the site's number, its rank by content, where it is.
    cells
        The cells of these places.
    numberings
        One for each part.
    """

    texts: pa.Table
    activities: tuple[str, ...]
    site: Longs
    site_rank: Longs
    position_km: Floats
    cells: Cells
    numberings: tuple[Numbering, ...]


def plan_of(
    texts: Sequence[pa.Table], sites: Sequence[pa.Table], activities: Sequence[tuple[str, ...]], parts: int
) -> Plan:
    """Return the plan of a table from what its parts hold, its places cut into ``parts`` cells."""
    all_texts, text_numbers = _united(texts, texts[0].column_names)
    table, site_numbers = _united(sites, ["name", "siret", "lon", "lat"])
    rows = pa.concat_tables(sites)
    outputs = np.bincount(
        np.concatenate(site_numbers), weights=rows["outputs"].to_numpy(), minlength=len(table)
    )
    codes = {
        code: number for number, code in enumerate(dict.fromkeys(code for a in activities for code in a))
    }
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    position = earth_centred_km(lon, lat)
    return Plan(
        texts=all_texts,
        activities=tuple(codes),
        site=_site_numbers(table, lon, lat),
        site_rank=_site_ranks(table),
        position_km=position,
        cells=split(position, outputs.astype(np.int64), parts),
        numberings=tuple(
            Numbering(text, site, np.array([codes[code] for code in part], dtype=np.int64))
            for text, site, part in zip(text_numbers, site_numbers, activities, strict=True)
        ),
    )


def _united(tables: Sequence[pa.Table], names: Sequence[str]) -> tuple[pa.Table, list[Longs]]:
    """Return the distinct rows of tables by the columns ``names``, and each table's numbers in them."""
    rows = pa.concat_tables(tables)
    first, numbers = grouped([_codes(rows[name]) for name in names])
    edges = np.cumsum([0, *(len(table) for table in tables)])
    parts = [numbers[start:stop] for start, stop in pairwise(edges.tolist())]
    return rows.take(pa.array(first)), parts


def _codes(column: pa.ChunkedArray) -> tuple[Longs, int]:
    if pa.types.is_floating(column.type):
        values, numbers = np.unique(column.to_numpy(), return_inverse=True)
        return numbers, len(values)
    encoded = pa.concat_arrays(column.chunks).dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)


def _site_numbers(table: pa.Table, lon: Floats, lat: Floats) -> Longs:
    places = [np.unique(decimals(axis, SITE_DECIMALS), return_inverse=True) for axis in (lon, lat)]
    _, numbers = grouped([_codes(table["name"]), *((number, len(values)) for values, number in places)])
    return numbers


def _site_ranks(table: pa.Table) -> Longs:
    ranks = [_text_ranks(table[name]) for name in ("name", "siret", "place")]
    order = np.lexsort(ranks[::-1])
    changes = np.zeros(len(order), dtype=bool)
    for rank in ranks:
        changes[1:] |= rank[order][1:] != rank[order][:-1]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.cumsum(changes)
    return found


def _text_ranks(column: pa.ChunkedArray) -> Longs:
    """Return the rank of each text among the distinct ones, by the code points of its letters."""
    encoded = pa.concat_arrays(column.chunks).dictionary_encode()
    texts = pc.binary_join_element_wise(encoded.dictionary, END, "")
    order = pc.sort_indices(texts).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[encoded.indices.to_numpy()])
