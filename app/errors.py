"""What the application refuses, without any notion of HTTP; ``problems`` gives each its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.messages import N_, Message


class AppError(Exception):
    """Base of the refusals; ``message`` can be shown in the user's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: where it stands (a row when there is a table) and the remedy."""

    field: str
    message: Message
    row: int | None = None
    sheet: str | None = None


class InvalidInputError(AppError):
    """One or several fields are wrong; nothing was stored."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(Message(N_("Some fields must be corrected. Nothing was stored.")))
        self.errors = tuple(errors)

    @classmethod
    def on(cls, field: str, message: Message) -> InvalidInputError:
        """Return the error of one field."""
        return cls([FieldError(field, message)])


class MissingError(AppError):
    """No such row, or one that the principal may not see: the same answer for both."""

    def __init__(self) -> None:
        super().__init__(Message(N_("There is nothing here under this identifier.")))


class NotSignedInError(AppError):
    """The request has no valid key and no valid session."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Sign in, or send a valid key: “Authorization: Bearer KEY”.")))


class NotPermittedError(AppError):
    """The principal is known, and its role does not allow this."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Your role does not allow this: ask an operator of this server.")))


class ForgedRequestError(AppError):
    """A change asked with a cookie, and without the proof that our own page asked for it."""

    def __init__(self) -> None:
        super().__init__(Message(N_("This change does not come from our own page: reload it and try again.")))


class VersionMissingError(AppError):
    """A change without ``If-Match``."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Send the ETag you have read in the header If-Match.")))


class StaleVersionError(AppError):
    """Somebody changed the row in between."""

    def __init__(self) -> None:
        super().__init__(
            Message(N_("Somebody changed this in the meantime: read it again, then redo your change."))
        )


class ConflictError(AppError):
    """The request contradicts what is stored."""


class TooManyError(AppError):
    """So many of these are under way that another one must wait."""


class TooManyTriesError(AppError):
    """So many tries in so little time that the next one must wait ``retry_after_s`` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        text = N_("Too many tries: wait {minutes} min, then try again.")
        super().__init__(Message(text, {"minutes": -(-retry_after_s // 60)}))
        self.retry_after_s = retry_after_s


class NotYetReadError(AppError):
    """The flows of a territory are being read since the server started: ask again in ``retry_after_s``."""

    def __init__(self, retry_after_s: int) -> None:
        text = N_("The server has just started and is still reading this territory: ask again in a moment.")
        super().__init__(Message(text))
        self.retry_after_s = retry_after_s


class TooLargeError(AppError):
    """The file is larger than the server takes."""

    def __init__(self, limit_bytes: int) -> None:
        text = N_("The file is too large: {megabytes} MB at most.")
        super().__init__(Message(text, {"megabytes": limit_bytes // (1024 * 1024)}))


class NotAcceptableError(AppError):
    """None of the formats asked for exists here."""

    def __init__(self, formats: Sequence[str]) -> None:
        text = N_("This format does not exist here: ask for one of {formats}.")
        super().__init__(Message(text, {"formats": ", ".join(formats)}))
