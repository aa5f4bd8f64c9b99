"""Messages in the reader's language: English templates are the keys, French comes from the ``.po`` files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from matching.messages import LocalName, Message

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
# Beyond this babel has not enough digits, and nobody reads so many.
LARGEST_WRITTEN_OUT = 1e15
# Between thousands, and before decimals (CLDR).
SEPARATORS = {"fr": ("\u202f", ","), "en": (",", ".")}
# Below this, six decimals are within the precision of a float.
SHORT = 1e9


@lru_cache(maxsize=1)
def french() -> Mapping[str, str]:
    """Return every French translation by its English template, all domains together."""
    found: dict[str, str] = {}
    folder = files("app.translations") / "fr"
    for table in sorted((f for f in folder.iterdir() if f.name.endswith(".po")), key=lambda f: f.name):
        with table.open("rb") as handle:
            for entry in read_po(handle, locale="fr"):
                if entry.id and isinstance(entry.id, str) and entry.string:
                    found[entry.id] = str(entry.string)
    return found


def templates(language: str) -> Mapping[str, str]:
    """Return what sentences are in a language, by their English templates; missing ones stay English."""
    return french() if language == "fr" else {}


def gettext(text: str, language: str, **params: object) -> str:
    """Return ``text`` in ``language``, its ``{braces}`` filled in; the English itself when untranslated."""
    template = templates(language).get(text, text)
    if not params:
        return template
    return template.format_map({key: shown(value, language) for key, value in params.items()})


def translate(message: Message, language: str) -> str:
    """Return a ``Message`` as a sentence in ``language`` (``fr`` or ``en``)."""
    return gettext(message.text, language, **message.params)


def shown(value: object, language: str) -> str:
    """Return a parameter as it is written in ``language``: names, nested messages, numbers, text."""
    if isinstance(value, LocalName):
        return value.in_language(language)
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not abs(value) < LARGEST_WRITTEN_OUT:
        return f"{value:g}"
    return _written(value, language)


@lru_cache(maxsize=65_536)
def _written(value: float, language: str) -> str:
    """Return a number to six decimals at most, as babel writes it."""
    if language not in SEPARATORS or abs(value) >= SHORT or round(value, 6) != value:
        return format_decimal(value, format="#,##0.######", locale=language)
    # Pages hold hundreds of numbers, and babel takes about fifty times as long.
    whole, _, decimals = f"{value:,.6f}".partition(".")
    group, point = SEPARATORS[language]
    decimals = decimals.rstrip("0")
    return whole.replace(",", group) + (point + decimals if decimals else "")


def pick_language(accepted: str | None) -> str:
    """Return the first language of an ``Accept-Language`` header or of a locale that exists here."""
    for part in (accepted or "").replace("_", "-").lower().split(","):
        language = part.split(";")[0].strip().split("-")[0].split(".")[0]
        if language in LANGUAGES:
            return language
    return DEFAULT_LANGUAGE
