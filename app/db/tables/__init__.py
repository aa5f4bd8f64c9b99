"""Every table; importing this package fills ``Base.metadata``."""

from app.db.tables.accounts import ApiKey, IdempotencyKey, Membership, User, WebSession
from app.db.tables.diagnostics import Diagnostic, Import, ImportEntry
from app.db.tables.drafts import DiagnosticDraft
from app.db.tables.flows import Flow
from app.db.tables.places import Company, Contact, Park, Site, Territory
from app.db.tables.plans import Plan
from app.db.tables.revisions import FlowRevision
from app.db.tables.synergies import Synergy, SynergyEvent, SynergyMember

__all__ = [
    "ApiKey",
    "Company",
    "Contact",
    "Diagnostic",
    "DiagnosticDraft",
    "Flow",
    "FlowRevision",
    "IdempotencyKey",
    "Import",
    "ImportEntry",
    "Membership",
    "Park",
    "Plan",
    "Site",
    "Synergy",
    "SynergyEvent",
    "SynergyMember",
    "Territory",
    "User",
    "WebSession",
]
