"""A quick read from its arguments to the bytes of its answer, all in one thread."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder

from app.api.quick.asking import Asking, NotQuickError
from app.api.quick.plan import Plan, plan_of
from app.dependencies import database_of, note_read

PLAIN = "application/json"


class QuickRead:
    """A route that only reads, and how it is answered.

    Parameters
    ----------
    route
        What the framework knows of it.
    plan
        How the arguments of its function are found.
    """

    def __init__(self, route: Any, plan: Plan) -> None:
        self.original = getattr(route, "original_route", route)
        self.endpoint: Callable[..., Any] = route.dependant.call
        self._plan = plan
        self._status = route.status_code or 200
        self._field = route.response_field
        self._shape = {
            "include": route.response_model_include,
            "exclude": route.response_model_exclude,
            "by_alias": route.response_model_by_alias,
            "exclude_unset": route.response_model_exclude_unset,
            "exclude_defaults": route.response_model_exclude_defaults,
            "exclude_none": route.response_model_exclude_none,
        }

    def answer(self, request: Request, path: dict[str, str], _body: bytes) -> Response:
        """Return the answer; raises whatever the functions of the route raise, and ``NotQuickError``."""
        asking = Asking(request, path)
        if not self._plan.needs_session:
            return self.content(asking)
        database = database_of(request)
        with database.reading(asking.principal) as session:
            asking.session = session
            response = self.content(asking)
            note_read(request, database, session)
            return response

    def content(self, asking: Asking) -> Response:
        """Return what the function of the route answers."""
        returned = self.endpoint(**self._plan.arguments(asking))
        if isinstance(returned, Response):
            return returned
        value, errors = self._field.validate(returned, {}, loc=("response",))
        if errors:
            raise NotQuickError
        content = self._field.serialize_json(value, **self._shape)
        response = Response(
            content, media_type=PLAIN, status_code=asking.response.status_code or self._status
        )
        response.headers.raw.extend(asking.response.headers.raw)
        return response


def is_plain(route: Any) -> bool:
    """Tell whether a route gives what is given quickly: one JSON document of a declared shape."""
    return (
        route.response_field is not None
        and isinstance(route.response_class, DefaultPlaceholder)
        and not (route.is_sse_stream or route.is_json_stream)
        and not iscoroutinefunction(route.endpoint)
    )


def quick_read(route: Any) -> QuickRead | None:
    """Return how a route that reads is answered quickly, None when it cannot be."""
    plan = plan_of(route.dependant) if is_plain(route) and route.body_field is None else None
    return None if plan is None else QuickRead(route, plan)
