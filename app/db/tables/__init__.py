"""Every table; importing this package fills ``Base.metadata``."""

from app.db.tables.accounts import ApiKey, IdempotencyKey, Membership, User, WebSession
from app.db.tables.desk import (
    Assignment,
    Comment,
    DeskAction,
    DeskChange,
    SavedView,
    SharedView,
    Shelving,
    ViewChoice,
)
from app.db.tables.diagnostics import Diagnostic, Import, ImportEntry, ImportRow
from app.db.tables.drafts import DiagnosticDraft
from app.db.tables.flows import Flow
from app.db.tables.layouts import Layout
from app.db.tables.places import Company, Contact, Park, Site, Territory
from app.db.tables.plans import Plan
from app.db.tables.revisions import FlowRevision
from app.db.tables.sign_in import KnownBrowser, OneTimeLink, RecoveryCode, SecondFactor, SignInTry
from app.db.tables.synergies import Synergy, SynergyEvent, SynergyMember
from app.db.tables.trust import AuditEntry, Charter, Grant, Introduction, Mandate, ServerSecret, Teaser
from app.db.tables.waiting import WaitingFile

__all__ = [
    "ApiKey",
    "Assignment",
    "AuditEntry",
    "Charter",
    "Comment",
    "Company",
    "Contact",
    "DeskAction",
    "DeskChange",
    "Diagnostic",
    "DiagnosticDraft",
    "Flow",
    "FlowRevision",
    "Grant",
    "IdempotencyKey",
    "Import",
    "ImportEntry",
    "ImportRow",
    "Introduction",
    "KnownBrowser",
    "Layout",
    "Mandate",
    "Membership",
    "OneTimeLink",
    "Park",
    "Plan",
    "RecoveryCode",
    "SavedView",
    "SecondFactor",
    "ServerSecret",
    "SharedView",
    "Shelving",
    "SignInTry",
    "Site",
    "Synergy",
    "SynergyEvent",
    "SynergyMember",
    "Teaser",
    "Territory",
    "User",
    "ViewChoice",
    "WaitingFile",
    "WebSession",
]
