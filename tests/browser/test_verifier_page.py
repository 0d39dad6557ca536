"""The verifier page in a real browser: what it concludes, and that it never concludes more than it checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from urllib.parse import urldefrag, urlencode, urlsplit

import pytest
from playwright.sync_api import Page

from fairdraw import receipt
from fairdraw.plan import read as read_plan

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


def blinded(samples: ModuleType) -> tuple[str, str]:
    """A company of the blinded draw 2026-007 that was not drawn, with its salt."""
    content = samples.vector("v5")
    opened = {opening["id"] for opening in json.loads(content["files"]["openings.json"]).values()}
    return next((code, salt) for code, salt in content["intermediate"]["salts"].items() if code not in opened)


def test_own_link_answers_and_leaves_no_salt_behind(open_page: Open, samples: ModuleType) -> None:
    """Code and salt stand behind the #: no server is asked with them, and the address is cleaned of them."""
    code, salt = blinded(samples)
    link = urlencode({"code": code, "salt": salt})
    page, asked = open_page("/yuzhou/"), list[str]()
    page.on("request", lambda request: asked.append(urldefrag(request.url).url))
    page.goto(f"{page.url}verify/?draw=2026-007#{link}")
    assert answer(page) == "passed"
    assert urlsplit(page.url)[2:] == ("/yuzhou/verify/", "draw=2026-007", "")
    assert asked != []
    assert [url for url in asked if salt in url or code in url] == []


def test_second_link_on_the_open_page_is_answered_too(open_page: Open, samples: ModuleType) -> None:
    """The browser only changes what stands behind the #."""
    code, salt = blinded(samples)
    page = verified(open_page("/yuzhou/verify/?draw=2026-007"))
    page.goto(f"{page.url}#{urlencode({'code': code, 'salt': '0' * 32})}")
    assert answer(page) == "absent"
    page.goto(f"{page.url}#{urlencode({'code': code, 'salt': salt})}")
    page.locator("#answer [data-state=passed]").wait_for()
    assert urlsplit(page.url).fragment == ""


def test_malformed_salt_of_a_link_is_named(open_page: Open) -> None:
    """Half a salt, as a mail program breaks it."""
    page = verified(open_page("/yuzhou/verify/?draw=2026-007#code=91500&salt=abc"))
    assert page.locator("#answer .bad").inner_text().startswith("盐应为 32 位十六进制数字")
    assert urlsplit(page.url).fragment == ""


def facts(page: Page) -> dict[str, str]:
    """Names and values of an answer."""
    pairs = page.eval_on_selector_all(
        "#answer dt", "all => all.map(dt => [dt.textContent, dt.nextElementSibling.textContent])"
    )
    return dict(pairs)


def test_answer_gives_chance_ticket_and_proof(open_page: Open, samples: ModuleType, tmp_path: Path) -> None:
    """The figures of the plan, the ticket of the result; the receipt saved from the page passes the Python kernel."""
    files = samples.transcript("v7")
    plan, result = json.loads(files["plan.json"]), json.loads(files["result.json"])
    stratum = next(name for name, pairs in result["objects"].items() if pairs)
    b, ticket = result["objects"][stratum][0]
    rows = files["rows.txt"].decode().splitlines()
    row = next(i for i, line in enumerate(rows) if line.startswith(b))
    code = files["ids.txt"].decode().splitlines()[row]
    page = verified(open_page("/yuzhou/verify/?draw=2026-008"))
    page.locator("#code").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    assert answer(page) == "drawn"
    found = facts(page)
    quota, of = plan["quota"][stratum], plan["snapshot"]["eligible"][stratum]
    assert f"{quota}/{of}，约 " in found["被抽中的机会"]
    assert f"每 {of} 家抽 {quota} 家" in found["被抽中的机会"]
    assert found["签号"].startswith(f"{ticket}；不大于分界签号 ")
    assert found["名次"].startswith("签号由小到大排第 1 位")
    assert found["名录中的位置"] == f"第 {row + 1} 行"
    page.locator("#answer summary").click()
    assert page.locator("#answer details p.hash").all_inner_texts() == [rows[row], plan["snapshot"]["root"]]
    with page.expect_download() as download:
        page.get_by_role("link", name="保存查验单").click()
    download.value.save_as(tmp_path / "receipt.json")
    assert receipt.read((tmp_path / "receipt.json").read_bytes(), read_plan(files["plan.json"])).b.hex() == b


