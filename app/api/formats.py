"""Which format an ``Accept`` header asks for."""

from __future__ import annotations

from app.errors import NotAcceptableError
from app.services.exports import MEDIA_TYPES, Format

_BY_MEDIA_TYPE = {media.split(";")[0]: form for form, media in MEDIA_TYPES.items()}
_BY_MEDIA_TYPE |= {
    "*/*": Format.JSON,
    "application/*": Format.JSON,
    "text/*": Format.CSV,
    "text/html": Format.JSON,
}


def asked_format(accept: str | None) -> Format:
    """Return the format the client prefers, JSON when it does not say.

    Raises
    ------
    NotAcceptableError
        If it takes none of the formats.
    """
    if not accept:
        return Format.JSON
    ranked = sorted(map(_weighed, accept.split(",")), key=lambda entry: -entry[0])
    for weight, media_type in ranked:
        if weight > 0 and media_type in _BY_MEDIA_TYPE:
            return _BY_MEDIA_TYPE[media_type]
    raise NotAcceptableError([form.value for form in Format])


def _weighed(part: str) -> tuple[float, str]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:]), media_type
            except ValueError:
                return 0.0, media_type
    return 1.0, media_type
