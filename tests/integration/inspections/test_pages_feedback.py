"""企业评价 through the link of one use (article 16)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from authority import Authority
from console import DATA, PAGE
from inspecting import Team, team
from officials import Official

CLOSED = "评价链接无效、已经使用或者已经过期"


@pytest.fixture
def one(authority: Authority) -> Team:
    """A task whose inspection has ended."""
    return team(authority).whole()


def link_of(official: Official, no: str) -> str:
    """The page of the address that is shown once."""
    return f"{official.call(f'/tasks/{no}/feedback').json()['once']}/rate"


def send(official: Official, link: str, **fields: str) -> tuple[int, bool]:
    """Answer as somebody without cookies; the status, and whether it is the one sentence for a bad link."""
    official.browser.cookies.clear()
    answer = official.browser.post(link, data=fields, headers=PAGE)
    assert "set-cookie" not in answer.headers
    return answer.status_code, CLOSED in answer.text


def test_r16_1_an_enterprise_rates_without_signing_in(one: Team, enter: Callable[..., Official]) -> None:
    """R16.1: once, straight to the supervisor; the unit has no view of it and does not get the link."""
    a, lead, supervisor, nobody = (enter(who) for who in ("inspection", "lead", "supervisor", "business"))
    assert a.call(f"/tasks/{one.no}/feedback").status_code == 403
    link = link_of(lead, one.no)
    nobody.browser.cookies.clear()
    page = nobody.browser.get(link, headers=PAGE)
    assert (page.status_code, 'name="rating"' in page.text, page.headers["cache-control"]) == (200, True, "no-store")
    assert one.read().object_name in page.text
    assert send(nobody, link) == (422, False)
    assert send(nobody, link, rating="9") == (422, False)
    assert send(nobody, link, rating="2", text="态度生硬") == (200, False)
    said = supervisor.read("/conduct/feedback")["tables"][1]["rows"]
    assert [(row["task"], row["rating"], row["text"]) for row in said] == [(one.no, 2, "态度生硬")]
    counts = supervisor.read("/conduct/feedback")["tables"][0]["rows"]
    assert {row["rating"]: row["count"] for row in counts} == {"5 分": 0, "4 分": 0, "3 分": 0, "2 分": 1, "1 分": 0}
    assert a.browser.get("/api/conduct/feedback", headers=DATA).status_code == 403
    assert "态度生硬" not in a.page(f"/tasks/{one.no}").text
    assert send(nobody, link, rating="5") == (404, True)
    assert link_of(lead, one.no) == link


def test_r16_1_a_wrong_used_or_expired_link_says_the_same(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R16.1: nobody learns from the page whether a link exists, was used, or is too old."""
    lead, supervisor, nobody = (enter(who) for who in ("lead", "supervisor", "business"))
    void = link_of(lead, one.no)
    link = f"{supervisor.call(f'/tasks/{one.no}/renew-feedback').json()['once']}/rate"
    bad = [
        void, f"/e/chongqing.{'x' * 24}/rate", "/e/nowhere.abcdefghijklmnopqrstuvwxyz/rate", "/e/x/rate",
        "/e/%00.x/rate",
    ]  # fmt: skip
    assert [send(nobody, address, rating="5") for address in bad] == [(404, True)] * len(bad)
    told = [nobody.browser.get(address, headers=PAGE) for address in bad]
    assert [(one.status_code, CLOSED in one.text) for one in told] == [(404, True)] * len(bad)
    assert nobody.browser.get(link, headers=PAGE).status_code == 200
    authority.wait(days=authority.office.rules(authority.today).number("feedback.days") + 1)
    assert send(nobody, link, rating="5") == (404, True)
