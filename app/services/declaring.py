"""A flow's fields as a client gives them, turned into a flow whose every field has been checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import FieldError, InvalidInputError
from app.readers.calendar import parse_months
from app.readers.fields import DATES, NUMBERS, RANGES
from app.services.cells import parse_number, parse_range, parse_resource, parse_waste_code
from matching import model
from matching.errors import InvalidFlowError
from matching.units import parse_unit

TEXTS = (
    "label",
    "comment",
    "state",
    "dimensions",
    "destination",
    "weekdays",
    "contact",
    "visibility",
    "source",
)


def declared_flow(site: model.Site, fields: Mapping[str, Any], flow_id: str = "") -> model.Flow:
    """Return the flow that ``fields`` (named as in the flow table) declare at ``site``.

    Raises
    ------
    InvalidInputError
        Naming every field that must be corrected, with the remedy.
    """
    errors: list[FieldError] = []

    def checked(reader: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return reader(*arguments)
        except InvalidFlowError as error:
            errors.append(FieldError(error.field, error.message))
            return None

    values: dict[str, Any] = {name: fields.get(name) or "" for name in TEXTS}
    values |= {name: checked(parse_range, name, fields.get(name)) for name in RANGES}
    values |= {name: checked(parse_number, name, fields.get(name)) for name in NUMBERS}
    values |= {name: fields.get(name) for name in (*DATES, "hazardous")}
    values["quantity"] = checked(_quantity, fields)
    values["months"] = checked(parse_months, fields.get("months") or "")
    values["waste_code"] = checked(parse_waste_code, fields.get("waste_code") or "")
    values["resource"] = checked(parse_resource, fields.get("resource") or "")
    if errors:
        raise InvalidInputError(errors)
    return _built(site, fields, values, flow_id)


def _built(site: model.Site, fields: Mapping[str, Any], values: dict[str, Any], flow_id: str) -> model.Flow:
    known = model.Reliability.QUANTIFIED if values["quantity"] else model.Reliability.DECLARED
    status = fields.get("legal_status")
    try:
        return model.Flow(
            site=site,
            direction=model.Direction(fields["direction"]),
            kind=model.Kind(fields["kind"]),
            legal_status=model.LegalStatus(status) if status else None,
            reliability=model.Reliability(fields.get("reliability") or known),
            flow_id=flow_id,
            **values,
        )
    except InvalidFlowError as error:
        raise InvalidInputError.on(error.field, error.message) from error


def _quantity(fields: Mapping[str, Any]) -> model.Quantity | None:
    value = parse_range("quantity", fields.get("quantity"))
    unit = parse_unit(fields["unit"]) if fields.get("unit") else ""
    if value is None:
        return None
    if not unit:
        parse_unit("")
    return model.Quantity(
        value, unit, model.Period(fields.get("period") or "year"), fields.get("days_per_week")
    )


def fields_of(flow: model.Flow) -> dict[str, Any]:
    """Return the fields of a flow as a client reads and sends them: the inverse of ``declared_flow``."""
    quantity = flow.quantity
    plain = (*NUMBERS, *DATES, *TEXTS, "hazardous", "waste_code", "resource")
    fields: dict[str, Any] = {name: getattr(flow, name) for name in plain}
    fields |= {name: shown_range(getattr(flow, name)) for name in RANGES}
    return fields | {
        "direction": flow.direction.value,
        "kind": flow.kind.value,
        "quantity": shown_range(quantity.value) if quantity else None,
        "unit": quantity.unit if quantity else None,
        "period": quantity.period.value if quantity else None,
        "days_per_week": quantity.days_per_week if quantity else None,
        "months": shown_months(flow.months),
        "legal_status": flow.legal_status.value if flow.legal_status else None,
        "reliability": int(flow.reliability),
    }


def shown_range(value: model.Range | None) -> float | str | None:
    """Return a range as one number, or as ``150-200``."""
    if value is None or value.low == value.high:
        return None if value is None else value.low
    return f"{value.low:.15g}-{value.high:.15g}"


def shown_months(months: frozenset[int]) -> str:
    """Return months as ``1-3;9-12``, empty for all year."""
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ";".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
