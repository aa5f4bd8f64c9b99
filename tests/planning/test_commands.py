"""``entreflux plan`` for what changes (arrivals, closures, a plant, a newcomer) and for a master class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from app.commands import planning

EFFLUENT = """site,lon,lat,direction,kind,label,quantity,unit,unit_cost_eur
Brasserie,5.40,43.30,output,material,Effluents organiques de brasserie,3000,m3,18
Cave,5.44,43.31,output,material,Effluents de cave,5200,m3,15
Laiterie,5.47,43.29,output,material,Effluents organiques de laiterie,4000,m3,20
Chaufferie,5.43,43.30,input,energy,Gaz naturel pour chaudière,900,MWh,55
"""
BIOGAS = """site,lon,lat,direction,kind,label,quantity,unit
Méthaniseur,5.42,43.30,output,energy,Biogaz,800,MWh
"""
PALLETS = """site,lon,lat,direction,kind,label,quantity,unit,unit_cost_eur
Dépôt,5.400,43.30,output,packaging,Palettes Europe d'occasion,900,palette,
Négoce,5.401,43.30,input,packaging,Palettes Europe d'occasion,400,palette,6
"""
PAYER = """site,lon,lat,direction,kind,label,quantity,unit,unit_cost_eur
Usine,5.402,43.30,input,packaging,Palettes Europe d'occasion,500,palette,6
"""
POSTS = """site,company,lon,lat,direction,kind,label,quantity,unit
Moulin,Moulin SA,5.50,43.29,input,service,Formation recrutement POEC opérateur,1,unité
Atelier,Atelier SAS,5.51,43.29,input,service,POEC conducteur de ligne,1,unité
"""
# Ada and Bob both want the mill first; the mill would rather have Bob.
PEOPLE = """candidat;site;poste;vœu;rang
Ada;Moulin;;1;2
Ada;Atelier;POEC conducteur de ligne;2;1
Bob;Moulin;;1;1
"""
CHECKS = """site,lon,lat,direction,kind,label,quantity,unit,unit_cost_eur
Atelier A,5.400,43.30,input,service,Vérification annuelle des extincteurs,40,unité,10
Atelier B,5.402,43.30,input,service,Vérification annuelle des extincteurs,60,unité,10
Atelier C,5.404,43.30,input,service,Vérification annuelle des extincteurs,50,unité,10
"""


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Return a runner of ``plan`` that writes each table it is given and names it to the command."""
    command = typer.Typer()
    planning.register(command)

    def call(planner: str, flows: str, *arguments: str, **tables: str) -> Result:
        files = {"flows": flows, **tables}
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        options = [
            part for name in tables for part in (f"--{name.rstrip('_')}", str(tmp_path / f"{name}.csv"))
        ]
        return CliRunner().invoke(
            command, [planner, str(tmp_path / "flows.csv"), *arguments, *options, "--lang", "en"]
        )

    return call


def answer(done: Result) -> Any:
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_flows_that_arrive_say_what_they_bring(run: Any) -> None:
    """The newcomer takes the 500 pallets that nobody took, at 6 EUR each."""
    found = answer(run("what-if", PALLETS, with_=PAYER))
    assert found["objective"] == pytest.approx(3000)
    assert [link["receiver"] for link in found["plan"]["new_links"]] == ["Usine"]
    assert found["problem"]["arriving"] == {"Usine": 1}


def test_a_site_that_closes_takes_its_links_with_it(run: Any) -> None:
    found = answer(run("what-if", PALLETS, "--without", "Négoce"))
    assert found["objective"] == pytest.approx(-2400)
    assert [link["receiver"] for link in found["plan"]["lost_links"]] == ["Négoce"]
    unknown = run("what-if", PALLETS, "--without", "Nobody")
    assert unknown.exit_code == 1
    assert "cannot close" in unknown.stderr


