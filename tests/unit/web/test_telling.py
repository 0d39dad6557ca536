"""What a page tells in either language: sentences made of a template, lists, values (decision 0032)."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest

from shuangsui.errors import BadInput
from shuangsui.said import say
from shuangsui.texts import sentence
from shuangsui.web.languages import word
from shuangsui.web.telling import cell, told

NAMED = '<span lang="zh-CN">某厂</span>'


def test_a_sentence_is_a_text_like_any_other() -> None:
    """Compared, written to files and kept like one; copied, it still knows of what it was made."""
    made = say("第 {n} 项任务有空缺席位", n=3)
    assert (made, json.dumps(made, ensure_ascii=False)) == ("第 3 项任务有空缺席位", '"第 3 项任务有空缺席位"')
    assert word("en", copy.deepcopy(made)) == word("en", made)


def test_a_sentence_is_said_in_the_language_of_the_page() -> None:
    """With the same values, which may be sentences or words of ours themselves."""
    inner = say("剩 {left} 个工作日", left=4)
    assert word("zh", say("最近一项{left}", left=inner)) == "最近一项剩 4 个工作日"
    assert word("en", say("最近一项{left}", left=inner)) == word("en", "最近一项{left}").format(left=word("en", inner))


def test_an_error_is_told_in_the_language_of_the_page() -> None:
    """The template of its code, with its values."""
    error = BadInput("export_unknown", kind="doc")
    assert word("zh", sentence(error)) == sentence(error)
    assert word("en", sentence(error)).isascii()
    assert "doc" in word("en", sentence(error))


def test_what_stays_chinese_says_so() -> None:
    """A name in a sentence, a whole text of somebody's; markup in either is text."""
    assert told("en", "某厂") == NAMED
    assert told("zh", "某厂") == "某厂"
    assert told("en", "<b>某厂</b>") == f"&lt;b&gt;{NAMED}&lt;/b&gt;"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (None, "—", "—"), ((), "—", "—"), (True, "是", "Yes"), (date(2026, 6, 1), "2026-06-01", "2026-06-01"),
        (["是", "否"], "是、否", "Yes, No"), ({"状态": "否"}, "状态：否", "Status: No"),
        ("某厂、是", "某厂、是", '<span lang="zh-CN">某厂、是</span>'), (12, "12", "12"),
    ],
)  # fmt: skip
def test_values_of_lists_and_facts(value: object, chinese: str, english: str) -> None:
    """Words of ours in the page's language with its punctuation, others' as they wrote them."""
    assert (cell("zh", value), cell("en", value)) == (chinese, english)
