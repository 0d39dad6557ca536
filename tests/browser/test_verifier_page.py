"""The verifier page in a real browser: what it concludes, and that it never concludes more than it checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
CASES = {
    "v2 weights 8 lowered to 7": ("snapshot", "SNAPSHOT_ROOT"),
    "v3 quota of D0 one higher": ("quota", "QUOTA"),
    "v1 the two contributors reveal each other's value": ("contributors", "COMMIT_OPEN"),
    "v2 seed of the RESULT entry is zero": ("seed", "SEED"),
    "v5 links of the two contributors for r = 1 swapped": ("replacements", "REPLACE_CHAIN"),
}


def verified(page: Page) -> Page:
    """The page once its run has ended."""
    page.wait_for_selector("body[data-done]")
    return page


def verdict(page: Page) -> str:
    """The big sentence."""
    return page.locator("#verdict h2").inner_text()


def statuses(page: Page) -> dict[str, str]:
    """Status of every check."""
    pairs = page.eval_on_selector_all("[data-check]", "all => all.map(li => [li.dataset.check, li.dataset.status])")
    return dict(pairs)


def write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Files of a transcript on disk."""
    folder.mkdir()
    paths = [folder / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
    return paths


@pytest.mark.parametrize("no", ["2026-007", "2026-008"])
def test_published_draw_passes_unwitnessed_without_a_trust_list(no: str, open_page: Open, messages: list[str]) -> None:
    """Everything recomputes; without the reader's list no signature counts and the page says so."""
    page = verified(open_page(f"/yuzhou/verify/?draw={no}"))
    assert verdict(page) == "核验通过，未经见证"
    assert "签名未核验" in page.locator("#verdict p").inner_text()
    assert set(statuses(page).values()) == {"pass", "skip"}
    assert messages == []


def test_reader_with_a_trust_list_sees_the_witnesses(open_page: Open, samples: ModuleType) -> None:
    """With the keys of v7 the same draw is witnessed."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    page.locator("#trust").fill(samples.vector("v7")["inputs"]["trust"])
    page.get_by_role("button", name="用这份清单重新核验").click()
    verified(page)
    assert verdict(page) == "核验通过，且有外部见证"
    assert page.locator("#warnings").is_hidden()


def test_malformed_trust_list_gives_no_verdict(open_page: Open) -> None:
    """A typing error in the list is named with its line."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    page.locator("#trust").fill("quorum 2\nlog nonsense")
    page.get_by_role("button", name="用这份清单重新核验").click()
    page.locator("#trust-error").wait_for()
    assert page.locator("#trust-error").inner_text().startswith("信任清单第 2 行格式不对")
    assert verdict(page) == "没有开始核验"


@pytest.mark.parametrize("edit", CASES)
def test_tampered_transcript_fails_at_its_step(edit: str, open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """A negative vector opened from disk stops at the right check with the right code."""
    step, code = CASES[edit]
    case = next(c for c in samples.vector("v8")["cases"] if f"{c['base']} {c['edit']}".startswith(edit))
    page = open_page("/yuzhou/verify/")
    page.locator("#picked").set_input_files(
        write(tmp_path / "t", {name: text.encode() for name, text in case["files"].items()})
    )
    verified(page)
    assert verdict(page) == "核验未通过"
    assert page.locator("#verdict").get_attribute("data-code") == code == case["expect"]
    found = statuses(page)
    assert [id_ for id_, status in found.items() if status == "fail"] == [step]
    assert {status for id_, status in list(found.items())[list(found).index(step) + 1 :]} == {"waiting"}


def test_swapped_winner_is_found(open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """A drawn company exchanged for another one, with every hash made to fit again."""
    files = samples.transcript("v1")
    result = json.loads(files["result.json"])
    row = files["rows.txt"].decode().splitlines()
    outsider = next(line[:64] for line in row if line[:64] not in result["order"])
    friend = result["order"][0]
    files["result.json"] = files["result.json"].replace(friend.encode(), outsider.encode())
    entries = samples.lines_of(files)
    entries[-1]["body"]["hash"] = samples.hashlib.sha256(b"srd1/result\n" + files["result.json"]).hexdigest()
    page = open_page("/yuzhou/verify/")
    page.locator("#folder").set_input_files(write(tmp_path / "t", samples.relogged(files, entries))[0].parent)
    verified(page)
    assert page.locator("#verdict").get_attribute("data-code") == "SELECT"
    assert statuses(page)["selection"] == "fail"


def test_unfinished_draw_is_neither_passed_nor_failed(open_page: Open) -> None:
    """A plan that waits for its event proves nothing yet, and is no failure."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-009"))
    assert verdict(page) == "这次抽取还没有结束"
    assert statuses(page)["events"] == "open"


def test_abandoned_draw_shows_reason_and_demo_banner(open_page: Open) -> None:
    """ABANDON is consistent; the plan itself says that it is a demonstration."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-006"))
    assert verdict(page) == "这次抽取已作废"
    assert page.locator("#demo").is_visible()


def test_unknown_draw_gives_no_verdict(open_page: Open) -> None:
    """A wrong number is said to be wrong, and the list of draws appears."""
    page = open_page("/yuzhou/verify/?draw=2026-999")
    page.locator("#choice").wait_for()
    assert verdict(page) == "没有取得档案"


def answer(page: Page) -> str:
    """State of the answer to a company's question."""
    page.locator("#answer [data-state]").wait_for()
    return page.locator("#answer [data-state]").get_attribute("data-state") or ""


@pytest.mark.parametrize(("state", "status"), [("drawn", "-"), ("passed", "-"), ("excluded", "XCLOSED")])
def test_company_finds_itself_in_a_public_registry(
    state: str, status: str, open_page: Open, samples: ModuleType
) -> None:
    """The code alone is enough; the answer says drawn, not drawn, or excluded with the reason."""
    content = samples.vector("v7")
    drawn = {opening["id"] for opening in json.loads(content["files"]["openings.json"]).values()}
    records = content["inputs"]["records"]
    code = next(r[0] for r in records if r[3] == status and (r[0] in drawn) == (state == "drawn") and r[0].isascii())
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    page.locator("#code").fill(code.lower())
    page.get_by_role("button", name="查询", exact=True).click()
    assert answer(page) == state


def test_company_needs_its_salt_in_a_blinded_registry(open_page: Open, samples: ModuleType) -> None:
    """Without a salt the page says that it cannot know; with it, it knows."""
    content = samples.vector("v5")
    opened = {opening["id"] for opening in json.loads(content["files"]["openings.json"]).values()}
    code, salt = next((i, s) for i, s in content["intermediate"]["salts"].items() if i not in opened)
    page = verified(open_page("/yuzhou/verify/?draw=2026-007"))
    page.locator("#code").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    assert answer(page) == "unknown"
    page.locator("#salt").fill(salt)
    page.get_by_role("button", name="查询", exact=True).click()
    page.locator("#answer [data-state=passed]").wait_for()
    page.locator("#salt").fill("0" * 32)
    page.get_by_role("button", name="查询", exact=True).click()
    page.locator("#answer [data-state=absent]").wait_for()


def test_receipt_answers_for_its_company(open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """A receipt of this draw is accepted, a receipt of another draw is refused with its code."""
    own = samples.transcript("v7")["receipt-1.json"]
    other = samples.transcript("v2")["receipt-1.json"]
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    page.locator("#receipt").set_input_files(write(tmp_path / "own", {"receipt.json": own})[0])
    assert answer(page) in {"drawn", "passed", "excluded"}
    page.locator("#receipt").set_input_files(write(tmp_path / "other", {"receipt.json": other})[0])
    page.locator("#answer .bad").wait_for()
    assert "RECEIPT_FIELD" in page.locator("#answer").inner_text()


def test_page_names_what_it_verified(open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """Files from disk replace the published draw in the heading, and the figures come from the plan itself."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    assert page.locator("#subject").inner_text().startswith("2026 年食盐定点企业检查，抽取编号 2026-008。")
    page.locator("#picked").set_input_files(write(tmp_path / "t", samples.transcript("v1")))
    page.locator("#counts dd", has_text="台账第 1 号方案").wait_for()
    assert page.locator("#subject").inner_text().startswith("您打开的本地档案。")
    assert page.locator("#choice").is_hidden()
