"""Synergies as documents in the reader's language, made one at a time as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from app.exports.document import Document, estimate_document, member_document
from app.translations import translate
from matching.messages import Message
from matching.results import Synergy

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
    def __getitem__(self, index: slice) -> list[Document]: ...
    def __getitem__(self, index: int | slice) -> Document | list[Document]:
        """Return one document, or those of a slice."""
        if isinstance(index, slice):
            return [self._shown(synergy) for synergy in self._synergies[index]]
        return self._shown(self._synergies[index])

    def __iter__(self) -> Iterator[Document]:
        return map(self._shown, self._synergies)

    def _shown(self, synergy: Synergy) -> Document:
        language, usual = self._language, self._usual
        return {
            "id": synergy.synergy_id,
            "kind": synergy.kind.value,
            "form": synergy.form,
            "score": synergy.score,
            "confidence": synergy.confidence,
            "resource": synergy.resource,
            "rule": synergy.rule,
            "members": [member_document(member) for member in synergy.members],
            "quantity_per_year": synergy.quantity_per_year,
            "unit": synergy.unit,
            "distance_km": synergy.distance_km,
            "criteria": {
                name: {"value": c.value, "weight": round(c.weight, 4), "why": usual(c.why)}
                for name, c in synergy.criteria.items()
            },
            **estimate_document("saving_eur", "saving_eur_per_year", synergy.saving_eur),
            **estimate_document("saving_tco2e", "saving_tco2e_per_year", synergy.saving_tco2e),
            "assumptions": [usual(message) for message in synergy.assumptions],
            "warnings": [{"code": w.code, "message": usual(w.message)} for w in synergy.warnings],
            "missing": [usual(message) for message in synergy.missing],
            "next_step": translate(synergy.next_step, language),
            "explanation": translate(synergy.explanation, language),
        }

    def _usual(self, message: Message) -> str:
        """Return a sentence that many synergies share, translated once."""
        known = self._said.get(id(message))
        if known is not None:
            return known[1]
        if len(self._said) >= KEPT_SENTENCES:
            self._said.clear()
        text = translate(message, self._language)
        self._said[id(message)] = message, text
        return text
