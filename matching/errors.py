"""What the matching core refuses, without any notion of HTTP or of files."""

from __future__ import annotations

from matching.messages import Message


class MatchingError(Exception):
    """Base of the errors of this package; ``message`` can be shown in the user's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class InvalidFlowError(MatchingError):
    """A flow or a site breaks an invariant; ``field`` names the offending column of the contract."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message)
        self.field = field


class UnknownUnitError(InvalidFlowError):
    """A unit that is not in the table of units."""


class CatalogueError(MatchingError):
    """The catalogue's data files contradict each other."""


class UnknownResourceError(MatchingError):
    """A resource id that the catalogue does not hold."""


class InvalidParametersError(MatchingError):
    """Weights, reaches or prices out of their range."""
