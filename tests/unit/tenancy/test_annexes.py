"""``caps.toml`` and ``exemptions.toml``: their faults with file and line, and what a district takes over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shuangsui.errors import Misconfigured
from shuangsui.tenancy import tree

Refused = Callable[[], Misconfigured]
Write = Callable[[str, str], Path]

CAP = '[[cap]]\nper_year = {n}\nbasis = "文号"\npublished_on = 2026-01-01\n{more}\n'
EXEMPTION = """\
[[exemption]]
code = "{code}"
name = "名称"
trigger = "complaint"
mode = "{mode}"
authority = "文号 第十七条"
evidence = {evidence}
skips = {skips}
{more}
"""
SKIPS = '["object_draw", "plan"]'


def cap(n: int, more: str = "") -> str:
    """One entry of ``caps.toml``."""
    return CAP.format(n=n, more=more)


def exemption(
    code: str = "tip", *, mode: str = "special", evidence: str = '["number"]', skips: str = SKIPS, more: str = ""
) -> str:
    """One entry of ``exemptions.toml``."""
    return EXEMPTION.format(code=code, mode=mode, evidence=evidence, skips=skips, more=more)


WRONG = {
    "cap below one": ("caps.toml", cap(0), "value_invalid", 2, "cap.1.per_year", "不得小于 1"),
    "cap without document": (
        "caps.toml", "[[cap]]\nper_year = 1\npublished_on = 2026-01-01\n", "key_missing", 1, "cap.1.basis",
        "缺少这个键，请补上",
    ),
    "cap of item and family": (
        "caps.toml", cap(1, 'item = "JX-1"\nfamily = "节能"'), "value_invalid", 6, "cap.1.family",
        "item 和 family 只能写一个",
    ),
    "two caps of one scope": ("caps.toml", cap(1) + cap(2), "value_invalid", 6, "cap.2", "与第 1 行的范围相同"),
    "misspelt key": (
        "caps.toml", cap(1, "per_yaer = 2"), "key_unknown", 5, "cap.1.per_yaer", "没有这个键，是不是 per_year"
    ),
    "unknown trigger": (
        "exemptions.toml", exemption().replace("complaint", "tip-off"), "value_invalid", 4, "exemption.1.trigger",
        "只能取 complaint、superior、transfer、ministry、municipal、ground",
    ),
    "unknown skip": (
        "exemptions.toml", exemption(skips='["everything"]'), "value_invalid", 8, "exemption.1.skips.1",
        "只能取 object_draw、inspector_draw、once_a_year、plan、publication_clock",
    ),
    "skip twice": (
        "exemptions.toml", exemption(skips='["plan", "plan"]'), "value_invalid", 8, "exemption.1.skips",
        "同一项写了两次",
    ),
    "no number demanded": (
        "exemptions.toml", exemption(evidence='["summary"]'), "value_invalid", 7, "exemption.1.evidence",
        "除即时检查外，证据须有 number",
    ),
    "code twice": (
        "exemptions.toml", exemption() + exemption(), "value_invalid", 11, "exemption.2.code", "与第 1 行的代码相同"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "code", "line", "key", "problem"), WRONG.values(), ids=WRONG)
def test_fault_names_file_line_and_key(
    file: str, text: str, code: str, line: int, key: str, problem: str, write: Write, refused: Refused
) -> None:
    """Like every other file of a tenant."""
    write(file, text)
    error = refused()
    facts = {"file": f"tenants/moushi/{file}", "line": line, "key": key, "problem": problem}
    assert (error.code, error.params) == (code, facts)


def caps_of(root: Path, slug: str) -> list[tuple[str | None, int]]:
    """Family and number of the caps in force."""
    return [(one.entry.family, one.entry.per_year) for one in tree.load(root).get(slug).caps]


def test_district_takes_over_caps_and_replaces_those_of_the_same_scope(root: Path, write: Write) -> None:
    """The other district keeps what the city says."""
    write("caps.toml", cap(3) + cap(2, 'family = "节能"'))
    write("districts/jiaqu/caps.toml", cap(1, 'family = "节能"'))
    assert (caps_of(root, "jiaqu"), caps_of(root, "yiqu")) == (
        [(None, 3), ("节能", 1)],
        [(None, 3), ("节能", 2)],
    )


LOOSER = {
    "frees of more": (exemption(skips='["object_draw", "plan", "once_a_year"]'), "免除的环节比上级多（once_a_year）"),
    "asks for less": (exemption(evidence='["number"]'), "缺少上级要求的证据（summary）"),
    "another mode": (exemption(mode="clue", evidence='["number", "summary"]'), "起因或方式与上级的这一条不同"),
    "no cap any more": (
        exemption(evidence='["number", "summary"]', more="unlimited = true"), "上级的这一条受频次上限限制"
    ),
    "new code": (exemption("other"), "上级没有这一条"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), LOOSER.values(), ids=LOOSER)
def test_r17_1_district_that_exempts_from_more_names_its_own_document(
    text: str, problem: str, root: Path, write: Write, refused: Refused
) -> None:
    """R17.1: the measures do not bind a district, but nothing is loosened in silence."""
    write("exemptions.toml", exemption(evidence='["number", "summary"]'))
    write("districts/jiaqu/exemptions.toml", text)
    error = refused()
    assert (error.code, error.params["line"], error.params["problem"]) == ("exemption_loosened", 1, problem)
    write("districts/jiaqu/exemptions.toml", text + 'own_basis = "甲区经信发〔2026〕1号"\n')
    assert len(tree.load(root).get("jiaqu").exemptions) == (2 if "other" in text else 1)


def test_r17_1_district_may_exempt_from_less(root: Path, write: Write) -> None:
    """Skips may shrink and evidence may grow without any document; others inherit."""
    write("exemptions.toml", exemption())
    write("districts/jiaqu/exemptions.toml", exemption(evidence='["number", "source"]', skips='["plan"]'))
    loaded = tree.load(root)
    skips = [loaded.get(slug).exemptions[0].entry.skips for slug in ("moushi", "jiaqu", "yiqu")]
    assert skips == [("object_draw", "plan"), ("plan",), ("object_draw", "plan")]


def test_r17_2_every_trigger_of_article_17_can_be_handled_in_the_municipality() -> None:
    """The file of the product's first tenant covers article 17 and order 375, and nothing rests on no provision."""
    loaded = tree.load(Path(__file__).parents[3] / "tenants").get("chongqing")
    entries = [one.entry for one in loaded.exemptions]
    assert {entry.trigger for entry in entries} == {
        "complaint", "superior", "transfer", "ministry", "municipal", "ground",
    }  # fmt: skip
    assert {entry.mode for entry in entries if "inspector_draw" in entry.skips} == {"clue", "instant"}
    assert {entry.authority for entry in entries} == {
        "渝经信发〔2021〕6号 第十七条",
        "重庆市人民政府令第375号 第二十九条",
        "重庆市人民政府令第375号 第三十条",
    }
