"""What all schemas share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

Item = TypeVar("Item")

Text = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Id = Annotated[str, Field(min_length=1, max_length=36)]


def left_out() -> Any:
    """Return the default of a field that may be left out of a change, but not be null."""
    return Field(default_factory=lambda: None)


class Given(BaseModel):
    """What a client sends: unknown fields are refused, numbers are finite."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _without_nul(cls, values: Any) -> Any:
        """Drop the character 0 from texts: it means nothing, and PostgreSQL cannot hold it."""
        if not isinstance(values, dict):
            return values
        return {
            name: value.replace("\0", "") if isinstance(value, str) else value
            for name, value in values.items()
        }

    def given(self) -> dict[str, object]:
        """Return the fields that the client sent, None included."""
        return self.model_dump(exclude_unset=True)


class Shown(BaseModel):
    """What a client reads."""

    model_config = ConfigDict(from_attributes=True)


class Kept(Shown):
    """What every stored row shows of itself; ``version`` is its ETag."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime


class PageOf(Shown, Generic[Item]):
    """A page of a list; ``next`` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None
