"""The requests of a working day: half pages of synergies, a third matches of a flow, the rest single rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.service_load import Query, Sent

PAGES_SHARE, MATCHES_SHARE = 1 / 2, 1 / 3
# How often a page is followed by the next one, and how many pages wait to be asked at most.
DEEPER_SHARE = 0.4
WAITING = 500
SORTS = ("-score", "-saving_eur_per_year", "distance_km", "-quantity_per_year", "-confidence", "-created_at")
BOX_DEGREES = (0.02, 0.05, 0.1, 0.5)
NEAR_KM = (2, 5, 10, 20)


@dataclass(slots=True)
class Known:
    """What requests may name: rows that exist, and points where sites stand."""

    synergies: Sequence[str]
    flows: Sequence[str]
    sites: Sequence[tuple[str, float, float]]
    resources: Sequence[str]


@dataclass(slots=True)
class Mix:
    """Draws requests; pages lead to the pages after them."""

    known: Known
    dice: random.Random
    limit: int
    matches: bool = True
    only: str = ""
    _following: list[tuple[str, Query]] = field(default_factory=list)

    def draw(self) -> Sent:
        """Return the next request."""
        if self.only:
            return self._page(self.only) if self.only.startswith("page") else self._named(self.only)
        drawn = self.dice.random()
        if drawn < PAGES_SHARE:
            return self._page()
        if self.matches and drawn < PAGES_SHARE + MATCHES_SHARE:
            return self._named("matches")
        return self._named(self.dice.choice(("synergy", "flow", "site")))

    def _named(self, kind: str) -> Sent:
        flow = self.dice.choice(self.known.flows)
        paths = {
            "matches": f"/api/v1/flows/{flow}/matches",
            "synergy": f"/api/v1/synergies/{self.dice.choice(self.known.synergies)}",
            "flow": f"/api/v1/flows/{flow}",
            "site": f"/api/v1/sites/{self.dice.choice(self.known.sites)[0]}",
        }
        return Sent(kind, paths[kind])

    def _page(self, only: str = "") -> Sent:
        if self._following and self.dice.random() < DEEPER_SHARE and not only:
            kind, query = self._following.pop(self.dice.randrange(len(self._following)))
            return self._sent(kind, query)
        kind, query = self._narrowed(only)
        return self._sent(kind, {"limit": self.limit} | query)

    def _sent(self, kind: str, query: Query) -> Sent:
        def keep(cursor: str) -> None:
            if len(self._following) < WAITING:
                deeper = kind if kind.endswith("deep") else f"{kind} deep"
                self._following.append((deeper, query | {"cursor": cursor}))

        return Sent(kind, "/api/v1/synergies", query, keep)

    def _narrowed(self, only: str) -> tuple[str, Query]:
        dice = self.dice
        _, lon, lat = dice.choice(self.known.sites)
        half = dice.choice(BOX_DEGREES) / 2
        box = f"{lon - half:.5f},{lat - half:.5f},{lon + half:.5f},{lat + half:.5f}"
        choices: dict[str, Query] = {
            "page": {},
            "page sorted": {"sort": dice.choice(SORTS)},
            "page by kind": {"kind": dice.choice(("substitution", "mutualisation", "loop"))},
            "page by form": {
                "form": dice.choice(("direct", "treated", "joint_purchase", "joint_collection"))
            },
            "page by score": {"min_score": dice.randrange(30, 90), "sort": dice.choice(SORTS)},
            "page by status": {"status": dice.choice(("contacted", "study", "running"))},
            "page by resource": {"resource": dice.choice(self.known.resources)},
            "page in box": {"bbox": box, "sort": dice.choice(("-score", *SORTS))},
            "page near": {"near": f"{lon},{lat}", "within_km": dice.choice(NEAR_KM), "min_score": 40},
            "page of site": {"site": dice.choice(self.known.sites)[0]},
        }
        kind = only or dice.choice(tuple(choices))
        return kind, choices[kind]
