"""The draft consultation sheet of a joint purchase, as a PDF to send to suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import orjson
import typst
from babel.dates import format_date

from app.translations import gettext, shown, translate
from matching.messages import N_, LocalName, Message

WORDS = {
    "heading": N_("Joint purchase: draft consultation"),
    "form": N_("Form of contract"),
    "period": N_("Period"),
    "bill": N_("Bill of quantities"),
    "site": N_("Site"),
    "need": N_("Need"),
    "quantity": N_("Quantity a year"),
    "since": N_("From"),
    "total": N_("Total"),
    "prices": N_("Prices to fill in"),
    "volume": N_("From a volume a year of"),
    "price": N_("Price per unit, EUR excl. VAT"),
    "criteria": N_("Answers are compared by"),
    "conditions": N_("Conditions"),
    "dates": N_("Dates"),
    "answer": N_("Supplier’s answer"),
    "supplier": N_("Supplier, contact, date and signature"),
    "draft": N_("Draft to be read through by the association before it is sent."),
}
FORMS = {
    "negotiated": N_("Negotiated together, signed one by one"),
    "framework": N_("Framework contract"),
    "association": N_("Bought by the association"),
}


def consultation_pdf(sheet: Mapping[str, Any], language: str) -> bytes:
    """Return the sheet of a plan (its ``consultation``, messages and names as they are) as a PDF.

    Sentences already in the reader's language are taken as they are.
    """
    template = (files("app.exports") / "consultation.typ").read_bytes()
    data = {
        "language": language,
        "words": {key: gettext(text, language) for key, text in WORDS.items()},
        "object": _text(sheet["object"], language),
        "sites": gettext(N_("{sites} sites"), language, sites=sheet["sites"]),
        "form": gettext(FORMS[sheet["form"]], language),
        "period": gettext(
            N_("from {start} to {end} ({months} months)"),
            language,
            start=_day(sheet["start"], language),
            end=_day(sheet["end"], language),
            months=sheet["contract_months"],
        ),
        "bill": [_line(line, language) for line in sheet["bill"]],
        "total": _amount(sheet["total_per_year"], sheet["unit"], language),
        "prices": [_amount(row["from_per_year"], row["unit"], language) for row in sheet["prices_asked"]],
        "criteria": [
            {"name": _text(c["name"], language), "weight": f"{shown(c['weight_pct'], language)} %"}
            for c in sheet["criteria"]
        ],
        "conditions": [_text(condition, language) for condition in sheet["conditions"]],
        "dates": [
            {"step": _text(entry["step"], language), "on": _day(entry["on"], language)}
            for entry in sheet["dates"]
        ],
    }
    result: bytes = typst.compile(template, sys_inputs={"data": orjson.dumps(data).decode()})
    return result


def _text(value: object, language: str) -> str:
    if isinstance(value, Message):
        return translate(value, language)
    return value.in_language(language) if isinstance(value, LocalName) else str(value)


def _day(iso: str, language: str) -> str:
    return str(format_date(date.fromisoformat(iso), format="long", locale=language))


def _amount(quantity: float | None, unit: str, language: str) -> str:
    return "" if quantity is None else f"{shown(quantity, language)} {unit}"


def _line(line: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        "site": line["site"],
        "address": line["address"],
        "label": line["label"],
        "quantity": _amount(line["quantity_per_year"], line["unit"], language),
        "since": str(format_date(date.fromisoformat(line["from"]), format="MMM y", locale=language)),
    }
