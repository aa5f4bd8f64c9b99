"""Synergies as documents in the reader's language, made one at a time as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import overload

from app.exports.document import Document, synergy_document
from app.exports.sentences import KEPT, Kept, Sentences, unchanged
from app.exports.table import CRITERIA_NAMES, SEPARATOR, Row
from matching.briefs import Brief, briefs_of
from matching.ranking import RankedSynergies
from matching.results import Estimate, Member, Synergy, SynergyKind


class ShownDocuments(Sequence[Document]):
    """What ``localised(frozen(synergy))`` gives for each synergy, never all of it in memory."""

    def __init__(self, synergies: Sequence[Synergy], language: str) -> None:
        self._synergies = synergies
        self._language = language
        self._sentences = Sentences(language)
        self._tables: dict[Callable[[str], str], _Table] = {}

    def __len__(self) -> int:
        return len(self._synergies)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> ShownDocuments: ...
    def __getitem__(self, index: int | slice) -> Document | ShownDocuments:
        """Return one document, or those of a slice, still to be made."""
        if isinstance(index, slice):
            part, whole = copy(self), self._synergies
            part._synergies = whole.part(index) if isinstance(whole, RankedSynergies) else whole[index]
            return part
        return self._shown(self._synergies[index])

    def __iter__(self) -> Iterator[Document]:
        return map(self._shown, self._synergies)

    def rows(self, written: Callable[[str], str] = unchanged) -> Iterator[Row]:
        """Yield the row of each document (see ``app.exports.table``) without making the document."""
        table = self._tables.get(written)
        if table is None:
            table = self._tables[written] = _Table(self._language, written)
        whole = self._synergies
        return map(table.row, whole.briefs() if isinstance(whole, RankedSynergies) else briefs_of(whole))

    def _shown(self, synergy: Synergy) -> Document:
        return synergy_document(synergy, self._sentences.usual, self._sentences.own)


class _Table:
    """Briefs as rows; what many rows say is written once."""

    def __init__(self, language: str, written: Callable[[str], str]) -> None:
        self._sentences = Sentences(language, written)
        self._names = CRITERIA_NAMES[language]
        self._patterns: dict[tuple[str, ...], str] = {}
        self._kinds = {kind: kind.value for kind in SynergyKind}
        self._values: Kept[float, str] = Kept(str)
        # By identity, with the member itself, so that no other one takes its place in memory.
        self._members: dict[int, tuple[Member, str]] = {}

    def row(self, brief: Brief) -> Row:
        """Return the cells of a synergy, in the order of ``COLUMNS``."""
        (
            synergy_id, kind, form, score, confidence, resource, rule, members, quantity, unit, distance_km,
            criteria, values, eur, carbon, assumptions, warnings, missing, next_step, explanation,
        ) = brief  # fmt: skip
        said, words = self._sentences, self._sentences.words
        usual, values_said = said.usual, self._values
        return (
            synergy_id, self._kinds[kind], form and words[form], score, confidence,
            resource and words[resource], rule and words[rule], SEPARATOR.join(map(self._member, members)),
            quantity, unit and words[unit], distance_km,
            self._pattern(criteria) % tuple([values_said[value] for value in values]),
            *_figures(eur), *_figures(carbon),
            SEPARATOR.join(map(usual, assumptions)),
            SEPARATOR.join([usual(warning.message) for warning in warnings]),
            SEPARATOR.join(map(usual, missing)),
            said.own(next_step), said.own(explanation),
        )  # fmt: skip

    def _member(self, member: Member) -> str:
        known = self._members.get(id(member))
        if known is not None:
            return known[1]
        if len(self._members) >= KEPT:
            self._members.clear()
        words, flow = self._sentences.words, member.flow
        text = f"{words[flow.site.name]} — {words[flow.label]}"
        self._members[id(member)] = member, text
        return text

    def _pattern(self, criteria: tuple[str, ...]) -> str:
        """Return how criteria stand in their cell, a place for the value of each."""
        known = self._patterns.get(criteria)
        if known is None:
            known = self._patterns[criteria] = SEPARATOR.join(f"{self._names[name]} %s" for name in criteria)
        return known


def _figures(estimate: Estimate | None) -> tuple[float | None, ...]:
    return (None, None, None) if estimate is None else (estimate.middle, estimate.low, estimate.high)
