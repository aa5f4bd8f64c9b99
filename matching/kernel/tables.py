"""What the compiled search reads: tables of numbers, one record a flow, link or receiver."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Records = NDArray[Any]

# Bits of a flow's ``nature``.
GOODS, NEVER_GOODS, ENERGY = 1, 2, 4

# Ranges are (low, high), NaN where not declared; positions are earth-centred km, NaN where unknown;
# ``…_start`` and ``…_stop`` cut the tables of readings, stems, phrases and words; ``rank`` settles ties.
_NUMBERS = ("x", "y", "z", "to_x", "to_y", "to_z", "value", "lot")
_RANGES = ("temperature", "concentration", "moisture")
_RUNS = ("reading", "phrase", "stem", "word")
_CODES = ("rank", "site", "unit", "months", "active_months", "activity", "nature")
FLOW = np.dtype(
    [
        *((name, np.float64) for name in _NUMBERS),
        *((f"{name}_{end}", np.float64) for name in _RANGES for end in ("low", "high")),
        *((name, np.uint64) for name in ("has", "refuses", "conflicts")),
        *((f"{name}_{end}", np.int64) for name in _RUNS for end in ("start", "stop")),
        *((name, np.int32) for name in _CODES),
    ],
    align=True,
)
# A link from an output's resource to an input's; ``met`` is the one whose flows a search reads, the input's
# unless it goes backwards; ``fit_row`` is -1 where no activity is named.
BASIS = np.dtype(
    [
        *((name, np.float64) for name in ("strength", "log_strength", "full_km", "half_km", "cut_km")),
        *((name, np.uint64) for name in ("offered", "needed", "refused", "accepted", "presumed", "nature")),
        ("needed_conflicts", np.uint64),
        ("condition_start", np.int64),
        ("condition_stop", np.int64),
        *((name, np.int32) for name in ("met", "fit_row", "cold", "heat")),
    ],
    align=True,
)
READING = np.dtype(
    [("certainty", np.float64), ("log_certainty", np.float64), ("resource", np.int32)], align=True
)
# What is known of a receiver met by one of its readings, in one line of the cache; ``x``, ``y`` and ``z`` are
# from the middle of the grid, ``share`` is one over the active months.
POSTING = np.dtype(
    [
        ("log_certainty", np.float64),
        ("has", np.uint64),
        *((name, np.float32) for name in ("x", "y", "z", "value", "inverse", "share")),
        *((name, np.int32) for name in ("flow", "site", "rank", "code", "cell", "marks")),
    ],
    align=True,
)
# Bits of a posting's ``marks``, above those of ``nature``: the receiver has no other reading; it refuses or
# is contradicted by something; only the exact score can tell what it is worth.
ALONE, CHOOSY, INTRICATE = 8, 16, 32
# ``attribute``: 0 not known here, 1 temperature, 2 concentration, 3 moisture.
CONDITION = np.dtype([("value", np.float64), ("attribute", np.int32), ("at_least", np.int32)], align=True)
# Cells of latitude and longitude, in radians; ``x``, ``y`` and ``z`` are the middle of what it covers, and
# ``radius_km`` is how far from there a receiver lies at most.
GRID = np.dtype(
    [
        *((name, np.float64) for name in ("south", "west", "height", "width", "x", "y", "z", "radius_km")),
        *((name, np.int64) for name in ("rows", "columns")),
    ],
    align=True,
)
# A receiver that only words bring to an output.
WORD = np.dtype([("strength", np.float64), ("flow", np.int32), ("basis", np.int32)], align=True)

TERM_NAMES = (
    "material", "quantity", "timing", "distance", "quality", "unknown_quantity", "unknown_distance",
    "unknown_condition", "least_quality", "nothing_to_check", "unfit_receiver", "road_factor",
    "same_destination_km", "tiny_share", "heat_gap_k", "carnot_share", "minimum_cop", "heat_pump_max_c",
    "heat_pump_factor",
)  # fmt: skip
# Criteria that come up again and again, by their logarithms.
LOG_NAMES = (
    "unknown_quantity", "unknown_distance", "unknown_condition", "least_quality", "nothing_to_check",
    "unfit_receiver", "heat_pump_factor",
)  # fmt: skip
MASK_NAMES = ("default_refused", "asked_qualities", "never_assumed", "heat_pump", "direct_exchange")
TERMS = np.dtype(
    [
        *((name, np.float64) for name in TERM_NAMES),
        *((f"log_{name}", np.float64) for name in LOG_NAMES),
        *((name, np.uint64) for name in MASK_NAMES),
        ("backwards", np.int64),
    ],
    align=True,
)


class Wordings(NamedTuple):
    """Stems that somebody excludes, sorted: those of each phrase, and those each flow is called by."""

    phrase_start: Longs
    phrase: Ints
    stem: Ints


class Links(NamedTuple):
    """Links between resources.

    ``number[r, s]`` is the link's number or -1; ``order`` has the links of each resource that a search
    starts from, strongest first, cut by ``start``; ``fits[row, activity]`` tells whether a rule names the
    activity.
    """

    number: Ints
    start: Longs
    order: Ints
    fits: Bytes
    conditions: Records


class Postings(NamedTuple):
    """Receivers by resource, then cell of the grid, row by row.

    ``start[s, c]`` is where cell ``c`` of resource ``s`` begins, the last cell being that of unplaced
    receivers. The columns that follow are for a first sieve: single precision, with a margin; ``value`` is
    NaN where unknown, ``code`` the unit and, in its twelve lowest bits, the months. ``met`` has the rest.
    """

    start: Ints
    x: Singles
    y: Singles
    z: Singles
    log_certainty: Singles
    value: Singles
    code: Ints
    cell: Ints
    met: Records


class Local(NamedTuple):
    """Room in which a thread puts the receivers of one resource together, and what may be among the best.

    ``numbers`` and ``codes`` are the same bytes, in blocks as ``lanes`` reads them; ``source`` and ``link``
    are the posting and the link of each receiver (below 0 where only the full score can tell what it is
    worth), ``tail`` what a key has below the score; ``start`` cuts them by cell, ``said`` is what each link
    says of all of its own. ``scores`` and ``held`` are the blocks that may have some of the best; ``near``
    are those scored finely, ``place`` where they stand and ``tenths`` what they are worth; ``keys`` are as in
    ``Kept``, those of receivers ``judged`` by their full score first, ``ordered`` the same, largest first.
    """

    numbers: Singles
    codes: Ints
    source: Ints
    tail: Longs
    link: Ints
    start: Ints
    said: Records
    scores: Singles
    held: Ints
    near: Singles
    near_codes: Ints
    tenths: Ints
    place: Ints
    keys: Longs
    ordered: Longs
    judged: Singles


class Kept(NamedTuple):
    """The best flows for one, best first: the first ``state[COUNT]`` of ``keys``.

    A key is a score in tenths, a rank turned round so that the first of equals is the largest, and a link's
    number, in one integer. ``state[AIM]`` is the logarithm of what a flow must reach to enter, with a margin;
    ``sites`` goes with ``keys`` where only the best of each site counts; ``bounds`` and
    ``heap`` are room for a run.
    """

    keys: Longs
    sites: Ints
    state: Floats
    bounds: Singles
    heap: Longs


COUNT, AIM = 0, 1
MONTH_BITS = 12


class Problem(NamedTuple):
    """Everything one search reads; ``grid`` and ``terms`` have one record.

    A search goes from outputs to inputs; where ``terms`` says backwards, from inputs to outputs.
    """

    flows: Records
    bases: Records
    readings: Records
    words: Records
    wordings: Wordings
    links: Links
    postings: Postings
    grid: Records
    terms: Records
