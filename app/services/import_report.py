"""What an import tells of itself, whatever the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exports.document import freeze, localised
from app.readers import Finding, ReadResult
from app.readers.corrections import NO_CORRECTIONS, Corrections
from app.services import layouts
from app.services.withholding import NOTHING_WITHHELD, Withheld

COUNTED = ("companies", "parks", "sites", "flows")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do; ``content`` is language-neutral, and tells nothing of ``withheld``."""

    content: dict[str, Any]
    withheld: Withheld = NOTHING_WITHHELD

    def in_language(self, language: str) -> dict[str, Any]:
        """Return the report with its messages in ``language``."""
        return localised(self.content, language)

    def without(self, withheld: Withheld) -> Report:
        """Return the report without what it tells of companies that give no mandate."""
        return Report(withheld.report(self.content), withheld)


def report_of(
    file_name: str,
    digest: str,
    result: ReadResult | None = None,
    tally: Mapping[str, int] | None = None,
    difference: Mapping[str, Any] | None = None,
    known: Corrections = NO_CORRECTIONS,
) -> Report:
    """Return the report of what was read and done; nothing so far when they are left out."""
    done = tally or {}
    return Report(
        {
            "file_name": file_name,
            "digest": digest,
            "read": {
                "sites": len(result.sites) if result else 0,
                "flows": len(result.flows) if result else 0,
            },
            "done": {
                f"{resource}_{verb}": done.get(f"{resource}_{verb}", 0)
                for resource in COUNTED
                for verb in ("created", "updated", "unchanged")
            },
            "difference": difference,
            "tables": layouts.tables_of(result, known) if result else [],
            "findings": _frozen_findings(result.findings) if result else [],
        }
    )


def _frozen_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "severity": finding.severity,
            "sheet": finding.sheet,
            "row": finding.row,
            "field": finding.field,
            "cell": finding.cell,
            "message": freeze(finding.message),
        }
        for finding in findings
    ]
