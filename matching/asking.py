"""What is still unknown of a pair, what to check before acting, and the one thing to do now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.certainty import settling_question
from matching.columns import Reading
from matching.explanation import Party
from matching.messages import N_, LocalName, Message
from matching.model import Flow, Period, Precision
from matching.results import Warning_

GATE_QUESTIONS = {
    "properties": N_("Does “{provider}” have the quality asked for by {receiver_site}?"),
    "temperature": N_("At what temperature is “{provider}” available, and “{receiver}” needed?"),
    "concentration": N_("What is the concentration of “{provider}”?"),
    "moisture": N_("What is the moisture of “{provider}”?"),
    "requirements": N_("Does “{provider}” meet: {conditions}?"),
    "reach": N_("Where exactly is the site? Without a place there is no distance."),
}
HAZARDOUS = Warning_("hazardous", Message(N_("Hazardous: check the receiver's permit and the carrier.")))
ONE_OFF = Warning_("one_off", Message(N_("A one-off: the figures are for that once, not for each year.")))
APPROXIMATE = Warning_("approximate_place", Message(N_("A site is placed at its commune's centre.")))
WASTE_STATUS = Warning_("waste_status", Message(N_("It is waste until treated: check its legal status.")))
SAME_COMPANY = Warning_("same_company", Message(N_("Both sites belong to the same company.")))


class Question(NamedTuple):
    """Something still unknown, and the name of the site to ask."""

    site: str
    text: Message


def what_is_it(flow: Flow, found: Sequence[Reading], catalogue: Catalogue) -> Question | None:
    """Return what would settle what a flow is, None when its label was read well enough."""
    resources = [reading.resource for reading in found]
    asked = settling_question(resources, found[0].candidate.probability if found else 0.0, catalogue)
    if asked is None:
        return None
    words: dict[str, object] = {"label": flow.label, "site": flow.site.name, "question": asked}
    return Question(flow.site.name, Message(N_("“{label}” ({site}): {question}"), words))


def is_it_that(provider: Party, receiver: Party, basis: Basis, catalogue: Catalogue) -> Question:
    """Return what would settle a guess about two flows."""
    named = {
        "provider": provider.label,
        "output": catalogue.resources[basis.output_resource].name,
        "receiver": receiver.label,
        "receiver_site": receiver.site,
        "input": catalogue.resources[basis.input_resource].name,
    }
    sentence = N_(
        "“{provider}”: is it {output}? And would it do for “{receiver}” ({receiver_site}), taken for {input}?"
    )
    return Question(provider.site, Message(sentence, named))


def how_much(flow: Flow) -> Question | None:
    """Return the question of a flow's quantity, None when it is known."""
    if flow.quantity is not None:
        return None
    asked = {"label": flow.label, "site": flow.site.name}
    return Question(flow.site.name, Message(N_("How much a year: “{label}” ({site})?"), asked))


def gate_questions(
    provider: Party, receiver: Party, basis: Basis, unknown: tuple[str, ...]
) -> tuple[Question, ...]:
    """Return what to ask about each unknown gate, most pressing first."""
    names = [name for name in unknown if name in GATE_QUESTIONS]
    if not names:
        return ()
    rule = basis.link.rule
    params = {
        "provider": provider.label,
        "receiver": receiver.label,
        "receiver_site": receiver.site,
        "conditions": rule.conditions if rule else "",
    }
    unplaced = receiver if provider.placed else provider
    return tuple(
        Question((unplaced if name == "reach" else provider).site, Message(GATE_QUESTIONS[name], params))
        for name in names
    )


def nature_question(basis: Basis, catalogue: Catalogue) -> Message | None:
    """Return what the catalogue asks about an output that is not just what is needed."""
    resource = catalogue.resources.get(basis.output_resource)
    if resource is None or resource.question is None or basis.link.relation == "same":
        return None
    return Message(N_("{question}"), {"question": resource.question})


def warnings_of(
    provider: Flow, receiver: Flow, basis: Basis, hazardous: bool, cop: float | None
) -> tuple[Warning_, ...]:
    """Return what an expert should check before acting; prompts, never legal advice.

    Parameters
    ----------
    cop
        Of the heat pump it takes, None when it takes none.
    """
    found: list[Warning_] = []
    rule = basis.link.rule
    if hazardous:
        found.append(HAZARDOUS)
    if rule is not None and rule.conditions.en:
        found.append(_conditions(rule.conditions))
    if cop is not None:
        found.append(_heat_pump(round(cop, 1)))
    if once(provider) or once(receiver):
        found.append(ONE_OFF)
    if provider.site.precision is Precision.COMMUNE or receiver.site.precision is Precision.COMMUNE:
        found.append(APPROXIMATE)
    if provider.waste_code and rule is not None and rule.form == "treated":
        found.append(WASTE_STATUS)
    if provider.site.company and provider.site.company == receiver.site.company:
        found.append(SAME_COMPANY)
    return tuple(found)


def once(flow: Flow) -> bool:
    """Tell whether a flow is there once, and not each year."""
    return flow.quantity is not None and flow.quantity.period is Period.ONCE


@lru_cache(maxsize=1024)
def _conditions(conditions: LocalName) -> Warning_:
    return Warning_("conditions", Message(N_("Conditions: {conditions}"), {"conditions": conditions}))


@lru_cache(maxsize=1024)
def _heat_pump(cop: float) -> Warning_:
    return Warning_(
        "heat_pump", Message(N_("A heat pump is needed (performance about {cop})."), {"cop": cop})
    )


def next_step(provider: Party, receiver: Party, questions: Sequence[Question]) -> Message:
    """Return the one thing to do now."""
    if questions:
        first = questions[0]
        return Message(N_("Ask {site} first: {question}"), {"site": first.site, "question": first.text})
    return Message(
        N_("Call {provider_site} and {receiver_site}, and offer a sample or a visit."),
        {"provider_site": provider.site, "receiver_site": receiver.site},
    )
