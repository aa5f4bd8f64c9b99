"""One result document for a plan: the best at the top, the others within."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Document = dict[str, Any]
# Where the planners say what their members save a year, the first that is there.
SAVINGS = (("saving_eur_per_year",), ("yearly", "saving_eur"), ("totals", "eur"), ("saving_eur",))


def one_document(documents: Sequence[Document]) -> Document:
    """Return the document that saves most with the rest, best first, as its ``others``.

    Documents that do not say what they save come last, in the order in which they were given; with a single
    document nothing is added.
    """
    first, *rest = ranked(documents)
    return {**first, "others": rest} if rest else first


def ranked(documents: Sequence[Document]) -> list[Document]:
    """Return the documents by what their members save, largest first, the unsaid last."""
    saved = [saving_eur(document) for document in documents]
    order = sorted(range(len(documents)), key=lambda i: (saved[i] is None, -(saved[i] or 0.0)))
    return [documents[i] for i in order]


def saving_eur(document: Mapping[str, Any]) -> float | None:
    """Return what the members of a plan save together, EUR; None where the plan does not say."""
    content = document["plan"]
    groups = content.get("growths") or content.get("groups")
    if groups and not groups[0].get("fits", True):
        return None
    if groups:
        value = groups[0].get("gain_eur_per_year", groups[0].get("saving_eur_per_year"))
        return None if value is None else float(value)
    for path in SAVINGS:
        value = content
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, int | float):
            return float(value)
    return None
