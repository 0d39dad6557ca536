"""The registrar's list against the sink: pages, marks, faults; whole or not at all, and the token stays secret."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from datetime import date

import pytest

from shuangsui import FeedFile, FeedState, OutsideFailed
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui.testing.systems import Registrar as Played
from shuangsui_feed_registrar.options import Options
from shuangsui_feed_registrar.registrar import Registrar

TOKEN = "a-token-nobody-may-see"
DAY = date(2026, 11, 26)
ROWS = [
    {"code": f"91500000MAXX{i:05d}X", "name": f"企业{i}", "industry": "C2671" if i % 2 else "I6510", "status": "存续"}
    for i in range(7)
]


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv("REGISTRAR_TOKEN", TOKEN)
    played = Played(ROWS, DAY, {row["code"]: date(2026, 11, 20 + i) for i, row in enumerate(ROWS)})
    with Sink(TOKEN, registrar=played) as started:
        yield started


def registrar(sink: Sink, **options: object) -> Registrar:
    address = f"{sink.url('registrar')}/objects"
    return Registrar(
        Options.model_validate(
            {"address": address, "token_env": "REGISTRAR_TOKEN", "page_size": 3, "timeout_seconds": 1, **options}
        )
    )


def names(file: FeedFile) -> list[str]:
    assert file.data is not None
    return [row["name"] for row in csv.DictReader(io.StringIO(file.data.decode()))]


def refused(feed: Registrar, last: FeedState | None = None) -> tuple[str, bool]:
    with pytest.raises(OutsideFailed) as caught:
        feed.fetch(last)
    assert TOKEN not in f"{caught.value} {caught.value.__cause__} {caught.value.params}"
    return caught.value.code, caught.value.permanent


@pytest.mark.parametrize("form", ["json", "csv"])
def test_r6_4_every_page_makes_one_complete_file(sink: Sink, form: str) -> None:
    """Seven rows in three pages, in both forms, with the day that the registrar states."""
    file = registrar(sink, form=form).fetch(None)
    assert (names(file), file.day, file.complete) == ([row["name"] for row in ROWS], DAY, True)
    assert [one.query["page"] for one in sink.received] == ["1", "2", "3"]


@pytest.mark.parametrize("dated", [False, True])
def test_unchanged_list_is_not_read_again(sink: Sink, dated: bool) -> None:
    """ETag or Last-Modified: the second request is answered 304 and hands nothing over."""
    sink.registrar.dated = dated
    feed = registrar(sink, changes=False)
    first = feed.fetch(None)
    again = feed.fetch(FeedState(first.day, first.mark))
    assert (again.data, again.day, again.mark, len(sink.received)) == (None, DAY, first.mark, 4)


def test_changes_since_the_last_day(sink: Sink) -> None:
    """Only what changed, this day included; the file is not complete."""
    file = registrar(sink).fetch(FeedState(date(2026, 11, 24), '"old"'))
    assert (names(file), file.complete) == (["企业4", "企业5", "企业6"], False)


def test_no_changes_hand_nothing_over(sink: Sink) -> None:
    """An empty list of changes is an answer, not a failure."""
    assert registrar(sink).fetch(FeedState(date(2026, 11, 27), '"old"')).data is None


def test_r6_1_industry_decides_the_items(sink: Sink) -> None:
    """With or without the letter; who belongs to no item is left out."""
    file = registrar(sink, items=("26=JX-11", "C267=JX-13")).fetch(None)
    assert file.data is not None
    found = [(row["name"], row["items"]) for row in csv.DictReader(io.StringIO(file.data.decode()))]
    assert found == [(f"企业{i}", "JX-11；JX-13") for i in (1, 3, 5)]


@pytest.mark.parametrize(
    ("fault", "code", "permanent"),
    [
        (Fault(status=500), "registrar_refuses", False),
        (Fault(status=403), "registrar_refuses", True),
        (Fault(status=302), "registrar_refuses", False),
        (Fault(body=b"<html>"), "registrar_answer", False),
        (Fault(body=b'{"rows": []}'), "registrar_answer", False),
        (Fault(cut=True), "registrar_unreachable", False),
        (Fault(hang=True), "registrar_unreachable", False),
        (Fault(delay=3), "registrar_unreachable", False),
        (Fault(wrong=True), "registrar_incomplete", False),
    ],
)
@pytest.mark.parametrize("after", [0, 2])
def test_fault_hands_nothing_over(sink: Sink, fault: Fault, code: str, permanent: bool, after: int) -> None:
    """On the first page as on the last."""
    sink.fail("registrar", Fault(**{name: getattr(fault, name) for name in Fault.__slots__} | {"after": after}))
    expected = "registrar_changed" if fault.wrong and after else code
    assert refused(registrar(sink)) == (expected, permanent)


def test_list_that_changes_while_it_is_read_is_refused(sink: Sink) -> None:
    """Pages of two states are no list."""
    feed = registrar(sink)
    pages = feed._pages(feed._client(), {}, "")
    next(pages)
    sink.registrar.rows = ROWS[:6]
    with pytest.raises(OutsideFailed) as caught:
        next(pages)
    assert caught.value.code == "registrar_changed"


def test_token_goes_to_the_registrar_only(sink: Sink) -> None:
    """A next page on another server is not asked for."""
    with Sink(TOKEN) as other:
        feed = registrar(sink)
        assert (feed._ours(f"{sink.url('registrar')}/objects?page=2"), feed._ours(other.url("registrar"))) == (
            True,
            False,
        )


def test_codes_as_numbers_are_refused(sink: Sink) -> None:
    """They may have lost digits on the way."""
    sink.registrar.rows = [{"code": 500103000000001, "name": "x"}]  # type: ignore[dict-item]
    assert refused(registrar(sink)) == ("registrar_answer", False)


def test_wrong_token_is_permanent_and_never_logged(sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the error nor in any library's log."""
    sink.token = "another"
    with caplog.at_level(logging.DEBUG):
        assert refused(registrar(sink)) == ("registrar_refuses", True)
    assert caplog.text
    assert TOKEN not in caplog.text


def test_check_tells_what_to_mend(sink: Sink) -> None:
    """Well, and without a token."""
    found = [registrar(sink).check(), registrar(sink, token_env="NO_TOKEN_HERE").check()]
    assert [(one.ok, one.message) for one in found] == [
        (True, f"登记机关名单 {sink.url('registrar')}/objects 可以读取。"),
        (False, "环境变量 NO_TOKEN_HERE 没有令牌，请管理员设置。"),
    ]
