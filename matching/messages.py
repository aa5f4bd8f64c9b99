"""Sentences as data: an English template that is also the key of its translations.

The core says what it means with ``Message``; ``app.translations`` renders it in the user's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:
    """Mark ``text`` for translation and return it unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class LocalName:
    """A name that exists in both languages, such as a resource's."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.en

    def in_language(self, language: str) -> str:
        """Return the name in ``language`` (``fr`` or ``en``)."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to show: ``text`` is the English template, ``params`` fill its ``{braces}``.

    Parameters may be strings, numbers, ``LocalName`` or nested ``Message``.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)
    code: str = ""

    def __str__(self) -> str:
        return self.text.format_map({key: _plain(value) for key, value in self.params.items()})


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    return str(value)
