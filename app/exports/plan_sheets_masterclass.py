"""The paper of a master class: who is taken on each post, and each candidate's answer."""

from __future__ import annotations

from app.exports.plan_sheets_blocks import (
    Block,
    Document,
    Paper,
    alphabetical,
    closing,
    facts,
    heading,
    new_page,
    table,
)
from matching.messages import N_


def title(paper: Paper, document: Document) -> str:
    """Return the name of the paper: a table has one master class."""
    return paper.say(N_("Master class: posts and candidates"))


def blocks(paper: Paper, document: Document) -> list[Block]:
    """Return who is taken on each post with the reserves, then each candidate's answer."""
    plan = document["plan"]
    posts = [
        [
            post["post"],
            post["company"],
            f"{len(post['taken'])} / {post['places']}",
            "\n".join(post["taken"]) or "–",
            "\n".join(f"{rank}. {name}" for rank, name in enumerate(post["reserve"], start=1)) or "–",
        ]
        for post in plan["posts"]
    ]
    candidates = [
        [row["candidate"], row["post"] or paper.say(N_("no post yet")), paper.number(row["wish"])]
        for row in sorted(plan["candidates"], key=lambda row: alphabetical(row["candidate"]))
    ]
    return [
        facts(
            (paper.say(N_("Posts filled")), str(plan["places_filled"])),
            (paper.say(N_("First wishes met")), str(plan["first_wishes"])),
            (paper.say(N_("Classes")), str(plan["classes"])),
            large=True,
        ),
        heading(paper.say(N_("Posts"))),
        table(
            (
                (paper.say(N_("Post")), "2fr"),
                (paper.say(N_("Firm")), "1.5fr"),
                (paper.say(N_("Filled")), "auto"),
                (paper.say(N_("Candidates taken")), "1.8fr"),
                (paper.say(N_("In reserve")), "1.8fr"),
            ),
            posts,
        ),
        new_page(),
        heading(paper.say(N_("Candidates"))),
        table(
            (
                (paper.say(N_("Candidate")), "2fr"),
                (paper.say(N_("Post")), "3fr"),
                (paper.say(N_("Rank of the wish")), "auto"),
            ),
            candidates,
        ),
        *closing(paper, document),
    ]
