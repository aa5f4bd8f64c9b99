"""Many sentences in one language: each template looked up once, each word written out once."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter
from typing import TypeVar

from app.translations import gettext, shown
from matching.messages import Message

# Sentences and words kept as they are written: what the flows of a region say, tens of MB at most.
KEPT = 100_000
K = TypeVar("K")
M = TypeVar("M")


def unchanged(text: str) -> str:
    """Return a text as it is."""
    return text


class Kept(dict[K, M]):
    """What is made of a thing, worked out when first asked for; emptied when it holds too many."""

    def __init__(self, make: Callable[[K], M]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, thing: K) -> M:
        if len(self) >= KEPT:
            self.clear()
        made = self[thing] = self._make(thing)
        return made


class Sentences:
    """What ``app.translations.translate`` returns for each of many messages.

    Parameters
    ----------
    written
        What is made of each piece of a sentence before it takes its place in it, such as XML's own signs
        written out; pieces come from templates and from what declarants wrote.
    """

    def __init__(self, language: str, written: Callable[[str], str] = unchanged) -> None:
        self._language = language
        self.words = Kept(written)
        self._templates: Kept[str, tuple[str, tuple[str, ...]]] = Kept(
            lambda text: _pattern(written(gettext(text, language)))
        )
        self._figures: Kept[float, str] = Kept(lambda value: written(shown(value, language)))
        # By identity, with the message itself, so that no other one takes its place in memory.
        self._said: dict[int, tuple[Message, str]] = {}

    def own(self, message: Message) -> str:
        """Return a sentence; one that it quotes is quoted by many others."""
        params, words = message.params, self.words
        if not params:
            # As ``gettext`` has it: what nothing fills is no template.
            return words[gettext(message.text, self._language)]
        pattern, names = self._templates[message.text]
        said = [params[name] for name in names]
        return pattern % tuple([words[one] if type(one) is str else self._param(one) for one in said])

    def _param(self, value: object) -> str:
        if type(value) is float:
            return self._figures[value]
        return self.usual(value) if isinstance(value, Message) else self.words[shown(value, self._language)]

    def usual(self, message: Message) -> str:
        """Return a sentence that many synergies share, translated once."""
        known = self._said.get(id(message))
        if known is not None:
            return known[1]
        if len(self._said) >= KEPT:
            self._said.clear()
        text = self.own(message)
        self._said[id(message)] = message, text
        return text


def _pattern(template: str) -> tuple[str, tuple[str, ...]]:
    """Return a template as ``%`` fills it, many times faster, and the names of its places in their order."""
    parts, names = [], []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(literal.replace("%", "%%"))
        if name is not None:
            parts.append("%s")
            names.append(name)
    return "".join(parts), tuple(names)
