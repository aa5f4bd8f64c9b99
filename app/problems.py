"""RFC 9457: the one table from what is refused to the problem a client reads, and its handlers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app import errors
from app.translations import gettext, pick_language, translate
from matching.errors import InvalidFlowError, InvalidParametersError, MatchingError
from matching.messages import N_, Message

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its stable name, and its title."""

    status: int
    name: str
    title: str


INVALID = Kind(422, "invalid-input", N_("Some fields must be corrected"))
UNEXPECTED = Kind(500, "unexpected", N_("Something went wrong on our side"))

# The first class that the error is an instance of decides.
KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (errors.InvalidInputError, INVALID),
    (errors.MissingError, Kind(404, "not-found", N_("Not found"))),
    (errors.NotSignedInError, Kind(401, "not-signed-in", N_("Sign-in needed"))),
    (errors.NotPermittedError, Kind(403, "not-permitted", N_("Not permitted"))),
    (errors.ForgedRequestError, Kind(403, "forged-request", N_("Request refused"))),
    (errors.VersionMissingError, Kind(428, "version-missing", N_("If-Match is missing"))),
    (errors.StaleVersionError, Kind(412, "stale-version", N_("Changed in the meantime"))),
    (errors.ConflictError, Kind(409, "conflict", N_("Conflict"))),
    (errors.TooManyTriesError, Kind(429, "too-many-tries", N_("Too many tries"))),
    (errors.TooManyError, Kind(429, "too-many", N_("Too many at once"))),
    (errors.NotYetReadError, Kind(503, "not-yet-read", N_("Starting"))),
    (errors.TooLargeError, Kind(413, "too-large", N_("File too large"))),
    (errors.NotAcceptableError, Kind(406, "not-acceptable", N_("Unknown format"))),
    (MatchingError, INVALID),
)

# What pydantic refuses, by the type of its error; anything else says OTHERWISE.
SHAPES: Mapping[str, str] = {
    "missing": N_("This field is required: fill it in."),
    "extra_forbidden": N_("This field does not exist here: check its name."),
    "enum": N_("“{value}” is not accepted: use one of {expected}."),
    "literal_error": N_("“{value}” is not accepted: use one of {expected}."),
    "string_type": N_("Give text."),
    "string_too_long": N_("This is too long: {max_length} characters at most."),
    "string_too_short": N_("This is too short: {min_length} characters at least."),
    "string_pattern_mismatch": N_("“{value}” does not have the expected form ({pattern})."),
    "finite_number": N_("Give a finite number."),
    "float_parsing": N_("“{value}” is not a number."),
    "float_type": N_("Give a number."),
    "int_parsing": N_("“{value}” is not a whole number."),
    "int_type": N_("Give a whole number."),
    "int_from_float": N_("Give a whole number."),
    "bool_type": N_("Give true or false."),
    "bool_parsing": N_("“{value}” is neither true nor false."),
    "greater_than": N_("Give a number greater than {gt}."),
    "greater_than_equal": N_("Give {ge} or more."),
    "less_than": N_("Give a number less than {lt}."),
    "less_than_equal": N_("Give {le} or less."),
    "too_short": N_("Give at least {min_length}."),
    "too_long": N_("Give at most {max_length}."),
    "date_from_datetime_parsing": N_("“{value}” is not a date: write 2026-12-31."),
    "date_parsing": N_("“{value}” is not a date: write 2026-12-31."),
    "date_type": N_("Give a date such as 2026-12-31."),
    "json_invalid": N_("The body is not valid JSON."),
}
OTHERWISE = N_("This value is not accepted.")
REQUESTS: Mapping[int, str] = {
    404: N_("There is nothing at this address."),
    405: N_("This address does not take this method."),
    413: N_("The request is larger than this server takes."),
    415: N_("This kind of body is not accepted here."),
}


def install(application: FastAPI) -> None:
    """Answer every refusal with a problem."""
    for kind in (errors.AppError, MatchingError):
        application.add_exception_handler(kind, _refused)
    application.add_exception_handler(RequestValidationError, _malformed)
    application.add_exception_handler(HTTPException, _http)
    application.add_exception_handler(Exception, _unexpected)


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem an error is."""
    return next((kind for cls, kind in KINDS if isinstance(error, cls)), UNEXPECTED)


def problem(request: Request, kind: Kind, detail: str, wrong: Sequence[Mapping[str, Any]] = ()) -> Response:
    """Return the answer of a problem."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": f"urn:entreflux:problem:{kind.name}",
        "title": gettext(kind.title, language),
        "status": kind.status,
        "detail": detail,
        "instance": request.url.path,
    }
    if wrong:
        body["errors"] = list(wrong)
    headers = {"Content-Language": language}
    if kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, kind.status, headers, MEDIA_TYPE)


def language_of(request: Request) -> str:
    """Return the language the client reads."""
    return pick_language(request.headers.get("accept-language"))


def _refused(request: Request, error: Exception) -> Response:
    language = language_of(request)
    message = getattr(error, "message", Message(str(error)))
    answer = problem(request, kind_of(error), translate(message, language), _wrong_fields(error, language))
    if isinstance(error, errors.TooManyTriesError | errors.NotYetReadError):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _wrong_fields(error: Exception, language: str) -> list[dict[str, Any]]:
    if isinstance(error, errors.InvalidInputError):
        return [_wrong_field(wrong, language) for wrong in error.errors]
    if isinstance(error, InvalidFlowError):
        return [_wrong_field(errors.FieldError(error.field, error.message), language)]
    if isinstance(error, InvalidParametersError):
        return [_wrong_field(errors.FieldError("parameters", error.message), language)]
    return []


def _wrong_field(wrong: errors.FieldError, language: str) -> dict[str, Any]:
    where = {"row": wrong.row, "sheet": wrong.sheet} if wrong.row is not None else {}
    return {**where, "field": wrong.field, "message": translate(wrong.message, language)}


def _malformed(request: Request, error: Exception) -> Response:
    language = language_of(request)
    found = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = [
        {"field": _path(one["loc"]), "message": translate(_shape_message(one), language)} for one in found
    ]
    detail = gettext(N_("Some fields must be corrected. Nothing was stored."), language)
    return problem(request, INVALID, detail, wrong)


def _path(location: Sequence[object]) -> str:
    # Choices inside a union add a segment such as "constrained-str": it means nothing to the client.
    inner = [str(part) for part in location[1:] if str(part) not in ("float", "str", "constrained-str")]
    return ".".join(inner) or str(location[0])


def _shape_message(one: Mapping[str, Any]) -> Message:
    template = SHAPES.get(one["type"], OTHERWISE)
    value = str(one.get("input", ""))[:100]
    params = {"value": value} | {name: str(held) for name, held in (one.get("ctx") or {}).items()}
    if "expected" in params:
        params["expected"] = params["expected"].replace("'", "").replace(" or ", ", ")
    return Message(template, params)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = REQUESTS.get(status, OTHERWISE)
    kind = Kind(status, f"http-{status}", text)
    response = problem(request, kind, gettext(text, language_of(request)))
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("Unexpected error", exc_info=error)
    return unexpected(request)


def unexpected(request: Request) -> Response:
    """Return the answer to an error that nobody foresaw; nothing of it is shown."""
    text = N_("The request failed. Nothing was stored; try again, then tell whoever runs this server.")
    return problem(request, UNEXPECTED, gettext(text, language_of(request)))