def test_a_plant_takes_all_that_is_given_unless_told_how_much(run: Any) -> None:
    """54,000 + 78,000 + 80,000 EUR of disposal, less 4 EUR on 12,200 m3 and 60,000 EUR a year."""
    costs = ("--plant-cost", "60000", "--treatment-cost", "4")
    plant = ("--plant", "organic-effluent", "--at", "5.42,43.30", *costs)
    found = answer(run("what-if", EFFLUENT, *plant))
    assert found["objective"] == pytest.approx(212000 - 48800 - 60000)
    assert found["plan"]["plant"] == {"site": "Shared plant", "share_used": 1.0, "built": True}
    # 4,000 m3 at 20 EUR alone pay 64,000 for it.
    small = answer(run("what-if", EFFLUENT, *plant, "--plant-capacity", "4000"))
    assert small["objective"] == pytest.approx(4000 * (20 - 4) - 60000)
    makes = answer(run("what-if", EFFLUENT, *plant, "--plant-name", "Méthaniseur", with_=BIOGAS))
    assert makes["objective"] == pytest.approx(103200 + 800 * 55)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 1, "Say what changes"),
        (("--plant", "organic-effluent"), 2, "--at LON,LAT"),
        (("--at", "5.4,43.3"), 2, "--plant RESOURCE"),
        (("--plant", "organic-effluent", "--at", "543,1"), 2, "--at LON,LAT"),
        (("--plant", "unobtainium", "--at", "5.4,43.3"), 1, "Unknown resource"),
        (("--plant", "used-oil", "--at", "5.4,43.3"), 1, "how much the plant takes"),
        (("--newcomer", "Cave"), 2, "plan groups"),
    ],
)
def test_a_change_that_says_nothing_or_too_little_is_refused(
    run: Any, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run("what-if", EFFLUENT, *arguments)
    assert done.exit_code == code
    assert told in done.stderr


def test_a_group_says_what_it_becomes_with_a_newcomer(run: Any) -> None:
    """A and B check 100 extinguishers together; C brings 50 more and saves on its own 500 EUR."""
    found = answer(run("groups", CHECKS, "--newcomer", "Atelier C"))
    (growth,) = found["plan"]["growths"]
    assert growth["fits"]
    assert [member["site"] for member in growth["before"]["members"]] == ["Atelier A", "Atelier B"]
    assert growth["after"]["volume"] == growth["before"]["volume"] + 50
    assert growth["gain_eur_per_year"] == growth["after"]["members"][2]["saving_eur_per_year"] > 0
    assert "Volume from 100 to 150" in growth["changes"][0]
    assert found["problem"]["newcomers"] == ["Atelier C"]


def test_a_newcomer_of_a_second_table_may_make_a_group_possible(run: Any) -> None:
    alone, newcomer = (CHECKS.splitlines(keepends=True)[i] for i in (1, 2))
    title = CHECKS.splitlines(keepends=True)[0]
    found = answer(run("groups", title + alone, with_=title + newcomer))
    assert found["plan"]["growths"] == []
    assert [m["site"] for m in found["plan"]["groups"][0]["members"]] == ["Atelier A", "Atelier B"]
    assert any("makes this one possible" in note for note in found["assumptions"])


def test_a_newcomer_nobody_knows_is_told(run: Any) -> None:
    done = run("groups", CHECKS, "--newcomer", "Atelier Z")
    assert done.exit_code == 1
    assert "Atelier Z" in done.stderr


def test_a_master_class_gives_each_post_whom_the_company_ranks_best(run: Any) -> None:
    found = answer(run("masterclass", POSTS, candidates=PEOPLE))
    got = {row["candidate"]: row["post"] for row in found["plan"]["candidates"]}
    assert got == {
        "Ada": "Atelier: POEC conducteur de ligne",
        "Bob": "Moulin: Formation recrutement POEC opérateur",
    }
    assert found["objective"] == found["bound"] == 2


def test_a_master_class_without_candidates_lists_its_posts(run: Any) -> None:
    found = answer(run("masterclass", POSTS))
    assert [post["places"] for post in found["plan"]["posts"]] == [1, 1]
    assert len(found["unserved"]) == 2
    none = run("masterclass", CHECKS)
    assert none.exit_code == 1
    assert "POEC" in none.stderr


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("candidat;poste\nAda;X\n", "no column “site”"),
        ("candidat;site;rang\nAda;Moulin;best\n", "Row 2"),
        ("candidat;site\n;Moulin\n", "fill in “candidate”"),
        ("candidat;site;vœu\nAda;Nowhere;1\n", "who is not here"),
    ],
)
def test_a_wrong_table_of_candidates_says_where(run: Any, table: str, told: str) -> None:
    done = run("masterclass", POSTS, candidates=table)
    assert done.exit_code == 1
    assert told in done.stderr


def test_a_workshop_is_held_as_the_coordinator_says(run: Any) -> None:
    """Tables, seats and turns are those asked; the host keeps the first table, rivals never share one."""
    rows = [
        f"F{n},F{n},5.4{n},43.30,{'output' if n % 2 else 'input'},packaging,Palettes Europe,900,palette"
        for n in range(6)
    ]
    flows = "\n".join(["site,company,lon,lat,direction,kind,label,quantity,unit", *rows])
    options = ["--tables", "2", "--seats", "3", "--turns", "4", "--host", "F2", "--rivals", "F0|F1"]
    turns = answer(run("workshop", flows, "--time-limit", "4", *options))["plan"]["turns"]
    seated = [[table["people"] for table in turn["tables"]] for turn in turns]
    assert [sorted(len(people) for people in turn) for turn in seated] == [[3, 3]] * 4
    assert all("F2" in turn[0] for turn in seated)
    assert not any({"F0", "F1"} <= set(people) for turn in seated for people in turn)
    assert run("workshop", flows, "--rivals", "F0").exit_code == 2
    assert run("jobs", flows, "--turns", "2").exit_code == 2
