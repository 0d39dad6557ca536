"""The pages behind a link under the hands of somebody who means ill, with a link of the own or without one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import escape

import pytest
from sqlmodel import select

from authority import Authority
from console import PAGE
from inspecting import Team, team
from letters import PDF, Inspected
from officials import Official
from shuangsui.cli.walk import Course
from shuangsui.inspections import followup, proving, records
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Party
from shuangsui.inspections.tables import Evidence, Objection, Rectification, Signature
from shuangsui.registry import read

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TURNED = "厂长\u202e（模拟）"
SIGN = {"act": "sign", "person": "厂长(模拟)", "read": "yes"}


@pytest.fixture
def one(authority: Authority) -> Team:
    """A task whose officers have signed the record."""
    made = team(authority, course=Course(("pending",), {"1": "发现淘汰设备一台"})).until("sign")
    for person in made.people():
        made.act(records.sign, person, Party.OFFICER)
    return made


@pytest.fixture
def who(one: Team, enter: Callable[..., Official]) -> Inspected:
    """The holder of its link."""
    link = str(enter("lead").call(f"/tasks/{one.no}/feedback").json()["once"])
    return Inspected(enter("business").browser, link)


def kept(one: Team, kind: type) -> list:
    """Every row of a table."""
    with one.authority.session() as session:
        return list(session.exec(select(kind)))


def stored(one: Team) -> int:
    """How many files of evidence there are on the disk."""
    return sum(path.is_file() for path in (one.authority.folder / "evidence").rglob("*"))


def ordered(one: Team) -> None:
    """The inspection is over, and something has to be put right."""
    one.act(records.refuse, "拒绝签字")
    one.leave()
    one.submit()
    order = Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=one.authority.today + timedelta(days=10))
    one.decide(followup.dispose, 1, order, actor="lead")


def test_what_is_typed_is_shown_as_it_was_typed(one: Team, who: Inspected, enter: Callable[..., Official]) -> None:
    """Markup in a field is text: to the holder, in a form that comes back, and to the officials."""
    who.done("/confirm", act="object", person=HOSTILE, text=HOSTILE)
    back = who.post("/confirm", act="sign", person=HOSTILE, role=HOSTILE).text
    console = enter("inspection").browser.get(f"/console/tasks/{one.no}/record", headers=PAGE).text
    for page in (who.text("/confirm"), back, console):
        assert ("<script>alert" in page, "<img src=x" in page, str(escape(HOSTILE))[10:18] in page) == (
            False, False, True,
        )  # fmt: skip


@pytest.mark.parametrize("person", [TURNED, "厂\0长", "厂\u200b长", "厂" * 101, " "])
def test_a_name_that_cannot_be_read_signs_nothing(one: Team, who: Inspected, person: str) -> None:
    """Nor does none, nor one longer than its field."""
    before = len(kept(one, Signature))
    assert who.refused("/confirm", **{**SIGN, "person": person})[0] == 422
    assert who.refused("/confirm", act="object", person=person, text="有异议")[0] == 422
    assert (len(kept(one, Signature)), kept(one, Objection)) == (before, [])


def test_lines_of_a_text_count_as_the_field_counts_them(one: Team, who: Inspected) -> None:
    """A browser sends two signs for the end of a line, of which its field counted one."""
    who.done("/confirm", act="object", person="厂长(模拟)", text="一\r\n" * 999 + "二二")
    who.refused("/confirm", act="object", person="厂长(模拟)", text="一\r\n" * 1000 + "二")
    assert [len(row.text) for row in kept(one, Objection)] == [2000]


def test_a_certificate_typed_as_a_name_tells_nobody_whose_it_is(one: Team, who: Inspected) -> None:
    """No page of the object is a directory of inspectors; nor does it sign as one of the team."""
    officers = one.people()
    with one.authority.session() as session:
        other = next(row for row in read.inspectors(session) if row.cert_no not in officers)
    assert who.refused("/confirm", **{**SIGN, "person": officers[0]})[0] == 409
    who.done("/confirm", **{**SIGN, "person": other.cert_no})
    page = who.text("/confirm")
    assert (other.cert_no in page, other.name in page) == (True, False)


def test_a_form_sent_many_times_at_once_signs_once(one: Team, who: Inspected) -> None:
    """Double taps, and a form that is sent again from the history."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: who.post("/confirm", **SIGN).status_code, range(4)))
    assert sorted(answers) == [303, 409, 409, 409]
    assert [row.party for row in kept(one, Signature)].count(Party.OBJECT) == 1


def test_nobody_signs_after_the_record_was_submitted(one: Team, who: Inspected) -> None:
    """A form that lay open meanwhile."""
    ordered(one)
    assert who.refused("/confirm", **SIGN)[0] == 409


@pytest.mark.parametrize("act", ["", "SIGN", "addendum", "submit", "object "])
def test_an_act_that_there_is_not_signs_nothing(one: Team, who: Inspected, act: str) -> None:
    """Only what the page's forms say."""
    before = len(kept(one, Signature))
    assert who.refused("/confirm", **{**SIGN, "act": act})[0] == 422
    assert len(kept(one, Signature)) == before


def test_the_secret_of_one_authority_opens_nothing_at_another(who: Inspected) -> None:
    """Whatever stands before the point; a made up authority answers alike."""
    secret = who.link.partition(".")[2]
    others = [Inspected(who.browser, f"/e/{slug}.{secret}") for slug in ("liangjiang", "wansheng", "nowhere")]
    answers = {other.get(page).text for other in others for page in ("", "/confirm", "/rectify")}
    assert (len(answers), "链接无效或者已经过期" in answers.pop(), secret[1:] in who.get().text) == (1, True, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.pdf", b"MZ\x90\0" + b"\0" * 60), ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>"),
        ("x.html", PDF), ("x", PDF), ("x.pdf", b""), ("x.pdf.exe", PDF), ("\u202efdp.exe", PDF),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_and_those_beside_it_are_not_kept(
    one: Team, who: Inspected, name: str, data: bytes
) -> None:
    """Judged by what is in it, and before anything is written to the store."""
    ordered(one)
    good = ("files", ("good.pdf", PDF))
    assert who.post("/rectify", [good, ("files", (name, data))], n="1", statement="已经拆除").status_code == 422
    assert ([row.submitted_at for row in kept(one, Rectification)], kept(one, Evidence), stored(one)) == ([None], [], 0)
    who.done("/rectify", [good], n="1", statement="已经拆除")
    assert (len(kept(one, Evidence)), stored(one)) == (1, 1)


def test_more_files_than_are_taken_are_refused(one: Team, who: Inspected) -> None:
    """And one that is too large."""
    ordered(one)
    many = [("files", (f"{n}.pdf", PDF + bytes([n]))) for n in range(proving.MOST + 1)]
    large = [("files", ("x.pdf", PDF + b"x" * (21 << 20)))]
    answers = [who.post("/rectify", files, n="1", statement="设备已经拆除").status_code for files in (many, large)]
    assert (answers, kept(one, Evidence)) == ([422, 422], [])


def test_a_file_where_a_text_belongs_is_no_mistake_of_ours(one: Team, who: Inspected) -> None:
    """And a text where files belong."""
    ordered(one)
    odd = [("statement", ("x.pdf", PDF)), ("n", ("x.pdf", PDF))]
    assert who.post("/rectify", odd).status_code == 422
    assert who.post("/rectify", [("files", (None, "x"))], n="1", statement="设备已经拆除").status_code == 303
    assert kept(one, Evidence) == []
