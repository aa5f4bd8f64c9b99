"""What a pool says, by its form: one sentence, and the next step."""

from __future__ import annotations

from matching.messages import N_

EXPLANATIONS = {
    "joint_collection": N_(
        "{count} sites within {distance_km} km give away {resource}: one collection for all."
    ),
    "joint_purchase": N_("{count} sites within {distance_km} km buy {resource}: one consultation for all."),
    "joint_training": N_(
        "{count} sites within {distance_km} km need the training {resource}: one session for all."
    ),
    "shared_job": N_("{count} sites within {distance_km} km need {resource}: one shared post or more."),
    "shared_equipment": N_("{count} sites within {distance_km} km need {resource}: hire or own it together."),
    "shared_space": N_("{count} sites within {distance_km} km need {resource}: find and share one place."),
    "shared_transport": N_("{count} sites within {distance_km} km organise {resource}: one service for all."),
}
NEXT_STEPS = {
    "joint_collection": N_(
        "Ask each site for its monthly volume and storage room, then ask a collector for a round."
    ),
    "joint_purchase": N_("Ask each site when its contract ends, then draft one consultation."),
    "joint_training": N_(
        "Ask each site for the number of trainees and their due dates, then book a session."
    ),
    "shared_job": N_("Put the weekly calendars side by side, then meet an employers' group."),
    "shared_equipment": N_("Ask each site for its dates, then ask for one quotation."),
    "shared_space": N_("Visit one place together and agree on its use."),
    "shared_transport": N_("Put timetables side by side, then ask for one quotation."),
}
