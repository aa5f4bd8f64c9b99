"""A quick change from its body to the bytes of its answer: one thread, one transaction.

The framework gives each step of a change a thread anew: who asks, the session, whether it was answered
before, the change, its notes, the end. Seven handings over take longer than what they hand over.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from app.api.once import HEADER, asked_with, keep
from app.api.quick.answering import QuickRead, is_plain
from app.api.quick.asking import Asking, NotQuickError
from app.api.quick.plan import plan_of
from app.dependencies import database_of
from app.services import answers, audit_requests

JSON = "application/json"
# A longer body is read as it comes, by the framework.
LONGEST_BODY = 65_536
# Whose changes touch the database alone: what fails here is undone, and done again by the framework.
COLLECTIONS = frozenset({"companies", "flows", "parks", "sites", "synergies"})
METHODS = frozenset({"POST", "PATCH", "PUT"})


class QuickChange(QuickRead):
    """A route that changes rows, and how it is answered."""

    def answer(self, request: Request, path: dict[str, str], body: bytes) -> Response:
        """Return the answer once its changes are stored, all or none; raises as ``QuickRead`` does."""
        asking = Asking(request, path)
        asking.body = _document(body)
        key = request.headers.get(HEADER) if request.method == "POST" else None
        asked = None if key is None else asked_with(request, key, body)
        with database_of(request).writing(asking.principal) as session:
            if asked is not None:
                answers.check_not_answered(session, asked)
            asking.session = session
            response = self.content(asking)
            if asked is not None:
                keep(session, asked, response)
            audit_requests.note_changes(session, self.endpoint)
        return response


def quick_change(route: Any) -> QuickChange | None:
    """Return how a route that changes rows is answered quickly, None when it cannot be."""
    if not is_plain(route) or route.body_field is None or route._embed_body_fields:
        return None
    plan = plan_of(route.dependant)
    return QuickChange(route, plan) if plan is not None and plan.needs_session else None


def _document(body: bytes) -> Any:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise NotQuickError from error
    if document is None:
        raise NotQuickError
    return document


def may_be_quick(scope: Scope) -> bool:
    """Tell whether a request says that its body is a JSON document of few bytes, and may be done twice.

    A commit may fail without anybody knowing whether it held. Done again, a POST without a key would make a
    second row; one with a key is answered as before, and a change of a passed version is refused.
    """
    headers = Headers(scope=scope)
    if scope["method"] == "POST" and HEADER not in headers:
        return False
    length = headers.get("content-length", "")
    return (
        length.isascii()
        and length.isdigit()
        and 0 < int(length) <= LONGEST_BODY
        and headers.get("content-type", "").partition(";")[0].strip().lower() == JSON
    )


async def read_body(receive: Receive) -> tuple[bytes | None, Receive]:
    """Return the body, None when the client has gone, and what gives it once more."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body", False):
        messages.append(await receive())

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    gone = messages[-1]["type"] != "http.request"
    return None if gone else b"".join(message.get("body", b"") for message in messages), again
