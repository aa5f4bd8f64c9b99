"""Synergies as they are kept, written out at once: what many of them say is written once."""

from __future__ import annotations

import orjson

from app.exports.document import member_document, synergy_document
from matching.messages import LocalName, Message
from matching.results import Member, Synergy

# Sentences and names are not written field by field.
OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


class PackedDocuments:
    """Writes what ``document.frozen`` gives as JSON, without making it first."""

    def __init__(self) -> None:
        # By identity, with the object itself, so that no other one takes its place in memory.
        self._members: dict[int, tuple[Member, orjson.Fragment]] = {}

    def packed(self, synergy: Synergy) -> orjson.Fragment:
        """Return the frozen document of a synergy as a piece of JSON."""
        return _piece(synergy_document(synergy, _as_it_is, _as_it_is, self._member))

    def _member(self, member: Member) -> orjson.Fragment:
        known = self._members.get(id(member))
        if known is None:
            known = self._members[id(member)] = member, _piece(member_document(member))
        return known[1]


def _as_it_is(message: Message) -> Message:
    return message


def _piece(document: object) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(document, default=_outline, option=OPTIONS))


def _outline(value: object) -> object:
    """Return what ``document.freeze`` gives, one level at a time: the writer asks for what is inside."""
    if isinstance(value, Message):
        return {"text": value.text, "params": value.params}
    if isinstance(value, LocalName):
        return {"fr": value.fr, "en": value.en}
    raise TypeError(type(value).__name__)
