"""The adapter against a real HTTP server on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from enforcement import TOKEN, Application, listening
from shuangsui import CodeReceipt, MissingCode, OutsideFailed, TaskNotice
from shuangsui_adapter_zhifa.system import Zhifa

NOTICE = TaskNotice("moushi", "RW2026-0001", "random", "91500000MA5U000001", "某厂", "1", ("C1", "C2"))
MISSING = MissingCode(NOTICE, date(2026, 11, 20), "系统停机", date(2026, 11, 25))


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("ZHIFA_TOKEN", TOKEN)
    with listening() as server:
        yield server


def system(application: Application, token_env: str = "ZHIFA_TOKEN") -> Zhifa:
    return Zhifa(application.address, "moushi", token_env, 2)


def test_art18_a_task_has_one_code_however_often_it_is_pushed(application: Application) -> None:
    """Idempotent per task number, and what a query answers."""
    zhifa, expected = system(application), CodeReceipt("zhifa", NOTICE.task, "N1")
    assert [zhifa.push_task(NOTICE), zhifa.push_task(NOTICE), zhifa.query(NOTICE.task)] == [expected] * 3


def test_unknown_task_has_no_code(application: Application) -> None:
    """No code is an answer, not a failure."""
    assert system(application).query("RW2026-0009") == CodeReceipt("zhifa", "RW2026-0009", None)


def test_art18_missing_code_is_filed_once(application: Application) -> None:
    """The same report has the same number."""
    zhifa = system(application)
    assert [zhifa.report_missing(MISSING).number, zhifa.report_missing(MISSING).number] == ["N1", "N1"]


@pytest.mark.parametrize(
    ("fault", "code", "permanent"),
    [
        ((500, b"{}"), "zhifa_refuses", False),
        ((403, b"{}"), "zhifa_refuses", True),
        ((200, b'{"task": '), "zhifa_unreachable", False),
        ((200, b"[]"), "zhifa_answer", False),
        ((200, b'{"task": "other", "code": "N1"}'), "zhifa_answer", False),
    ],
)
def test_fault_is_no_code(application: Application, fault: tuple[int, bytes], code: str, permanent: bool) -> None:
    """Nothing that the application stammers is taken for a code."""
    application.fault = fault
    with pytest.raises(OutsideFailed) as caught:
        system(application).push_task(NOTICE)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_check_tells_what_to_mend(application: Application) -> None:
    """Well, and without a token."""
    found = [system(application).check().ok, system(application, "NO_TOKEN_HERE").check()]
    assert (found[0], found[1].ok, found[1].message) == (
        True, False, "环境变量 NO_TOKEN_HERE 没有令牌，请管理员设置。",
    )  # fmt: skip
