"""Two operators at once: exactly one draw, whatever the database and however they run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

import pytest
from sqlmodel import select

from authority import Authority, freeze_by, freeze_in_process
from databases import Database
from shuangsui.draws.tables import Draw

OPERATORS = 4


def outcomes_of(authority: Authority, answers: list[str]) -> tuple[list[str], list[str]]:
    """The draws in the database, and what the losers were told."""
    with authority.session() as session:
        numbers = list(session.exec(select(Draw.no)))
    return numbers, sorted(answer for answer in answers if answer not in numbers)


def test_threads_on_one_database_make_one_draw(ready: Authority) -> None:
    """Threads of one process: one wins, the others are refused with the round's code."""
    start = Barrier(OPERATORS)

    def operator(_: int) -> str:
        start.wait()
        return freeze_by(ready.engine, ready.folder, ready.today)

    with ThreadPoolExecutor(OPERATORS) as pool:
        answers = list(pool.map(operator, range(OPERATORS)))
    numbers, refusals = outcomes_of(ready, answers)
    assert len(numbers) == 1
    assert refusals == ["round_drawn"] * (OPERATORS - 1)


def test_processes_make_one_draw(ready: Authority, database: Database) -> None:
    """Processes with engines of their own, as web workers and commands are."""
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(OPERATORS, mp_context=context) as pool:
        start = manager.Barrier(OPERATORS)
        arguments = [(database.app, ready.folder, ready.today, start)] * OPERATORS
        answers = list(pool.map(freeze_in_process, *zip(*arguments, strict=True)))
    numbers, refusals = outcomes_of(ready, answers)
    assert len(numbers) == 1
    assert refusals == ["round_drawn"] * (OPERATORS - 1)


def test_constraint_alone_decides_when_the_check_is_passed(ready: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock's check the database still lets one live draw of a round exist."""
    from shuangsui.draws import preparing

    ready.freeze()
    monkeypatch.setattr(preparing, "_check_unique", lambda *_: None)
    monkeypatch.setattr(preparing, "_check_family", lambda *_: None)
    assert freeze_by(ready.engine, ready.folder, ready.today) == "round_drawn"
    assert len(outcomes_of(ready, [])[0]) == 1
