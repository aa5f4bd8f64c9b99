"""The words of the interface for the codes of the core: kinds, forms, statuses, roles, reliabilities."""

from __future__ import annotations

from collections.abc import Mapping

from app.translations.names import FLOW_KINDS as FLOW_KINDS
from app.translations.names import RELIABILITIES as RELIABILITIES
from app.translations.names import STATUSES as STATUSES
from app.translations.names import SYNERGY_KINDS as SYNERGY_KINDS
from matching.messages import N_

# The files of a list, by their ending.
FORMATS = (
    ("xlsx", "Excel"),
    ("csv", "CSV"),
    ("geojson", "GeoJSON"),
    ("gpkg", "GeoPackage"),
    ("pdf", "PDF"),
)
FORMS: Mapping[str, str] = {
    "direct": N_("Direct reuse"),
    "treated": N_("Reuse after treatment"),
    "joint_purchase": N_("Joint purchase"),
    "joint_collection": N_("Joint collection"),
    "shared_job": N_("Shared job"),
    "joint_training": N_("Joint training"),
    "shared_equipment": N_("Shared equipment"),
    "shared_space": N_("Shared space"),
    "shared_transport": N_("Shared transport"),
}
# What one click proposes next; a stopped synergy is taken up again by hand.
NEXT_STATUS: Mapping[str, str] = {
    "identified": "contacted",
    "contacted": "discussion",
    "discussion": "study",
    "study": "negotiation",
    "negotiation": "implementing",
    "implementing": "implemented",
    "implemented": "running",
}
DIRECTIONS: Mapping[str, str] = {
    "output": N_("Has to give"),
    "input": N_("Needs"),
}
ROLES: Mapping[str, str] = {
    "provider": N_("Provider"),
    "receiver": N_("Receiver"),
    "member": N_("Member"),
}
CRITERIA: Mapping[str, str] = {
    "material": N_("Material"),
    "quantity": N_("Quantity"),
    "timing": N_("Calendar"),
    "distance": N_("Distance"),
    "quality": N_("Quality"),
}
PERIODS: Mapping[str, str] = {
    "year": N_("a year"),
    "month": N_("a month"),
    "week": N_("a week"),
    "day": N_("a day"),
    "once": N_("once"),
}
PRECISIONS: Mapping[str, str] = {
    "point": N_("Exact place"),
    "commune": N_("Centre of the commune"),
    "unplaced": N_("Not placed"),
}
LEGAL_STATUSES: Mapping[str, str] = {
    "waste": N_("Waste"),
    "by_product": N_("By-product"),
    "end_of_waste": N_("End of waste"),
    "product": N_("Product"),
}
SEVERITIES: Mapping[str, str] = {
    "error": N_("To correct"),
    "warning": N_("To check"),
    "info": N_("For information"),
}
# The columns of the flow table as forms and reports call them.
FIELDS: Mapping[str, str] = {
    "site": N_("Site"),
    "company": N_("Company"),
    "siret": N_("SIRET"),
    "naf": N_("Activity code"),
    "activity_code": N_("Activity code"),
    "address": N_("Address"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "lon": N_("Longitude"),
    "lat": N_("Latitude"),
    "direction": N_("Direction"),
    "kind": N_("Kind of flow"),
    "label": N_("What it is"),
    "waste_code": N_("Waste code"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "period": N_("How often"),
    "months": N_("Active months"),
    "temperature_c": N_("Temperature"),
    "concentration_pct": N_("Concentration"),
    "moisture_pct": N_("Moisture"),
    "unit_cost_eur": N_("Unit cost"),
    "comment": N_("Comment"),
    "resource": N_("Resource"),
    "reliability": N_("How it is known"),
    "legal_status": N_("Legal status"),
    "hazardous": N_("Hazardous"),
    "file": N_("File"),
}
GATES: Mapping[str, str] = {
    "properties": N_("Nothing in it that the other refuses"),
    "exclusions": N_("Nothing the other excludes in words"),
    "temperature": N_("The temperature fits"),
    "concentration": N_("Concentrated enough"),
    "moisture": N_("Dry enough"),
    "requirements": N_("The conditions of the rule hold"),
    "season": N_("At least one month in common"),
    "reach": N_("Near enough for what it is worth"),
    "destination": N_("The same destination"),
    "volume": N_("Volumes of the same order"),
}
