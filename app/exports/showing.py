"""Synergies as documents in the reader's language, made one at a time as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from app.exports.document import Document, synergy_document
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
        return synergy_document(synergy, self._usual, self._own)

    def _own(self, message: Message) -> str:
        return translate(message, self._language)

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
