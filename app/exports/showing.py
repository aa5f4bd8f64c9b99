"""Synergies as documents in the reader's language, made one at a time as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from typing import overload

from app.exports.document import Document, synergy_document
from app.exports.table import CRITERIA_NAMES, SEPARATOR, Row
from app.translations import gettext, shown
from matching.messages import Message
from matching.results import Estimate, Synergy

# Sentences kept in the reader's words; a few MB.
KEPT_SENTENCES = 20_000


class ShownDocuments(Sequence[Document]):
    """What ``localised(frozen(synergy))`` gives for each synergy, never all of it in memory."""

    def __init__(self, synergies: Sequence[Synergy], language: str) -> None:
        self._synergies = synergies
        self._language = language
        # By identity, with the message itself, so that no other one takes its place in memory.
        self._said: dict[int, tuple[Message, str]] = {}

    def __len__(self) -> int:
        return len(self._synergies)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> ShownDocuments: ...
    def __getitem__(self, index: int | slice) -> Document | ShownDocuments:
        """Return one document, or those of a slice, still to be made."""
        if isinstance(index, slice):
            part = copy(self)
            part._synergies = self._synergies[index]
            return part
        return self._shown(self._synergies[index])

    def __iter__(self) -> Iterator[Document]:
        return map(self._shown, self._synergies)

    def rows(self) -> Iterator[Row]:
        """Yield the row of each document (see ``app.exports.table``) without making the document."""
        names = {name: f"{said} " for name, said in CRITERIA_NAMES[self._language].items()}
        for synergy in self._synergies:
            yield (
                synergy.synergy_id, synergy.kind.value, synergy.form, synergy.score, synergy.confidence,
                synergy.resource, synergy.rule,
                SEPARATOR.join([f"{m.flow.site.name} — {m.flow.label}" for m in synergy.members]),
                synergy.quantity_per_year, synergy.unit, synergy.distance_km,
                SEPARATOR.join([f"{names[name]}{c.value}" for name, c in synergy.criteria.items()]),
                *_figures(synergy.saving_eur), *_figures(synergy.saving_tco2e),
                SEPARATOR.join(map(self._usual, synergy.assumptions)),
                SEPARATOR.join([self._usual(warning.message) for warning in synergy.warnings]),
                SEPARATOR.join(map(self._usual, synergy.missing)),
                self._own(synergy.next_step), self._own(synergy.explanation),
            )  # fmt: skip

    def _shown(self, synergy: Synergy) -> Document:
        return synergy_document(synergy, self._usual, self._own)

    def _own(self, message: Message) -> str:
        """Return ``translate`` of a sentence; one that it quotes is quoted by many others."""
        template, params = gettext(message.text, self._language), message.params
        if not params:
            return template
        return template.format_map(
            {name: value if type(value) is str else self._param(value) for name, value in params.items()}
        )

    def _param(self, value: object) -> str:
        return self._usual(value) if isinstance(value, Message) else shown(value, self._language)

    def _usual(self, message: Message) -> str:
        """Return a sentence that many synergies share, translated once."""
        known = self._said.get(id(message))
        if known is not None:
            return known[1]
        if len(self._said) >= KEPT_SENTENCES:
            self._said.clear()
        text = self._own(message)
        self._said[id(message)] = message, text
        return text


def _figures(estimate: Estimate | None) -> tuple[float | None, ...]:
    return (None, None, None) if estimate is None else (estimate.middle, estimate.low, estimate.high)