def test_file_that_cannot_be_fetched_gives_no_verdict(open_page: Open) -> None:
    """The network breaks off in the middle of the draw's files."""
    page = open_page("/yuzhou/verify/")
    page.route("**/rows.txt", lambda route: route.abort())
    page.get_by_role("row", name="2026-008").get_by_role("link", name="核验").click()
    page.locator("#verdict[data-tone=bad]").wait_for()
    assert verdict(page) == "没有取得档案"
    assert page.locator("#choice").is_visible()


def test_question_of_the_home_page_is_answered_by_the_newest_result(
    open_page: Open, samples: ModuleType, messages: list[str]
) -> None:
    """Code in, one button: the newest drawn draw is verified and the company's place in it shown."""
    code = samples.transcript("v7")["ids.txt"].decode().splitlines()[0]
    page, asked = open_page("/yuzhou/", "phone"), list[str]()
    page.on("request", lambda request: asked.append(urldefrag(request.url).url))
    page.get_by_label("我的企业在最近这次抽取").fill(code)
    page.get_by_role("button", name="核验并查询").click()
    assert answer(page) in {"drawn", "passed", "excluded"}
    assert urlsplit(page.url)[2:] == ("/yuzhou/verify/", "draw=2026-008", "")
    assert [url for url in asked if code in url] == []
    assert messages == []


@pytest.mark.parametrize("path", ["/yuzhou/", "/yuzhou/verify/?draw=2026-007"])
def test_without_javascript_no_form_carries_a_code_or_a_salt(path: str, open_page: Open) -> None:
    """The fields have no name; the verifier's own form is not even shown."""
    page = open_page(path, javascript=False)
    assert page.locator("#code[name], #salt[name], #trust[name], #company[name]").count() == 0
    if "verify" in path:
        assert page.locator("#company").is_hidden()
        return
    page.get_by_label("我的企业在最近这次抽取").fill("91500108MA5U3K7D2Q")
    page.get_by_role("button", name="核验并查询").click()
    assert urlsplit(page.url)[2:] == ("/yuzhou/verify/", "draw=2026-008", "")


def test_page_runs_nothing_but_what_its_list_names(open_page: Open, site: Path, samples: ModuleType) -> None:
    """Every script and word it loaded, with a trust list and a question too, is in program.txt with its digest.

    Nothing else is, but for the hash that this draw does not use and the words of the English page.
    """
    page, loaded = open_page("/yuzhou/"), dict[str, bytes]()
    page.context.on("response", lambda answer: loaded.update({urlsplit(answer.url).path: answer.body()}))
    page.goto(f"{page.url}verify/?draw=2026-008")
    verified(page).locator("#trust").fill(samples.vector("v7")["inputs"]["trust"])
    page.get_by_role("button", name="用这份清单重新核验").click()
    verified(page).locator("#code").fill("91500108MA5U3K7D2Q")
    page.locator("#code").press("Enter")
    page.wait_for_selector("#answer [data-state]")
    listed = dict(
        reversed(line.split("  ")) for line in (site / "yuzhou/verify/program.txt").read_text("utf-8").splitlines()
    )
    ran = {path: data for path, data in loaded.items() if path.endswith((".js", "/zh.json"))}
    found = {path.lstrip("/"): sha256(data).hexdigest() for path, data in ran.items()}
    unused = {path for path in listed if path.endswith(("/sm3.js", "/en.json", "/en-first.json"))}
    assert found == {path: digest for path, digest in listed.items() if path not in unused}
