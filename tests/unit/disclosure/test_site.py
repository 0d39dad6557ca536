"""Bundles of pages: an HTML page and its JSON twin in the folder that the links name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import portal
from disclosing import disclosed, of_result
from english import chinese_in
from shuangsui.disclosure.accessibility import GAPS, KEPT, STANDARDS, statement
from shuangsui.disclosure.site import VERIFIER, assets, authorities, thing
from shuangsui.disclosure.transcripts import draw_page
from shuangsui.web.rendering import static_files

from .conftest import transcript

COUNTS = {"plans": 1, "results": 1, "abandoned": 0, "open": 0}
SUMMARY = {
    "no": "2026-0001", "title": "某事项第 1 次抽取", "item": "某事项", "state": "drawn", "n": 12, "quota": 3,
    "at": "2026-12-01T03:00:00Z", "settled_at": "2026-12-01T03:05:00Z", "reason": None,
}  # fmt: skip
RESULT = {
    "company": "某公司(模拟)", "code": "91500104MALM7UH4K2", "item": "某事项", "mode": "现场检查",
    "checked_on": "2026-12-03", "team_size": 2, "outcome": "未发现问题",
    "categories": ["未发现问题"], "details": [], "problem": False, "rectification": None,
    "published_on": datetime(2026, 12, 9, tzinfo=UTC), "draw_no": "2026-0001", "withheld": None, "withdrawn": None,
    "follows": "2026-0001-3", "followed_by": None, "corrections": [{"on": "2026-12-10", "note": "更正企业名称"}],
}  # fmt: skip
DAY = date(2026, 12, 9)
QUARTER = {"year": 2026, "n": 4, "visits": 10, "exempt": 4, "threshold": 30, "amber": True}
CASES = {"year": 2026, "special": 3, "clue": 1, "instant": 0}


def paths(bundle) -> list[str]:
    return [file.path for file in bundle.files]


def twin(bundle):
    return json.loads(next(file.data for file in bundle.files if file.path.endswith("index.json")))


def html(bundle) -> str:
    return next(file.data for file in bundle.files if file.path.endswith("index.html")).decode()


@pytest.mark.parametrize(
    ("make", "folder"),
    [
        (lambda site: site.home(COUNTS, [SUMMARY], [RESULT], None, []), ""),
        (lambda site: site.home(dict.fromkeys(COUNTS, 0), [], [], None, []), ""),
        (lambda site: site.home(COUNTS, [SUMMARY | {"state": "committed"}], [], None, []), ""),
        (lambda site: site.items(None), "items/"),
        (lambda site: site.draws(COUNTS, [SUMMARY]), "draws/"),
        (lambda site: site.results([RESULT]), "results/"),
        (lambda site: site.rules({"on": DAY, "digest": "ab" * 32, "texts": [], "values": []}), "rules/"),
        (lambda site: site.special([QUARTER], [CASES]), "special/"),
        (lambda site: site.accessibility(statement(())), "a11y/"),
    ],
)
def test_page_and_twin_stand_in_the_folder_of_the_address(site, make, folder):
    """Both say whose they are and that the data are invented."""
    bundle = make(site)
    assert (bundle.tenant, paths(bundle)) == ("moushi", [
        f"{folder}index.html", f"en/{folder}index.html", f"{folder}index.json",
    ])  # fmt: skip
    assert (twin(bundle)["tenant"]["slug"], twin(bundle)["demo"]) == ("moushi", True)
    assert "某市经济和信息化委员会" in html(bundle)


@pytest.mark.parametrize("name", ["v1", "v3", "v5"])
def test_draw_has_its_whole_transcript_and_the_verifier(site, about, name):
    """Every file of the page's list is there, byte for byte, and none besides."""
    files = transcript(name)
    bundle = site.draw(draw_page(files, about), files)
    published = {file.path.removeprefix("draws/2026-0001/"): file.data for file in bundle.files}
    assert {name: data for name, data in published.items() if name in files} == files
    assert set(published) == {*files, VERIFIER, "index.html", "en/draws/2026-0001/index.html", "index.json"}
    assert {row["name"] for row in twin(bundle)["files"]} == {*files, VERIFIER}
    assert twin(bundle)["title"] == about.title


def test_published_folder_verifies_with_the_verifier_in_it(site, about, tmp_path):
    """What a citizen does: download the folder, run the file that is in it."""
    files = transcript("v1")
    for file in site.draw(draw_page(files, about), files).files:
        (tmp_path / file.path.rpartition("/")[2]).write_bytes(file.data)
    command = [sys.executable, "-I", VERIFIER, "verify", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "VERIFIED unwitnessed")


def test_commands_name_the_published_address(site, about):
    """The page says where to download from."""
    files = transcript("v1")
    assert "https://a.example/moushi/draws/2026-0001/" in html(site.draw(draw_page(files, about), files))


def test_text_from_outside_is_escaped(site):
    """A company may be called anything."""
    page = html(site.results([{**RESULT, "company": "<script>alert(1)</script>"}]))
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_what_is_taken_down_says_so_and_nothing_more():
    """Its file stays under the same name, without whose it was."""
    shown = disclosed(of_result(1), action="publish")
    gone = replace(shown, revision=2, action="withdraw", note="处理决定被撤销")
    before, after = (json.loads(thing(one).files[0].data) for one in (shown, gone))
    assert before["content"]["object"]["code"] == shown.content.object.code
    assert (thing(gone).files[0].path, "content" in after, after["note"]) == (
        thing(shown).files[0].path, False, "处理决定被撤销",
    )  # fmt: skip


