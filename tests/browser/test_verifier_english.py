"""The English verify page: it concludes in English what the Chinese one does, and marks whatever is Chinese in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from english import chinese_in

from .test_verifier_page import answer, facts, statuses, verdict, verified, write

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
VERIFY = "/yuzhou/en/verify/"


def is_sound(page: Page) -> None:
    """No Chinese but what is marked, no barrier, nothing cut off."""
    assert chinese_in(page.content()) == []
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_published_draw_is_verified_in_english(size: str, open_page: Open, messages: list[str]) -> None:
    """The title is the draw's own and marked; every check says how it went."""
    page = verified(open_page(f"{VERIFY}?draw=2026-008", size))
    assert verdict(page) == "Verified, not witnessed"
    assert "Signatures were not checked" in page.locator("#verdict p").inner_text()
    assert set(statuses(page).values()) == {"pass", "skip"}
    assert set(page.locator("[data-check] output").all_inner_texts()) >= {"Match", "Not applicable"}
    assert ", draw 2026-008. Every step below" in page.locator("#subject").inner_text()
    assert page.locator("#subject span[lang=zh-CN]").inner_text() == "年食盐定点企业检查"
    is_sound(page)
    assert messages == []


def test_company_gets_its_answer_in_english(open_page: Open, samples: ModuleType) -> None:
    """Sentence, figures and proof."""
    files = samples.transcript("v7")
    b = next(pairs[0][0] for pairs in json.loads(files["result.json"])["objects"].values() if pairs)
    row = next(i for i, line in enumerate(files["rows.txt"].decode().splitlines()) if line.startswith(b))
    page = verified(open_page(f"{VERIFY}?draw=2026-008", "phone"))
    page.locator("#code").fill(files["ids.txt"].decode().splitlines()[row])
    page.get_by_role("button", name="Search", exact=True).click()
    assert answer(page) == "drawn"
    assert "is in the register and was drawn, number " in page.locator("#answer .note").inner_text()
    assert set(facts(page)) == {"Place", "Stratum", "Chance", "Ticket", "Rank"}
    assert facts(page)["Place"] == f"row {row + 1}"
    page.locator("#answer summary").click()
    is_sound(page)


def test_tampered_transcript_fails_in_english(open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """The reason comes with the words for what is rare."""
    case = next(c for c in samples.vector("v8")["cases"] if c["expect"] == "SNAPSHOT_ROOT")
    page = open_page(VERIFY)
    page.locator("#picked").set_input_files(
        write(tmp_path / "t", {name: text.encode() for name, text in case["files"].items()})
    )
    verified(page)
    assert verdict(page) == "Verification failed"
    assert page.locator("#verdict p").inner_text().startswith("The Merkle root differs from the plan")
    is_sound(page)


@pytest.mark.parametrize(
    ("no", "words"), [("2026-009", "This draw has not ended yet"), ("2026-006", "This draw was abandoned")]
)
def test_draw_without_a_result_says_so_in_english(no: str, words: str, open_page: Open) -> None:
    """Neither passed nor failed."""
    page = verified(open_page(f"{VERIFY}?draw={no}"))
    assert verdict(page) == words
    is_sound(page)


def test_trust_list_is_heard_in_english(open_page: Open, samples: ModuleType) -> None:
    """First malformed, then that of the vector."""
    page = verified(open_page(f"{VERIFY}?draw=2026-008"))
    page.locator("#trust").fill("quorum 2\nlog nonsense")
    page.get_by_role("button", name="Verify again with this list").click()
    page.locator("#trust-error").wait_for()
    assert page.locator("#trust-error").inner_text().startswith("Line 2 of the trust list is malformed")
    assert verdict(page) == "Not started"
    page.locator("#trust").fill(samples.vector("v7")["inputs"]["trust"])
    page.get_by_role("button", name="Verify again with this list").click()
    verified(page)
    assert verdict(page) == "Verified and witnessed"
    is_sound(page)


def test_what_cannot_be_answered_is_said_in_english(open_page: Open) -> None:
    """An unknown draw; then a question to it."""
    page = open_page(f"{VERIFY}?draw=2026-999")
    page.locator("#choice").wait_for()
    assert verdict(page) == "Transcript not available"
    page.locator("#code").fill("91500108MA5U3K7D2Q")
    page.locator("#code").press("Enter")
    assert page.locator("#answer .bad").inner_text().startswith("Verify the draw first.")
    is_sound(page)


def test_english_draw_leads_to_its_files_and_to_verification(open_page: Open) -> None:
    """A file that stands beside the Chinese page is downloaded; the button verifies in English."""
    page = open_page("/yuzhou/en/draws/2026-008/")
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.json", exact=True).click()
    assert urlsplit(download.value.url).path == "/yuzhou/draws/2026-008/plan.json"
    page.get_by_role("link", name="Verify in your browser").click()
    assert verdict(verified(page)) == "Verified, not witnessed"
    assert urlsplit(page.url).path == VERIFY
