"""Article 13: two officers with their certificates, a true record, a signature or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inspecting import Team
from shuangsui.cli.walk import Course
from shuangsui.inspections import records, visits
from shuangsui.inspections.states import Party, RecordState
from story import Story, open_record

WITNESS, CONTACT = "王见证", "13900000001"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


@dataclass
class Told:
    """Three visits: refused, sealed and corrected, nobody there; what was refused of the first and the third."""

    refusing: dict[str, Any]
    sealed: dict[str, Any]
    gone: dict[str, Any]
    steps: list[str]
    sought: list[str]
    people: list[str]


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """Every step that may not be taken yet is tried before the one that may."""
    first, second, third, *_ = drawn.dispatched(Course(), Course(), Course(("cannot_contact",)))
    steps = _refusing(drawn, first.until("arrive"))
    _sealed(drawn, second.until("sign"))
    sought = _gone(drawn, third.until("arrive"))
    views = [drawn.done("task", "show", team.no, by="inspection") for team in (first, second, third)]
    return Told(*views, steps, sought, first.people())


def _refusing(drawn: Story, team: Team) -> list[str]:
    """The enterprise will not sign."""
    no, (one, two) = team.no, team.people()
    write = ("visit", "write", no, drawn.answers(no))
    submit = ("task", "submit", no, "--leader", one, "--category", "no_problem")
    at = ("--place", "厂区大门")
    drawn.done("visit", "check-in", no, "--person", one, *at, by="inspection")
    drawn.done("visit", "check-in", no, "--person", WITNESS, *at, "--as-party", "witness", by="inspection")
    refused = [drawn.refused(*write, by="inspection")]
    drawn.done("visit", "check-in", no, "--person", two, *at, by="inspection")
    drawn.done(*write, by="inspection")
    refused.append(drawn.refused("visit", "sign", no, "--person", one, by="inspection"))
    drawn.done("visit", "certificates", no, "--number", one, "--number", two, by="inspection")
    drawn.done("visit", "sign", no, "--person", one, by="inspection")
    team.leave()
    refused.append(drawn.refused("visit", "refuse", no, "--reason", " ", by="inspection"))
    drawn.done("visit", "refuse", no, "--reason", "负责人外出，不愿代签", by="inspection")
    refused.append(drawn.refused(*submit, by="inspection"))
    witness = ("visit", "sign", no, "--as-party", "witness", "--role", "居委会工作人员")
    refused.append(drawn.refused(*witness, "--person", two, by="inspection"))
    drawn.done(*witness, "--person", WITNESS, "--contact", CONTACT, by="inspection")
    drawn.done("visit", "sign", no, "--person", two, by="inspection")
    drawn.done(*submit, by="inspection")
    return refused


def _sealed(drawn: Story, team: Team) -> None:
    """Sealed, filled in two days later, corrected afterwards."""
    drawn.done(
        "visit", "sign", team.no, "--person", "检查对象", "--as-party", "object", "--how", "seal", by="inspection"
    )
    for person in team.people():
        team.act(records.sign, person, Party.OFFICER)
    team.leave()
    drawn.authority.wait(days=2)
    team.submit()
    drawn.done("visit", "addendum", team.no, "--text", "设备编号应为 A-12", by="inspection")
    for person in team.people():
        drawn.done("visit", "sign-addendum", team.no, "--n", 1, "--person", person, by="inspection")


def _gone(drawn: Story, team: Team) -> list[str]:
    """Two visits to an address at which nobody is, each with its photograph."""
    refused = []
    for n in (1, 2):
        team.arrive()
        team.act(visits.nobody_found)
        photo = drawn.authority.folder / f"门口{n}.png"
        Path(photo).write_bytes(PNG + bytes([n]))
        drawn.done("evidence", "add", team.no, photo, by="inspection")
        team.leave()
        if n == 1:
            open_record(team)
            leader = ("--leader", team.people()[0], "--category", "cannot_contact")
            refused.append(drawn.refused("task", "submit", team.no, *leader, by="inspection"))
            drawn.authority.wait(days=1)
    team.submit()
    return refused


def test_r13_1_record_is_read_only_until_the_second_officer_is_there(told: Told) -> None:
    """R13.1: a witness does not count; both officers checked in with time and place."""
    assert told.steps[0] == "record_readonly"
    (visit,) = told.refusing["visits"]
    people = [(row["person"], row["party"], row["place"]) for row in visit["people"] if row["direction"] == "in"]
    assert people == [
        (told.people[0], "officer", "厂区大门"),
        (WITNESS, "witness", "厂区大门"),
        (told.people[1], "officer", "厂区大门"),
    ]


def test_r13_2_certificates_come_before_signatures(told: Told) -> None:
    """R13.2: signing was refused; then the step is there with its time and both numbers."""
    assert told.steps[1] == "certificates_not_shown"
    (visit,) = told.refusing["visits"]
    assert (visit["certificates"], visit["certificates_at"] is not None) == (sorted(told.people), True)


def test_r13_5_refusal_has_its_reason_and_both_signatures(told: Told) -> None:
    """R13.5: without a reason, or signed by one officer only, it was not closed."""
    assert told.steps[2:4] == ["refusal_reason", "officer_unsigned"]
    record = told.refusing["record"]
    assert (record["state"], record["refusal_reason"]) == (RecordState.REFUSED_RECORDED, "负责人外出，不愿代签")
    officers = sorted(row["person"] for row in record["signatures"] if row["party"] == "officer")
    assert officers == sorted(told.people)
    assert told.refusing["ended_at"] is not None


def test_r13_6_witness_from_outside_is_kept_and_never_published(drawn: Story, told: Told) -> None:
    """R13.6: an officer cannot be the witness; no public file has name or contact."""
    assert told.steps[4] == "signer_wrong"
    witnesses = [row["person"] for row in told.refusing["record"]["signatures"] if row["party"] == "witness"]
    assert witnesses == [WITNESS]
    files = [file for file in (drawn.at.var / "public").rglob("*") if file.is_file()]
    assert [
        file for file in files if WITNESS.encode() in file.read_bytes() or CONTACT.encode() in file.read_bytes()
    ] == []
    assert len(files) > 10


def test_r13_4_seal_alone_confirms(told: Told) -> None:
    """R13.4: nobody of the enterprise has signed by hand."""
    record = told.sealed["record"]
    assert record["state"] == RecordState.CONFIRMED
    assert [row["how"] for row in record["signatures"] if row["party"] == "object"] == ["seal"]


def test_r13_3_record_of_the_day_after_next_is_stamped(told: Told) -> None:
    """R13.3: late, by two days; that of the same day is not."""
    record = told.sealed["record"]
    assert (record["late"], record["delay_minutes"]) == (True, 2 * 24 * 60)
    assert told.refusing["record"]["late"] is False


def test_r13_8_correction_stands_beside_what_was_signed(told: Told) -> None:
    """R13.8: both texts, and the signatures under the second."""
    record = told.sealed["record"]
    assert record["facts"] == "按检查要点逐项检查。"
    assert [one["text"] for one in record["addenda"]] == ["设备编号应为 A-12"]
    assert len(set(record["addenda"][0]["signatures"])) == 2


def test_r13_7_nobody_found_takes_two_visits(told: Told) -> None:
    """R13.7: refused after one; after two with their photographs there is a result and no signature."""
    assert told.sought == ["sought_too_little"]
    assert [visit["met"] for visit in told.gone["visits"]] == [False, False]
    assert (told.gone["record"]["state"], told.gone["record"]["signatures"]) == (RecordState.UNREACHABLE, [])
    assert told.gone["results"][0]["categories"] == ["cannot_contact"]
