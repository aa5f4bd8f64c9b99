"""What clients send and read of the desk: comments, named lists, people, what is set aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.schemas.common import Given, Id, Text
from app.services.desk import LONGEST_COMMENT

ViewName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
# As many criteria as an address holds.
Query = Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=30)]


class PersonShown(BaseModel):
    """Somebody who works for a territory."""

    assignee: str
    name: str


class Aside(Given):
    """Set aside, for good or until a day."""

    until: date | None = None
    reason: Text = ""


class AsideShown(BaseModel):
    """Set aside by whom, until when, why."""

    until: date | None
    reason: str
    actor: str


class CommentGiven(Given):
    """Something to say of a synergy."""

    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_COMMENT)]


class CommentShown(BaseModel):
    """What somebody said of a synergy."""

    id: str
    at: datetime
    actor: str
    body: str


class CommentsShown(BaseModel):
    """What was said of a synergy, the first word first."""

    items: list[CommentShown]


class PeopleShown(BaseModel):
    """Those who work for a territory."""

    items: list[PersonShown]


class ViewGiven(Given):
    """A list to name: its criteria and its order, as in the address of the page."""

    territory_id: Id
    name: ViewName
    query: Query
    shared: bool = False


class ViewShown(BaseModel):
    """A list by its name; ``opens``: it opens first for the one who asks."""

    id: str
    name: str
    query: dict[str, str]
    shared: bool
    author: str
    version: int
    opens: bool


class ViewsShown(BaseModel):
    """The named lists that the asker sees."""

    items: list[ViewShown]


class ViewChange(Given):
    """Another name."""

    name: ViewName
