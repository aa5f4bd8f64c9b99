"""The paper of each planner says what is needed on the day, on pages that lose nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.exports.plan_sheets import PLANNERS_WITH_PAPER, places_of, sheet_pdf, sheets_pdf
from app.exports.plan_sheets_blocks import Paper, Place, breakable
from tests.exports.plans import best, demo, flows, master_class, pages, with_stops

PRINTED = date(2026, 11, 26)
PLANNED = (
    "collection",
    "purchase",
    "jobs",
    "training",
    "space",
    "transport",
    "allocation",
    "workshop",
    "groups",
)


def text_of(planner: str, document: dict[str, Any], language: str = "fr", **more: Any) -> str:
    return " ".join(pages(sheet_pdf(planner, document, language, printed=PRINTED, **more)))


def missing_from(text: str, names: list[str]) -> list[str]:
    """Return the names that are not in a text, whose lines may be cut between words and after hyphens."""
    whole = text.replace("- ", "-")
    return [name for name in names if " ".join(name.split()).replace("- ", "-") not in whole]


def test_a_driver_reads_each_stop_with_hour_load_and_place_to_sign() -> None:
    document = best("collection")
    paper = pages(sheet_pdf("collection", document, "fr", places_of(flows()), PRINTED))
    one = document["plan"]["rounds"][0]
    assert missing_from(paper[0], [stop["site"] for stop in one["stops"]]) == []
    assert missing_from(paper[0], [stop["arrival"] for stop in one["stops"]]) == []
    assert "Conducteur, nom et signature" in paper[0]
    address = places_of(flows())[one["stops"][0]["site"]].address
    assert missing_from(paper[0], address.split()) == []
    assert any(vehicle in paper[0] for vehicle in ("Fourgon", "Camion porteur", "Semi-remorque"))


def test_each_member_of_a_collection_finds_its_share_and_saving() -> None:
    document = best("collection")
    text = text_of("collection", document)
    write = Paper("fr")
    for member in document["plan"]["members"]:
        assert " ".join(write.euros(member["share_eur_per_year"]).split()) in text
        assert member["site"] in text


def test_a_weekly_round_is_said_to_be_weekly() -> None:
    document = best("collection")
    document["plan"]["every_weeks"] = 1
    assert "toutes les semaines" in text_of("collection", document)
    document["plan"]["every_weeks"] = 6
    assert "toutes les 6 semaines" in text_of("collection", document)


def test_a_group_that_a_newcomer_joins_says_what_changes() -> None:
    document = best("groups")
    group = document["plan"]["groups"][0]
    document["plan"] = {
        "groups": [],
        "growths": [
            {"site": "Atelier Neuf", "fits": True, "changes": ["Le centre se déplace."], "after": group},
            {"site": "Atelier Loin", "fits": False, "changes": [], "after": group},
        ],
    }
    text = text_of("groups", document)
    assert missing_from(text, [row["site"] for row in group["members"]]) == []
    assert missing_from(text, ["Atelier Neuf", "Le centre se déplace.", "le groupe reste tel quel"]) == []


def test_a_round_with_dangerous_goods_says_so_before_its_stops() -> None:
    dangerous = next(d for d in demo("collection") if any(r["hazard_classes"] for r in d["plan"]["rounds"]))
    first = pages(sheet_pdf("collection", dangerous, "fr"))[0]
    assert first.index("Matières dangereuses à bord") < first.index(
        dangerous["plan"]["rounds"][0]["stops"][0]["site"]
    )


def test_a_round_of_forty_stops_with_long_names_loses_none_and_repeats_its_header() -> None:
    document = with_stops(best("collection"), 40)
    paper = pages(sheet_pdf("collection", document, "fr"))
    text = " ".join(paper)
    for number in range(40):
        # A name may be cut over two lines at its hyphens: its end is enough to know it by.
        assert text.count(f"Méditerranéenne {number:02d}") == 2
    assert all(document["problem"]["title"] in page for page in paper)
    assert sum("À bord" in page for page in paper) >= 2


def test_a_shared_worker_has_months_weeks_and_what_the_law_limits() -> None:
    document = best("jobs")
    text = text_of("jobs", document)
    contract = document["plan"]["contracts"][0]
    assert missing_from(text, [member["member"] for member in contract["members"]]) == []
    assert missing_from(text, ["janv.", "déc.", "lundi", "vendredi", "Semaine 2, après-midi"]) == []
    assert "L3121-27" in text


def test_a_session_has_a_line_to_sign_for_each_trainee() -> None:
    document = best("training")
    session = document["plan"]["sessions"][0]
    first = pages(sheet_pdf("training", document, "fr"))[0]
    last = max(session["members"], key=lambda row: row["trainees"])
    assert first.count(last["member"]) >= last["trainees"]
    assert "entre le 26 décembre 2026 et le" in first
    assert session["venue"] in first


def test_a_master_class_lists_posts_with_who_is_taken_and_every_candidate() -> None:
    text = text_of("masterclass", master_class())
    assert missing_from(text, ["Soudeur", "Forge", "Tuyauteur", "Port", "Ana", "Bo", "Cy"]) == []
    assert "pas encore de poste" in text


def test_every_booking_and_offer_of_space_is_on_paper() -> None:
    for document in demo("space"):
        plan = document["plan"]
        text = text_of("space", document)
        names = [row["site"] for row in plan["assignments"]] + [row["label"] for row in plan["offers"]]
        assert missing_from(text, names) == []


def test_each_lorry_has_its_stops_its_days_and_what_each_pays() -> None:
    document = best("transport")
    text = text_of("transport", document)
    lorries = document["plan"]["lorries"]
    assert missing_from(text, [stop["place"] for lorry in lorries for stop in lorry["stops"]]) == []
    assert "retour à vide" in text
    assert "lundi à vendredi" in text


def test_each_firm_reads_its_own_exchanges() -> None:
    document = best("allocation")
    document["plan"]["links"] = document["plan"]["links"][:30]
    text = text_of("allocation", document)
    links = document["plan"]["links"]
    assert missing_from(text, [link[end] for link in links for end in ("provider", "receiver")]) == []
    assert text.count("donne à") == text.count("reçoit de") == len(links)


def test_a_workshop_has_a_page_for_each_turn_and_a_card_for_each_participant() -> None:
    document = best("workshop")
    plan = document["plan"]
    paper = pages(sheet_pdf("workshop", document, "fr"))
    for turn in plan["turns"]:
        title = f"Tour {turn['turn']} sur {len(plan['turns'])}"
        page = next(page for page in paper if title in page)
        seated = [name for table in turn["tables"] for name in table["people"]]
        assert missing_from(page, seated) == []
    cards = " ".join(paper[-len(plan["people"]) // 8 :])
    first = plan["people"][0]
    assert f"Tour {first['talks'][0]['turn']} : {first['talks'][0]['with']}" in cards
    assert missing_from(" ".join(paper), [person["name"] for person in plan["people"]]) == []


def test_a_card_says_why_two_people_should_talk_where_the_plan_tells_it() -> None:
    document = best("workshop")
    document["plan"]["people"][0]["talks"][0]["why"] = "vos palettes servent à ses livraisons"
    assert "vos palettes servent à ses livraisons" in text_of("workshop", document)


def test_each_group_has_a_page_with_its_members_and_a_next_step() -> None:
    document = next(d for d in demo("groups") if len(d["plan"]["groups"]) > 1)
    groups = document["plan"]["groups"]
    paper = pages(sheet_pdf("groups", document, "fr"))
    assert len(paper) >= len(groups)
    for group, page in zip(groups, paper, strict=False):
        assert missing_from(page, [row["site"] for row in group["members"]]) == []
        assert "Prochaine étape" in page


def test_documents_of_one_planner_make_one_paper() -> None:
    documents = demo("groups")[:3]
    one = pages(sheets_pdf("groups", documents, "fr"))
    assert all(any(document["problem"]["resource"] in page for page in one) for document in documents)


@pytest.mark.parametrize("planner", PLANNED)
def test_every_paper_is_a_draft_with_its_day_and_page_numbers_in_both_languages(planner: str) -> None:
    """Papers say they are drafts; the consultation of a purchase, older, has a foot of its own."""
    document = best(planner)
    french, english = (
        pages(sheet_pdf(planner, document, language, printed=PRINTED), most=1)[0] for language in ("fr", "en")
    )
    assert french != english
    if planner != "purchase":
        assert "Projet à relire" in french
        assert "26 novembre 2026" in french
        assert "November 26, 2026" in english
        assert "DRAFT" in english


def test_a_planner_without_paper_or_a_plan_without_document_has_none() -> None:
    assert sheet_pdf("what_if", best("allocation"), "fr") is None
    assert sheets_pdf("groups", [], "fr") is None
    assert set(PLANNED) < set(PLANNERS_WITH_PAPER)


def test_a_contact_known_beside_the_plan_is_on_the_stop() -> None:
    document = best("collection")
    site = document["plan"]["rounds"][0]["stops"][0]["site"]
    places = {site: Place("1 quai des Essais", "Mme Essai, 04 00 00 00 00")}
    assert "Mme Essai, 04 00 00 00 00" in text_of("collection", document, places=places)


def test_markup_in_a_name_is_printed_and_never_run() -> None:
    document = best("collection")
    document["plan"]["rounds"][0]["stops"][0]["site"] = '#panic("no") *x* $y$'
    assert '#panic("no") *x* $y$' in text_of("collection", document)


def test_figures_are_written_as_in_french() -> None:
    paper = Paper("fr")
    assert paper.euros(1234.4).split() == ["1", "234", "€"]
    assert paper.euros(-3.5, cents=True).startswith("−3,50")
    assert paper.amount(0.25, "t").split() == ["250", "kg"]
    assert paper.amount(2, "palette").split() == ["2", "palettes"]
    assert paper.weekdays([1, 2, 3, 5]) == "lundi à mercredi, vendredi"
    assert paper.months(range(1, 13)) == "toute l’année"
    assert paper.percent(0.25).split() == ["25", "%"]


def test_an_overlong_word_may_be_cut_and_a_usual_one_may_not() -> None:
    assert breakable("tridimensionnelle") == "tridimensionnelle"
    assert breakable("X" * 60).replace("\u00ad", "") == "X" * 60
    assert "\u00ad" in breakable("X" * 60)
    assert breakable("Frères-Villeneuve-Loubet") == "Frères-Villeneuve-Loubet"
