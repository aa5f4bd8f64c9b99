"""The words of the desk: what was done, the lists that are there from the start."""

from __future__ import annotations

from collections.abc import Mapping

from matching.messages import N_

# What the history and the notice say was done.
ACTIONS: Mapping[str, str] = {
    "move": N_("Status moved"),
    "assign": N_("Given to somebody"),
    "shelve": N_("Set aside"),
    "restore": N_("Put back into the list"),
    "comment": N_("Comment added"),
    "uncomment": N_("Comment deleted"),
    "undo": N_("Undone"),
}
BUILT_IN_VIEWS: Mapping[str, str] = {
    "to-call": N_("To call"),
    "worth-most": N_("Worth most"),
    "mine": N_("Mine"),
    "waiting": N_("Waiting for an answer"),
    "unmoved": N_("Not moved for six months"),
    "shelved": N_("What is set aside"),
}
UNMOVED_DAYS: Mapping[str, str] = {
    "90": N_("For three months"),
    "180": N_("For six months"),
    "365": N_("For a year"),
}
SHELVED: Mapping[str, str] = {
    "yes": N_("Only those"),
    "all": N_("With the others"),
}
QUESTIONS: Mapping[str, str] = {"yes": N_("With questions left")}
