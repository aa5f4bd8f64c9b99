"""Records to flows: every cell understood, or a finding that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.readers.codes import waste_code_of, waste_codes
from app.readers.fields import TEXTS, parsers
from app.readers.grid import Cell, text_of
from app.readers.guesses import guess_kind, is_waste_in_words
from app.readers.quantities import quantity_of
from app.readers.record import Findings, Record
from app.readers.units import measure
from app.readers.vocabulary import direction_said, directions, is_unknown, kind_said, kinds, plain
from matching.errors import InvalidFlowError
from matching.messages import N_, LocalName, Message
from matching.model import Direction, Flow, Kind, Reliability, Site

CODES_OF_DIRECTION = {"input": Direction.INPUT, "output": Direction.OUTPUT}
CODES_OF_KIND = {kind.value: kind for kind in Kind}


class FlowReader:
    """Turns the records of one file into flows."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._parsers: dict[int, dict[str, Callable[[Cell], object]]] = {}
        # What cells were taken for, by field and by what dots are: few are distinct.
        self._understood: dict[tuple[int, str, str], object] = {}

    def flow(self, record: Record, site: Site) -> Flow | None:
        """Return the flow of a record, or None when a cell is wrong: a finding of severity error tells it."""
        before = len(self._findings.found)
        parts: dict[str, Any] = {}
        for step in (
            self._direction,
            self._waste_code,
            self._label,
            self._quantity,
            self._kind,
            self._optional,
        ):
            try:
                step(record, parts)
            except InvalidFlowError as error:
                self._findings.on(record, "error", error.field, error.message)
        if any(finding.severity == "error" for finding in self._findings.found[before:]):
            return None
        parts.setdefault(
            "reliability", Reliability.QUANTIFIED if parts.get("quantity") else Reliability.DECLARED
        )
        try:
            return Flow(site=site, row=record.row, sheet=record.context.sheet, **parts)
        except InvalidFlowError as error:
            self._findings.on(record, "error", error.field, error.message)
            return None

    def _direction(self, record: Record, parts: dict[str, Any]) -> None:
        text = text_of(record.values.get("direction"))
        parts["direction"] = CODES_OF_DIRECTION.get(text) or self._worded_direction(record, text)

    def _worded_direction(self, record: Record, text: str) -> Direction:
        if text and not is_unknown(text):
            words = plain(text)
            known = directions().get(words)
            found = known[0] if known else None if record.context.strict else direction_said(text)
            if found is None:
                unknown = N_("Direction “{value}” is unknown: write input (a need) or output (a surplus).")
                raise InvalidFlowError("direction", Message(unknown, {"value": text}))
            return found
        if record.context.direction is not None:
            return record.context.direction
        if not record.context.strict:
            label = text_of(record.values.get("label"))
            wasted = record.values.get("waste_code") is not None
            guessed = Direction.OUTPUT if wasted else direction_said(label)
            if guessed is None and is_waste_in_words(label):
                guessed = Direction.OUTPUT
            if guessed is not None:
                message = Message(N_("The direction was guessed from the words of the row: check it."))
                self._findings.on(record, "info", "direction", message)
                return guessed
        raise InvalidFlowError(
            "direction",
            Message(N_("Nothing says whether this is a need or something to give: write input or output.")),
        )

    def _waste_code(self, record: Record, parts: dict[str, Any]) -> None:
        text = text_of(record.values.get("waste_code"))
        if not text or is_unknown(text):
            return
        try:
            parts["waste_code"], several = waste_code_of(text)
        except InvalidFlowError as error:
            if record.context.strict or sum(c.isdigit() for c in text) >= 6:
                raise
            self._findings.on(record, "warning", "waste_code", error.message)
            record.values["comment"] = _joined(text_of(record.values.get("comment")), text)
            return
        if several:
            message = Message(N_("Several waste codes: only {code} was kept."), {"code": parts["waste_code"]})
            self._findings.on(record, "warning", "waste_code", message)

    def _label(self, record: Record, parts: dict[str, Any]) -> None:
        label = " ".join(text_of(record.values.get("label")).split())
        code = parts.get("waste_code")
        if not label and code and not record.context.strict:
            french, english = waste_codes()[code]
            record.values["label"] = label = french
            message = N_("No label: named after its waste code, {name}.")
            self._findings.on(record, "info", "label", Message(message, {"name": LocalName(french, english)}))
        if not label:
            raise InvalidFlowError(
                "label", Message(N_("A flow needs a label: say what it is in the column “label”."))
            )
        record.values["label"] = label

    def _quantity(self, record: Record, parts: dict[str, Any]) -> None:
        declared = quantity_of(record, self._findings)
        if declared.quantity is not None:
            parts["quantity"] = declared.quantity
        if declared.words and declared.words not in text_of(record.values.get("label")):
            record.values["comment"] = _joined(text_of(record.values.get("comment")), declared.words)
        parts["label"] = record.values.get("label") or "?"

    def _kind(self, record: Record, parts: dict[str, Any]) -> None:
        text = text_of(record.values.get("kind"))
        parts["kind"] = CODES_OF_KIND.get(text) or self._worded_kind(record, text, parts)

    def _worded_kind(self, record: Record, text: str, parts: dict[str, Any]) -> Kind:
        if text and not is_unknown(text):
            found = kinds().get(plain(text)) if record.context.strict else kind_said(text)
            if found is not None:
                return found
            if record.context.strict:
                unknown = N_("Kind “{value}” is unknown: use one of {kinds}.")
                raise InvalidFlowError(
                    "kind", Message(unknown, {"value": text, "kinds": ", ".join(CODES_OF_KIND)})
                )
        unit = parts["quantity"].unit if "quantity" in parts else _unit_told(record)
        label = text_of(record.values.get("label"))
        guessed = record.context.kind or guess_kind(label, unit, parts.get("waste_code", ""))
        message = Message(
            N_("No kind: “{kind}” was guessed from the words and the unit."), {"kind": KIND_NAMES[guessed]}
        )
        self._findings.on(record, "info", "kind", message)
        return guessed

    def _optional(self, record: Record, parts: dict[str, Any]) -> None:
        dot = record.context.decimal_dot
        readers = self._parsers.get(dot) or self._parsers.setdefault(dot, parsers(dot))
        for name, cell in record.values.items():
            if name not in readers or cell is None:
                continue
            asked = (dot, name, cell) if type(cell) is str and name not in TEXTS else None
            if asked is not None and asked in self._understood:
                parts[name] = self._understood[asked]
                continue
            if isinstance(cell, str) and is_unknown(cell):
                continue
            try:
                parts[name] = readers[name](cell)
            except InvalidFlowError as error:
                self._refuse(record, parts, name, error)
                continue
            if asked is not None:
                self._understood[asked] = parts[name]

    def _refuse(self, record: Record, parts: dict[str, Any], name: str, error: InvalidFlowError) -> None:
        """Tell of a cell that was not understood; outside a strict table its words go to the comment."""
        if record.context.strict:
            self._findings.on(record, "error", error.field, error.message)
            return
        self._findings.on(record, "warning", error.field, error.message)
        told = f"{name}: {text_of(record.values[name])}"
        parts["comment"] = _joined(parts.get("comment", ""), told)


def _unit_told(record: Record) -> str:
    """Return the unit of a row whose quantity is not known: it tells the kind all the same."""
    found = measure(text_of(record.values.get("unit")) or record.context.unit)
    return found.symbol if found is not None and not found.rest else ""


def _joined(*texts: str) -> str:
    return " ; ".join(dict.fromkeys(text for text in texts if text))


KIND_NAMES = {
    Kind.MATERIAL: LocalName("matière", "material"),
    Kind.ENERGY: LocalName("énergie", "energy"),
    Kind.WATER: LocalName("eau", "water"),
    Kind.PACKAGING: LocalName("emballage", "packaging"),
    Kind.SKILL: LocalName("compétence", "skill"),
    Kind.EQUIPMENT: LocalName("équipement", "equipment"),
    Kind.SPACE: LocalName("espace", "space"),
    Kind.SERVICE: LocalName("service", "service"),
    Kind.TRANSPORT: LocalName("transport", "transport"),
}
