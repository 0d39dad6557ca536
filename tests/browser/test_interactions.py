"""How many clicks and typed fields lie between somebody who has never been here and the proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType

import pytest
from playwright.sync_api import Page, expect

from steps import Steps

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
MOST = 3
STATES = ("drawn", "passed")


def company(samples: ModuleType, state: str) -> str:
    """Code of one that was in the pool of the newest draw, and was drawn or not."""
    content = samples.vector("v7")
    drawn = {opening["id"] for opening in json.loads(content["files"]["openings.json"]).values()}
    inside = [row[0] for row in content["inputs"]["records"] if row[3] == "-" and row[0].isascii()]
    return str(next(code for code in inside if (code in drawn) == (state == "drawn")))


def recomputed(page: Page) -> None:
    """The whole draw has been computed anew on this device; without a trust list no signature is judged."""
    page.wait_for_selector("body[data-done]")
    found = page.eval_on_selector_all("[data-check]", "all => all.map(li => li.dataset.status)")
    assert set(found) == {"pass", "skip"}


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("state", STATES)
def test_a_citizen_finds_a_company_and_its_proof(
    open_page: Open, samples: ModuleType, messages: list[str], state: str, size: str
) -> None:
    """From an authority's home: the code, one button, and the row with the digests that lead to the commitment."""
    steps = Steps(open_page("/yuzhou/", size))
    steps.fill("我的企业在最近这次抽取", company(samples, state))
    steps.tap("button", "核验并查询")
    answer = steps.page.locator(f"#answer [data-state={state}]")
    expect(answer).to_be_visible()
    recomputed(steps.page)
    for fact in ("被抽中的机会", "签号", "名录中的位置"):
        expect(steps.page.locator("#answer dt", has_text=fact)).to_be_visible()
    steps.choose("#answer summary")
    expect(steps.page.locator("#answer details p.hash").last).to_be_visible()
    assert (steps.count, messages) == (MOST, [])


def test_a_citizen_who_does_not_know_the_authority_needs_no_more(open_page: Open, samples: ModuleType) -> None:
    """From the list of authorities to the answer."""
    steps = Steps(open_page("/", "phone"))
    steps.tap("link", "渝州市经济和信息化委员会")
    steps.fill("我的企业在最近这次抽取", company(samples, "passed"))
    steps.tap("button", "核验并查询")
    expect(steps.page.locator("#answer [data-state=passed]")).to_be_visible()
    recomputed(steps.page)
    assert steps.count <= MOST
