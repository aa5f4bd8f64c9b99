"""Policies of rows on PostgreSQL: the second line, for sessions that act as a role that owns nothing.

They name no role, so that a copy can be put back on any server: whoever owns the tables is not bound by them,
everyone else is. What they compare with are settings of the session; unset, nothing is seen.
"""

from __future__ import annotations

# ruff: noqa: S608 - own names
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _of(setting: str) -> str:
    """Return the list that a setting holds, worked out once a statement."""
    return f"ANY ((SELECT string_to_array(current_setting('entreflux.{setting}', true), ','))::text[])"


def _from(function: str) -> str:
    return f"ANY ((SELECT entreflux_{function}())::text[])"


class Policy(NamedTuple):
    """Who sees the rows of a table, and who stores and changes them (the same, unless told)."""

    seen: str
    written: str | None = None
    # Whose rows one may hold while one works: PostgreSQL asks the policy of UPDATE.
    held: str | None = None


STAFF = f"territory_id = {_of('staff')}"
AROUND = f"territory_id = {_of('around')}"
OPERATOR = "(SELECT current_setting('entreflux.operator', true)) = 'on'"
SUBJECT = "subject = (SELECT current_setting('entreflux.subject', true))"
WITHHELD = "SELECT unnest(string_to_array(current_setting('entreflux.withheld', true), ','))"
# Almost nobody withholds anything: nothing is read then.
NONE_WITHHELD = "(SELECT current_setting('entreflux.withheld', true)) = ''"
KEPT_SITE = f"({NONE_WITHHELD} OR site_id NOT IN (SELECT entreflux_withheld_sites()))"
OWN_COMPANY = f"company_id = {_of('companies')}"
OWN_SITE = f"site_id = {_from('own_sites')}"
SHOWN = (
    f"territory_id = {_of('near')} AND (level IN ('territory', 'public') OR id = {_from('granted_flows')})"
)
COMPANY = f"({STAFF} AND id NOT IN ({WITHHELD})) OR id = {_of('companies')}"
SITE = f"({STAFF} AND (company_id IS NULL OR company_id NOT IN ({WITHHELD}))) OR {OWN_COMPANY}"
OF_SITE = f"({STAFF} AND {KEPT_SITE}) OR {OWN_SITE}"
PERSONAL = Policy(f"{SUBJECT} AND {AROUND}")
OF_STAFF = (
    "desk_action", "flow_revision", "import", "import_entry", "import_row", "introduction", "layout", "plan",
    "shared_view",
)  # fmt: skip
OF_SYNERGIES = (
    "desk_change", "synergy_assignment", "synergy_comment", "synergy_event", "synergy_member",
    "synergy_shelving",
)  # fmt: skip
KEPT_SYNERGY = "NOT IN (SELECT entreflux_withheld_synergies())"
OF_OPERATORS = (
    "api_key", "known_browser", "membership", "one_time_link", "recovery_code", "second_factor",
    "server_secret", "sign_in_try", "user", "web_session",
)  # fmt: skip
POLICIES = {
    **dict.fromkeys(OF_STAFF, Policy(STAFF)),
    **dict.fromkeys(
        OF_SYNERGIES, Policy(f"{STAFF} AND ({NONE_WITHHELD} OR synergy_id {KEPT_SYNERGY})", STAFF)
    ),
    "synergy": Policy(f"{STAFF} AND ({NONE_WITHHELD} OR id {KEPT_SYNERGY})", STAFF),
    **dict.fromkeys(OF_OPERATORS, Policy(OPERATOR)),
    **dict.fromkeys(("diagnostic_draft", "saved_view", "view_choice", "waiting_file"), PERSONAL),
    "idempotency_key": Policy(SUBJECT),
    "territory": Policy(
        f"id = {_of('entered')} OR {OPERATOR}",
        f"id = {_of('staff')} OR {OPERATOR}",
        f"id = {_of('entered')} OR {OPERATOR}",
    ),
    **dict.fromkeys(("park", "charter"), Policy(AROUND, STAFF)),
    "company": Policy(f"{COMPANY} OR id = {_from('shown_companies')}", COMPANY),
    "site": Policy(f"{SITE} OR id = {_from('shown_sites')}", SITE),
    "flow": Policy(f"{OF_SITE} OR ({SHOWN})", OF_SITE),
    "contact": Policy(OF_SITE),
    "diagnostic": Policy(OF_SITE),
    "mandate": Policy(f"{STAFF} OR {OWN_COMPANY}", STAFF),
    "flow_grant": Policy(f"{STAFF} OR flow_id = {_from('own_flows')}", STAFF),
    # The program alone: a row says more than anybody may see.
    "teaser": Policy("false"),
}
# One's own deeds too: what is noted is read back as it is written.
AUDIT = f"{SUBJECT} OR {STAFF} OR {OWN_COMPANY} OR (company_id IS NULL AND territory_id = {_of('near')})"
_GRANTED = f"SELECT flow_id FROM flow_grant WHERE to_company_id = {_of('companies')} AND revoked_at IS NULL"
_OWN_SITES = f"SELECT id FROM site WHERE company_id = {_of('companies')}"
_SHOWN_SITES = (
    f"SELECT site_id FROM flow WHERE territory_id = {_of('near')} "
    f"AND (level IN ('territory', 'public') OR id IN ({_GRANTED}))"
)
# Policies that read each other's tables would never end: these read as the owner of the tables does.
ARRAYS = {
    "own_sites": _OWN_SITES,
    "own_flows": f"SELECT id FROM flow WHERE site_id IN ({_OWN_SITES})",
    "granted_flows": _GRANTED,
    "shown_sites": _SHOWN_SITES,
    "shown_companies": f"SELECT company_id FROM site WHERE company_id IS NOT NULL AND id IN ({_SHOWN_SITES})",
}
_WITHHELD_SITES = f"SELECT id FROM site WHERE company_id = {_of('withheld')}"
# Lists that may be long: one looks up in them, rather than goes through them for each row.
SETS = {
    "withheld_sites": _WITHHELD_SITES,
    "withheld_synergies": f"SELECT synergy_id FROM synergy_member WHERE site_id IN ({_WITHHELD_SITES})",
}
OPTIONS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, query in ARRAYS.items():
        op.execute(
            f"CREATE FUNCTION entreflux_{name}() RETURNS text[] {OPTIONS} AS $$ SELECT ARRAY({query}) $$"
        )
    for name, query in SETS.items():
        op.execute(f"CREATE FUNCTION entreflux_{name}() RETURNS SETOF text {OPTIONS} AS $$ {query} $$")
    for table, policy in POLICIES.items():
        written = policy.written or policy.seen
        _protect(
            table,
            f"SELECT USING ({policy.seen})",
            f"INSERT WITH CHECK ({written})",
            f"UPDATE USING ({policy.held or written}) WITH CHECK ({written})",
            f"DELETE USING ({written})",
        )
    # Everybody's deeds are noted; what is noted nobody changes.
    _protect("audit_entry", f"SELECT USING ({AUDIT})", "INSERT WITH CHECK (true)")


def _protect(table: str, *rules: str) -> None:
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for rule in rules:
        command = rule.split(maxsplit=1)[0].lower()
        op.execute(f'CREATE POLICY entreflux_{command} ON "{table}" FOR {rule}')


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    present = sa.text("SELECT tablename, policyname FROM pg_policies WHERE policyname LIKE 'entreflux\\_%'")
    for table, name in op.get_bind().execute(present).all():
        op.execute(f'DROP POLICY {name} ON "{table}"')
    for table in (*POLICIES, "audit_entry"):
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    for name in (*ARRAYS, *SETS):
        op.execute(f"DROP FUNCTION entreflux_{name}()")