def test_authorities_stand_at_the_root(site):
    """They belong to no tenant."""
    row = {"slug": "moushi", "name": "某市", "draws": 1, "results": 2, "latest": "2026-12-01T03:05:00Z"}
    bundle = authorities(site.shell, [row])
    assert (bundle.tenant, paths(bundle), twin(bundle)["authorities"]) == (
        None, ["index.html", "en/index.html", "index.json"], [row],
    )  # fmt: skip


def test_assets_keep_their_hashed_addresses():
    """The bundle's key is the hash, so that a new version does not remove the one that open pages use."""
    files = {path: file.read_bytes() for path, file in static_files().items()}
    bundle = assets(files)
    assert ({file.path for file in bundle.files}, f"static/{bundle.key}/css/base.css" in files) == (set(files), True)


def test_r17_3_special_page_shows_numbers_and_the_amber_indicator(site):
    """R17.3: 4 of 10 visits, above 30 %; the same in both forms and no enterprise in either."""
    bundle = site.special([QUARTER, {**QUARTER, "n": 3, "exempt": 3, "amber": False}], [CASES])
    assert (twin(bundle)["quarters"][0], twin(bundle)["cases"]) == (QUARTER, [CASES])
    assert (html(bundle).count("超过示警线"), html(bundle).count(">正常<")) == (2, 1)


def test_accessibility_statement_says_what_is_kept_what_is_not_and_whom_to_tell(site):
    """Both standards with how far they are kept, every gap with what there is instead; in both forms."""
    made = site.accessibility(statement(("023-12345678",)))
    told, page = twin(made)["statement"], html(made)
    assert told == {
        "standards": list(STANDARDS), "kept": list(KEPT), "gaps": list(GAPS), "contacts": ["023-12345678"],
    }  # fmt: skip
    assert [one["name"] for one in told["standards"]] == ["WCAG 2.2", "GB/T 37668"]
    said = [*KEPT, *(one["instead"] for one in GAPS), *(one["note"] for one in STANDARDS), "023-12345678"]
    assert [one for one in said if page.count(one) != 1] == []


def test_accessibility_statement_without_numbers_leads_to_the_authority(site):
    """Nobody is left without a way to report."""
    page = html(site.accessibility(statement(())))
    assert ("请通过下列方式" in page, "门户网站公布的联系方式" in page) == (False, True)


def test_every_page_of_an_authority_leads_to_its_accessibility_statement(site):
    """In the footer; the list of authorities belongs to none of them."""
    link = 'href="/moushi/a11y/"'
    pages = [site.home(COUNTS, [], [], None, []), site.results([RESULT]), site.accessibility(statement(()))]
    assert [html(page).count(link) for page in [*pages, authorities(site.shell, [])]] == [1, 1, 1, 0]


def test_english_pages_say_in_chinese_only_what_is_official(site):
    """Texts and attributes of every page outside elements with ``lang="zh-CN"``; each has something to say at all."""
    pages = [english(bundle) for bundle in portal.bundles(site)]
    assert len(pages) == 19
    assert [found for page in pages for found in chinese_in(page)] == []
    assert {page.count('<html lang="en">') for page in pages} == {1}


def test_english_page_is_found_from_the_chinese_one_and_leads_back(site):
    """Links to pages stay in the language; files stand once, beside the Chinese page."""
    for bundle in portal.bundles(site):
        top = f"/{bundle.tenant}/" if bundle.tenant else "/"
        folder = paths(bundle)[-1].removesuffix("index.json")
        assert f'hreflang="en" href="{top}en/{folder}"' in html(bundle)
        assert f'hreflang="zh-CN" href="{top}{folder}"' in english(bundle)
        assert leaving(english(bundle)) <= {f"{top}{folder}", "/"}, folder


def test_what_an_english_page_quotes_is_marked(site):
    """The name of the authority and of a company, the title of a draw, a note."""
    page = english(site.home(COUNTS, [SUMMARY], [RESULT], None, []))
    quoted = ["某市经济和信息化委员会", "某公司(模拟)", "某事项第 1 次抽取", "更正企业名称"]
    assert [text for text in quoted if f'lang="zh-CN">{text}</' not in page] == []


def test_checker_sees_chinese_that_is_not_marked():
    """In a text, in an attribute, after a marked element, in one that is English; marks hold for what is within."""
    page = '<p lang="zh-CN" title="甲">乙<br><b>丙</b><i lang="en">丁</i></p><p title="戊">a<img alt="己">庚，</p>'
    assert chinese_in(page) == ["<i> 丁", "<p title> 戊", "<img alt> 己", "<p> 庚，"]


def english(bundle) -> str:
    """The page below ``en/``."""
    (file,) = (file for file in bundle.files if file.path.startswith("en/"))
    return file.data.decode()


def leaving(page: str) -> set[str]:
    """Addresses of pages, by links in the text, that are not English ones."""
    links = set(re.findall(r'<(?:a|form)[^>]* (?:href|action)="(/[^"#?]*)', page))
    return {link for link in links if link.endswith("/") and "/en/" not in link}
