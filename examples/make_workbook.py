"""Write ``demo.xlsx`` from ``demo.csv``: the same flows as a facilitator's workbook."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
NUMBERS = {"lon", "lat", "employees", "quantity", "unit_cost_eur"}
# As xlsxwriter's own guard against formulas and links hidden in text.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEADERS = {
    "site": "Site", "company": "Entreprise", "siret": "SIRET", "naf": "Code NAF", "address": "Adresse",
    "postcode": "Code postal", "city": "Commune", "lon": "Longitude", "lat": "Latitude",
    "employees": "Effectif", "park": "Parc d'activités", "direction": "Sens", "kind": "Nature",
    "label": "Libellé du flux", "waste_code": "Code déchet", "quantity": "Quantité", "unit": "Unité",
    "period": "Période", "months": "Mois", "temperature_c": "Température (°C)",
    "concentration_pct": "Concentration (%)", "moisture_pct": "Humidité (%)",
    "unit_cost_eur": "Coût unitaire (EUR)", "comment": "Commentaire", "hazardous": "Dangereux",
    "destination": "Destination", "weekdays": "Jours de la semaine", "contract_end": "Fin de contrat",
    "due_date": "Échéance", "good_share_pct": "Part en bon état (%)", "storage_max": "Stockage maximum",
}  # fmt: skip
DIRECTIONS = {"input": "Entrant", "output": "Sortant"}
KINDS = {
    "material": "Matière", "energy": "Énergie", "water": "Eau", "packaging": "Emballage",
    "skill": "Compétence", "equipment": "Équipement", "space": "Espace", "service": "Service",
    "transport": "Transport",
}  # fmt: skip
PERIODS = {"year": "an", "month": "mois", "week": "semaine", "day": "jour", "once": "une fois", "": ""}


def french(name: str, value: str) -> str:
    """Return a cell as a French facilitator writes it."""
    tables = {"direction": DIRECTIONS, "kind": KINDS, "period": PERIODS}
    if name == "hazardous":
        return "oui" if value == "1" else value
    return tables[name][value] if name in tables else value


def main() -> None:
    """Write the workbook beside the table."""
    with (HERE / "demo.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    book = xlsxwriter.Workbook(HERE / "demo.xlsx", OPTIONS)
    book.set_properties({"title": "Flux de démonstration", "created": datetime(2026, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("Flux")
    bold = book.add_format({"bold": True, "bg_color": "#DDE8E0", "text_wrap": True, "valign": "top"})
    for column, name in enumerate(rows[0]):
        sheet.write_string(0, column, HEADERS[name], bold)
        sheet.set_column(column, column, 36 if name == "label" else 22 if name in {"site", "company"} else 12)
        for line, row in enumerate(rows, start=1):
            value = french(name, row[name])
            if name in NUMBERS and value:
                sheet.write_number(line, column, float(value))
            elif value:
                sheet.write_string(line, column, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
    book.close()


if __name__ == "__main__":
    main()
