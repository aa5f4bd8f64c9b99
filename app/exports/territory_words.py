"""The words of a territory's report, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal

from app.exports.territory_figures import Range
from app.translations import gettext
from matching.messages import N_

FIXED = "\u00a0"
WORDS: Mapping[str, str] = {
    "heading": N_("Industrial symbiosis: report of the territory"),
    "state": N_("State on"),
    "map": N_("The territory"),
    "map_note": N_("Dots: sites, larger with more flows. Numbers: the synergies of the list."),
    "no_map": N_("No site has a place yet: there is no map to draw."),
    "map_source": N_("Land: Natural Earth, public domain. Sites: as declared or geocoded."),
    "flows": N_("What was declared"),
    "kind": N_("Kind"),
    "outputs": N_("To give"),
    "inputs": N_("Needed"),
    "quantified": N_("With a quantity"),
    "known": N_("How the quantities are known"),
    "funnel": N_("Where the synergies stand"),
    "worth": N_("What they are worth a year"),
    "worth_note": N_(
        "Each flow is counted in one synergy only, the one worth most: sums never promise a tonne twice. "
        "In brackets, all low estimates together and all high estimates together."
    ),
    "found": N_("Found"),
    "kept": N_("Counted"),
    "eur": N_("Saving"),
    "tco2e": N_("Greenhouse gases avoided"),
    "best": N_("The best synergies"),
    "synergy": N_("Synergy"),
    "status": N_("Status"),
    "distance": N_("Distance"),
    "trust": N_("Confidence"),
    "none": N_("No synergy yet: import flows, then print this report again."),
    "method": N_("Method"),
    "doubts": N_("Doubts"),
    "references": N_("Figures of the catalogue used, with their source"),
    "used": N_("Synergies"),
    "charter": N_("Confidentiality"),
    "charter_text": N_(
        "This report names companies and what they declared in confidence. It is for the facilitator, the "
        "funder and the companies that signed the territory’s charter; whoever passes it on asks the "
        "companies named first. It holds no personal data. Figures are estimates for a first talk, neither "
        "an offer nor legal advice; before a waste is moved, a professional checks its status and permits."
    ),
    "foot": N_("Confidential: for the members of the initiative and its funder"),
}
METHOD = (
    N_(
        "Companies declare what they need and what they have to give. Each label is read against a catalogue "
        "of resources and of waste codes, whose rules and figures have sources."
    ),
    N_(
        "An output and an input of two sites are compared on material, distance, quantity, quality and "
        "calendar; gates refuse what cannot be (temperature, dangerous substances, season, reach). Flows of "
        "the same kind are pooled; chains that close are loops."
    ),
    N_(
        "The score says how well both sides fit; the confidence says how well they are known. "
        "They are different things."
    ),
    N_(
        "Savings rest on the prices that companies declare, else on a figure of the catalogue; greenhouse "
        "gases on the factor of what is replaced, less the transport. Each figure names its source; an "
        "estimate of the catalogue’s own says so. Without a figure there is no sum."
    ),
)


class Writer:
    """Texts and numbers in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def text(self, template: str, **params: object) -> str:
        """Return a text in the language."""
        return gettext(template, self.language, **params)

    def number(self, value: float) -> str:
        """Return a number as it is."""
        return format_decimal(value, format="#,##0.##", locale=self.language)

    def rounded(self, value: float) -> str:
        """Return an estimate with two significant figures."""
        return format_decimal(float(f"{value:.2g}"), format="#,##0.##", locale=self.language)

    def about(self, value: float, unit: str) -> str:
        """Return an estimate with its unit."""
        return f"{self.rounded(value)}{FIXED}{unit}"

    def span(self, held: Range, unit: str) -> str:
        """Return the two ends of an estimate; empty when they are written alike."""
        low, high = self.rounded(held.low), self.rounded(held.high)
        return (
            ""
            if low == high
            else self.text(N_("From {low} to {high} {unit}."), low=low, high=high, unit=unit)
        )

    def with_span(self, held: Range, unit: str) -> str:
        """Return an estimate with its ends in brackets; empty when nothing is known."""
        if not held.count:
            return ""
        low, high = self.rounded(held.low), self.rounded(held.high)
        middle = self.about(held.middle, unit)
        return middle if low == high else f"{middle} ({low} – {high})"

    def percent(self, share: float) -> str:
        """Return a share of 1 as a percentage."""
        return f"{round(100 * share)}{FIXED if self.language == 'fr' else ''}%"

    @property
    def carbon(self) -> str:
        """The unit of greenhouse gases, tonnes of CO₂ equivalent."""
        return "t CO₂e" if self.language == "en" else "t éq. CO₂"
