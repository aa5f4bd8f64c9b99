"""What is asked of a stored plan: checked field by field when it is asked, turned into a request when run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from app.db.tables import Park, Site
from app.db.visibility import VisibleSession
from app.errors import FieldError, InvalidInputError
from app.repositories import flows, plans
from app.repositories.records import refer
from app.services.cells import parse_number, parse_resource
from app.services.plan_options import OPTIONS, check_options, request_options
from app.services.planners import DEFAULT_TIME_LIMIT_S, PLANNERS, PlanRequest
from matching import model
from matching.errors import InvalidFlowError
from matching.messages import N_, Message

OBJECTIVES = ("eur", "tco2e")
# Half the earth's circumference: nothing is further.
FURTHEST_KM = 20_000.0
# Beyond this the other territories of the server wait too long: use the command line.
LONGEST_S = 120.0
SHORTEST_S = 0.1
LARGEST_SEED = 2**31 - 1
MOST_SITES = 1000
# Contracts and sessions are planned years ahead at most; far beyond, the calendar itself ends.
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIELDS = frozenset(
    {"max_km", "resource", "objective", "seed", "time_limit_s", "start", "park_id", "site_ids", *OPTIONS}
)


def checked_request(
    session: VisibleSession, territory_id: str, planner: str, request: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a request as it is stored, every field filled in.

    Parameters
    ----------
    request
        Values as JSON or as a form gives them; what is empty or missing has the planner's default.

    Raises
    ------
    InvalidInputError
        Naming every field that must be corrected, with the remedy.
    """
    given = {name: value for name, value in request.items() if value not in (None, "", [], {})}
    errors: list[FieldError] = []

    def checked(field: str, reader: Callable[[str, Any], Any], default: Any = None) -> Any:
        try:
            return reader(field, given[field]) if field in given else default
        except InvalidInputError as error:
            errors.extend(error.errors)
        except InvalidFlowError as error:
            errors.append(FieldError(field, error.message))
        return None

    def place(field: str, value: Any) -> Any:
        return _places(session, territory_id, field, value)

    if planner not in PLANNERS:
        text = N_("“{value}” is not a planner: use one of {expected}.")
        errors.append(FieldError("planner", Message(text, {"value": planner, "expected": _list(PLANNERS)})))
    unknown = Message(N_("This field does not exist here: check its name."))
    errors += [FieldError(name, unknown) for name in sorted(set(given) - FIELDS)]
    kept = {
        "max_km": checked("max_km", _distance),
        "resource": checked("resource", lambda _, value: parse_resource(str(value).strip())),
        "objective": checked("objective", _objective, OBJECTIVES[0]),
        "seed": checked("seed", _seed, 0),
        "time_limit_s": checked("time_limit_s", _time, DEFAULT_TIME_LIMIT_S),
        "start": checked("start", _day, date.today().isoformat()),
        "park_id": checked("park_id", place),
        "site_ids": checked("site_ids", place, []),
    }
    options, wrong = check_options(session, territory_id, given)
    if errors or wrong:
        raise InvalidInputError([*errors, *wrong])
    return {**kept, **options}


def _list(names: Sequence[str] | Mapping[str, Any]) -> str:
    return ", ".join(names)


def _number(field: str, value: Any, low: float, high: float) -> float:
    found = parse_number(field, value)
    if found is None or not low <= found <= high:
        text = N_("Give a number from {low} to {high}.")
        raise InvalidInputError.on(field, Message(text, {"low": low, "high": high}))
    return found


def _distance(field: str, value: Any) -> float:
    found = _number(field, value, 0, FURTHEST_KM)
    if not found:
        raise InvalidInputError.on(field, Message(N_("Give a number greater than {gt}."), {"gt": 0}))
    return found


def _time(field: str, value: Any) -> float:
    return _number(field, value, SHORTEST_S, LONGEST_S)


def _seed(field: str, value: Any) -> int:
    found = _number(field, value, 0, LARGEST_SEED)
    if found != int(found):
        raise InvalidInputError.on(field, Message(N_("Give a whole number.")))
    return int(found)


def _objective(field: str, value: Any) -> str:
    if value not in OBJECTIVES:
        text = N_("“{value}” is not accepted: use one of {expected}.")
        params = {"value": str(value), "expected": _list(OBJECTIVES)}
        raise InvalidInputError.on(field, Message(text, params))
    return str(value)


def _day(field: str, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError as error:
        text = N_("“{value}” is not a date: write 2026-12-31.")
        raise InvalidInputError.on(field, Message(text, {"value": str(value)})) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        text = N_("Give a day of the years {first} to {last}.")
        params = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise InvalidInputError.on(field, Message(text, params))
    return day.isoformat()


def _places(session: VisibleSession, territory_id: str, field: str, value: Any) -> Any:
    """Return a park's identifier, or those of sites, all of the territory."""
    if field == "park_id":
        return refer(session, Park, str(value), field, territory_id).id
    listed = [value] if isinstance(value, str) else list(value)
    if len(listed) > MOST_SITES:
        text = N_("Give at most {max_length}.")
        raise InvalidInputError.on(field, Message(text, {"max_length": MOST_SITES}))
    found = (refer(session, Site, str(one), field, territory_id).id for one in listed)
    return list(dict.fromkeys(found))


def flows_of(session: VisibleSession, territory_id: str, request: Mapping[str, Any]) -> list[model.Flow]:
    """Return the flows that a stored request is about: the territory's, or those of a park or some sites."""
    found = flows.of_territory(session, territory_id)
    if request.get("park_id"):
        kept = plans.sites_of_park(session, territory_id, request["park_id"])
        found = [flow for flow in found if flow.site.site_id in kept]
    if request.get("site_ids"):
        kept = frozenset(request["site_ids"])
        found = [flow for flow in found if flow.site.site_id in kept]
    return found


def plan_request(flows_read: Sequence[model.Flow], request: Mapping[str, Any]) -> PlanRequest:
    """Return a stored request as the planners take it."""
    return PlanRequest(
        flows=flows_read,
        today=date.fromisoformat(request["start"]),
        max_km=request["max_km"],
        resource=request["resource"],
        objective=request["objective"],
        seed=request["seed"],
        time_limit_s=request["time_limit_s"],
        **request_options(flows_read, request),
    )
