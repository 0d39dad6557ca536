"""The adapter against the sink, a real HTTP server on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from shuangsui import CodeReceipt, MissingCode, OutsideFailed, TaskNotice
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui_adapter_zhifa.system import Zhifa

NOTICE = TaskNotice("moushi", "RW2026-0001", "random", "91500000MA5U000001", "某厂", "1", ("C1", "C2"))
MISSING = MissingCode(NOTICE, date(2026, 11, 20), "系统停机", date(2026, 11, 25))


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv("ZHIFA_TOKEN", "secret")
    with Sink("secret") as started:
        yield started


def system(sink: Sink, token_env: str = "ZHIFA_TOKEN") -> Zhifa:
    return Zhifa(sink.url("zhifa"), "moushi", token_env, 2)


def test_art18_a_task_has_one_code_however_often_it_is_pushed(sink: Sink) -> None:
    """Idempotent per task number, and what a query answers."""
    zhifa, expected = system(sink), CodeReceipt("zhifa", NOTICE.task, "ZF000001")
    assert [zhifa.push_task(NOTICE), zhifa.push_task(NOTICE), zhifa.query(NOTICE.task)] == [expected] * 3


def test_unknown_task_has_no_code(sink: Sink) -> None:
    """No code is an answer, not a failure."""
    assert system(sink).query("RW2026-0009") == CodeReceipt("zhifa", "RW2026-0009", None)


def test_art18_missing_code_is_filed_once(sink: Sink) -> None:
    """The same report has the same number."""
    zhifa = system(sink)
    assert [zhifa.report_missing(MISSING).number, zhifa.report_missing(MISSING).number] == ["BB000001", "BB000001"]


@pytest.mark.parametrize(
    ("fault", "code", "permanent"),
    [
        (Fault(status=500), "zhifa_refuses", False),
        (Fault(status=403), "zhifa_refuses", True),
        (Fault(body=b'{"task": '), "zhifa_unreachable", False),
        (Fault(body=b"[]"), "zhifa_answer", False),
        (Fault(wrong=True), "zhifa_answer", False),
        (Fault(cut=True), "zhifa_unreachable", False),
        (Fault(hang=True), "zhifa_unreachable", False),
    ],
)
def test_fault_is_no_code(sink: Sink, fault: Fault, code: str, permanent: bool) -> None:
    """Nothing that the application stammers is taken for a code."""
    sink.fail("zhifa", fault)
    with pytest.raises(OutsideFailed) as caught:
        system(sink).push_task(NOTICE)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_check_tells_what_to_mend(sink: Sink) -> None:
    """Well, and without a token."""
    found = [system(sink).check().ok, system(sink, "NO_TOKEN_HERE").check()]
    assert (found[0], found[1].ok, found[1].message) == (
        True, False, "环境变量 NO_TOKEN_HERE 没有令牌，请管理员设置。",
    )  # fmt: skip
