"""The directory of experts against the sink: pages, marks, limits, lies; whole or not at all, and no secret told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from shuangsui import OutsideFailed, PoolAnswer, PoolExpert, PoolRequest, PoolState
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui.testing.systems import Directory as Played
from shuangsui_experts_directory.contract import SCHEMA, page_of
from shuangsui_experts_directory.directory import Directory
from shuangsui_experts_directory.options import Options

TOKEN = "a-token-nobody-may-see"
DAY = date(2026, 11, 26)
ROWS: list[dict[str, object]] = [
    {
        "number": f"SJ{i}", "name": f"专家{i}", "employer": "某研究院" if i % 2 else None, "fields": ["节能", "化工"],
        "valid_to": "2027-12-31" if i % 2 else None,
    }
    for i in range(7)
]  # fmt: skip
ASKED = PoolRequest(date(2026, 11, 27))


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv("EXPERTS_TOKEN", TOKEN)
    with Sink(TOKEN, directory=Played(ROWS, DAY)) as started:
        yield started


def directory(sink: Sink, **options: object) -> Directory:
    address = f"{sink.url('directory')}/experts"
    stated = {"address": address, "token_env": "EXPERTS_TOKEN", "page_size": 3, "timeout_seconds": 1, **options}
    return Directory(Options.model_validate(stated))


def refused(pool: Directory, request: PoolRequest = ASKED) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        pool.experts(request)
    assert TOKEN not in f"{caught.value} {caught.value.__cause__} {caught.value.params}"
    return caught.value


def numbers(answer: PoolAnswer) -> list[str]:
    assert answer.experts is not None
    return [one.number for one in answer.experts]


def body(**members: object) -> bytes:
    """One page with two experts, as agreed but for ``members``."""
    page = {"version": 1, "day": "2026-11-26", "total": 2, "page": 1, "pages": 1, "experts": ROWS[:2], **members}
    return json.dumps({name: value for name, value in page.items() if value is not ...}).encode()


def test_every_page_makes_one_answer(sink: Sink) -> None:
    """Seven people on three pages, with the day that the directory states."""
    answer = directory(sink).experts(ASKED)
    assert (numbers(answer), answer.day) == ([f"SJ{i}" for i in range(7)], DAY)
    assert [one.query["page"] for one in sink.received] == ["1", "2", "3"]
    assert answer.experts is not None
    assert answer.experts[:2] == (
        PoolExpert("SJ0", "专家0", "", ("节能", "化工"), None),
        PoolExpert("SJ1", "专家1", "某研究院", ("节能", "化工"), date(2027, 12, 31)),
    )


def test_prefix_keeps_numbers_apart(sink: Sink) -> None:
    """It goes before every number."""
    assert numbers(directory(sink, prefix="P-").experts(ASKED))[0] == "P-SJ0"


def test_unchanged_list_is_not_read_again(sink: Sink) -> None:
    """The mark of the last answer, one request, nobody handed over."""
    pool = directory(sink)
    mark = pool.experts(ASKED).mark
    sink.received.clear()
    again = pool.experts(PoolRequest(ASKED.on, last=PoolState(DAY, mark)))
    assert (again, len(sink.received)) == (PoolAnswer(DAY, None, mark), 1)


def test_own_registry_never_leaves(sink: Sink) -> None:
    """Whoever asks with it by mistake tells the other side nothing."""
    directory(sink).experts(PoolRequest(ASKED.on, own=(PoolExpert("ZJ1", "甲"),)))
    assert {tuple(sorted(one.query)) for one in sink.received} == {("page", "size")}
    assert [one.body for one in sink.received] == [b""] * 3


@pytest.mark.parametrize(
    ("fault", "code", "permanent"),
    [
        (Fault(status=500), "directory_refuses", False),
        (Fault(status=302), "directory_refuses", False),
        (Fault(body=b"<html>"), "directory_answer", False),
        (Fault(body=body(total=3)), "directory_answer", False),
        (Fault(cut=True), "directory_unreachable", False),
        (Fault(down=True), "directory_unreachable", False),
        (Fault(hang=True), "directory_unreachable", False),
        (Fault(delay=3), "directory_unreachable", False),
        (Fault(wrong=True), "directory_answer", False),
    ],
)
@pytest.mark.parametrize("after", [0, 2])
def test_fault_hands_nobody_over(sink: Sink, fault: Fault, code: str, permanent: bool, after: int) -> None:
    """On the first page as on the last."""
    sink.fail("directory", Fault(**{name: getattr(fault, name) for name in Fault.__slots__} | {"after": after}))
    changed = after and (fault.wrong or (fault.body or b"").startswith(b"{"))
    error = refused(directory(sink))
    assert (error.code, error.permanent) == ("directory_changed" if changed else code, permanent)


def test_list_that_changes_while_it_is_read_is_refused(sink: Sink) -> None:
    """Pages of two states are no list, even if day and size are the same."""
    sink.fail("directory", Fault(fickle=True, after=2))
    assert refused(directory(sink)).code == "directory_changed"


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"version": 2}, "约定的版本（version）"),
        ({"day": "2026-02-30"}, "名单日期（day）"),
        ({"day": ...}, "名单日期（day）没有写"),
        ({"phone": "x"}, "phone不在约定之内"),
        ({"experts": [{**ROWS[0], "name": ""}]}, "第 1 名专家的姓名（name）"),
        ({"experts": [ROWS[0], {"number": "SJ1", "name": "乙"}]}, "第 2 名专家的专业领域（fields）没有写"),
        ({"experts": [ROWS[0], {**ROWS[1], "fields": ["节能、化工"]}]}, "第 2 名专家的专业领域（fields）"),
        ({"experts": [{**ROWS[0], "idcard": "x"}]}, "第 1 名专家的idcard不在约定之内"),
        ({"experts": [{**ROWS[0], "number": 7}]}, "第 1 名专家的编号（number）"),
        ({"experts": [ROWS[0], ROWS[0]]}, "编号相同"),
        ({"total": 3}, "称有 3 人，实际收到 2 人"),
        ({"day": "2026-11-28"}, "晚于今天"),
        ({"pages": 101}, "总页数（pages）超过 100"),
    ],
)
def test_answer_that_is_not_as_agreed_names_the_field(sink: Sink, members: dict[str, Any], named: str) -> None:
    """By place and name; never what stands there."""
    sink.fail("directory", Fault(body=body(**members)))
    problem = refused(directory(sink)).params["problem"]
    assert (named in problem, "专家0" in problem) == (True, False)


def test_list_older_than_the_last_is_refused(sink: Sink) -> None:
    """A directory does not go back."""
    later = PoolState(date(2026, 11, 27), '"other"')
    assert "早于上次" in refused(directory(sink), PoolRequest(ASKED.on, last=later)).params["problem"]


def test_no_more_is_read_than_agreed(sink: Sink) -> None:
    """A list that never ends is broken off."""
    sink.directory.experts = [{**ROWS[0], "number": f"N{i}", "name": "名" * 100} for i in range(5000)]
    error = refused(directory(sink, page_size=5000, max_megabytes=1, timeout_seconds=20))
    assert "名单太大" in error.params["problem"]


def test_304_to_nothing_is_refused(sink: Sink) -> None:
    """Nobody asked whether anything has changed."""
    sink.fail("directory", Fault(status=304))
    assert refused(directory(sink)).code == "directory_answer"


def test_wrong_token_is_permanent_and_never_logged(sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the error nor in any library's log."""
    sink.token = "another"
    with caplog.at_level(logging.DEBUG):
        error = refused(directory(sink))
    assert (error.code, error.permanent, TOKEN in caplog.text) == ("directory_refuses", True, False)


def test_check_tells_what_to_mend(sink: Sink) -> None:
    """Well, and without a token; it reads one person."""
    found = [directory(sink).check(), directory(sink, token_env="NO_TOKEN_HERE").check()]
    assert [(one.ok, one.message) for one in found] == [
        (True, f"专家名单 {sink.url('directory')}/experts 可以读取。"),
        (False, "环境变量 NO_TOKEN_HERE 没有令牌，请管理员设置。"),
    ]
    assert [one.query["size"] for one in sink.received] == ["1"]


def test_schema_is_one_and_its_titles_are_in_chinese() -> None:
    """What a directory's provider is given."""
    jsonschema_rs.meta.validate(dict(SCHEMA))
    assert page_of(body()).state == (DAY, 2, 1)
