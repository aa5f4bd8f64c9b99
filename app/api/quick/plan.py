"""How the arguments of a route are found: read once from what the framework knows of it, then followed.

The framework finds anew for each request what each function wants; this takes longer than most reads. Only
what is plain is followed here: parameters of the address, the query and headers, a body that is one document,
functions that wait for nothing, who asks and the session. A route that needs more is left to the framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, get_origin

from fastapi.params import Form
from fastapi.security.base import SecurityBase
from pydantic import BaseModel

from app.api.quick.asking import Asking, NotQuickError
from app.dependencies import database_given, session_of, settings_given, signed_in, turn
from app.dependencies import database_of as database_here
from app.dependencies import settings_of as settings_here

Getter = Callable[[Asking], Any]


# What the one who answers knows without asking the functions.
KNOWN: Mapping[Any, Getter] = {
    signed_in: lambda asking: asking.principal,
    session_of: lambda asking: asking.session,
    settings_given: lambda asking: settings_here(asking.request),
    database_given: lambda asking: database_here(asking.request),
    turn: lambda asking: None,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The arguments of a function by name, and whether it reads with a session."""

    arguments: Callable[[Asking], dict[str, Any]]
    needs_session: bool


def plan_of(dependant: Any) -> Plan | None:
    """Return how the arguments of a route's function are found, None when that is not plain."""
    try:
        return Plan(_arguments(dependant), _calls(dependant, session_of))
    except NotQuickError:
        return None


def _calls(dependant: Any, wanted: Any) -> bool:
    return any(sub.call is wanted or _calls(sub, wanted) for sub in dependant.dependencies)


def _arguments(dependant: Any) -> Callable[[Asking], dict[str, Any]]:
    """Return what finds the arguments of one function."""
    if (
        dependant.cookie_params
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.websocket_param_name
    ):
        raise NotQuickError
    named: list[tuple[str, Getter]] = [(sub.name or "", _dependency(sub)) for sub in dependant.dependencies]
    read = [
        (field, place)
        for fields, place in (
            (dependant.path_params, "path"),
            (dependant.query_params, "query"),
            (dependant.header_params, "header"),
        )
        for field in fields
    ]
    named += [(field.name, _parameter(field, place)) for field, place in read]
    named += [(field.name, _body(field, len(dependant.body_params))) for field in dependant.body_params]
    for name in (dependant.request_param_name, dependant.http_connection_param_name):
        if name:
            named.append((name, lambda asking: asking.request))
    if dependant.response_param_name:
        named.append((dependant.response_param_name, lambda asking: asking.response))

    def arguments(asking: Asking) -> dict[str, Any]:
        found = {name: get(asking) for name, get in named}
        found.pop("", None)
        return found

    return arguments


def _dependency(dependant: Any) -> Getter:
    """Return what calls a dependency, once a request."""
    call = dependant.call
    if call in KNOWN:
        return KNOWN[call]
    is_plain = not (isinstance(call, SecurityBase) or isgeneratorfunction(call) or isasyncgenfunction(call))
    if not is_plain or not dependant.use_cache or dependant.concurrency is not None:
        raise NotQuickError
    arguments, waits = _arguments(dependant), iscoroutinefunction(call)

    def get(asking: Asking) -> Any:
        if call not in asking.given:
            values = arguments(asking)
            asking.given[call] = _returned(call(**values)) if waits else call(**values)
        return asking.given[call]

    return get


def _returned(coroutine: Any) -> Any:
    """Return what a coroutine that waits for nothing returns."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise NotQuickError


def _body(field: Any, fields: int) -> Getter:
    """Return what reads the body as the one thing it is; a wrong one is for the framework to tell."""
    if fields > 1 or not _is_model(field.field_info.annotation) or isinstance(field.field_info, Form):
        raise NotQuickError

    def get(asking: Asking) -> Any:
        value, errors = field.validate(asking.body, {}, loc=("body",))
        if errors:
            raise NotQuickError
        return value

    return get


# Where parameters of each kind are read.
PLACES: Mapping[str, Callable[[Asking], Mapping[str, str]]] = {
    "path": lambda asking: asking.path,
    "query": lambda asking: asking.query,
    "header": lambda asking: asking.request.headers,
}


def _parameter(field: Any, place: str) -> Getter:
    """Return what reads a parameter; a wrong or missing one is for the framework to tell."""
    annotation = field.field_info.annotation
    if get_origin(annotation) in (list, set, tuple, frozenset) or _is_model(annotation):
        raise NotQuickError
    where = PLACES[place]
    name, required = field.alias, field.field_info.is_required()
    default = None if required else field.default
    if not required and (default is not None and not isinstance(default, str | int | float)):
        raise NotQuickError

    def get(asking: Asking) -> Any:
        said = where(asking).get(name)
        if said is None:
            if required:
                raise NotQuickError
            return default
        value, errors = field.validate(said, {}, loc=(place, name))
        if errors:
            raise NotQuickError
        return value

    return get


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
