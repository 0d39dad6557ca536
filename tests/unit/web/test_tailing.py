"""One tail for all who watch a draw: who asks the database how often, what each viewer gets, how it ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep
from typing import Any

import pytest

from shuangsui.web import tailing
from shuangsui.web.tailing import NOW, Full, Hall, framed, set_beside

KEY = ("moushi", "2026-0001")
HERE = "192.0.2.1"


class Draw:
    """A draw that a test lets go on."""

    def __init__(self, n: int = 0) -> None:
        self.n, self.total, self.looks = n, 5, 0
        self.objections: list[dict[str, Any]] = []

    def look(self, mark: Any) -> tuple[Any, list[dict[str, Any]], list[dict[str, Any]]]:
        """Of the five events the first ``n``; the fifth is the last."""
        self.looks += 1
        here = self.n, len(self.objections)
        return (here, [], []) if mark == here else (here, self.events(self.n), self.objections)

    def events(self, n: int) -> list[dict[str, Any]]:
        return [{"n": i, "type": "done" if i == self.total else "pick"} for i in range(1, n + 1)]

    def framed(self, first: int, last: int) -> bytes:
        return b"".join(framed(event) for event in self.events(last)[first - 1 :])


async def heard(stream: AsyncIterator[bytes]) -> bytes:
    """All of a stream, without what is no event of a draw."""
    parts = [part async for part in stream]
    assert parts[0] == b"retry: 2000\n\n"
    return b"".join(part for part in parts[1:] if part != NOW and not part.startswith(b":"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks follow each other faster."""
    monkeypatch.setattr(tailing, "BEAT", 0.01)


def run(story: Callable[[], Any]) -> Any:
    """In a thread of its own: the main one may have the loop of a browser that other tests opened."""

    async def bounded() -> Any:
        return await asyncio.wait_for(story(), 20)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, bounded()).result()


@pytest.mark.usefixtures("quick")
def test_twenty_viewers_share_one_tail() -> None:
    """The database is asked by one, however many watch; all get the same."""
    draw, hall = Draw(2), Hall()

    async def story() -> list[bytes]:
        viewers = [asyncio.create_task(heard(hall.watch(KEY, draw.look, 0, HERE))) for _ in range(20)]
        await asyncio.sleep(0.2)
        tasks = {id(tail.task) for tail in hall.tails.values()}
        assert (len(tasks), draw.looks < 100) == (1, True)
        draw.n = 5
        return await asyncio.gather(*viewers)

    assert set(run(story)) == {draw.framed(1, 5)}
    assert (hall.addresses, [tail.viewers for tail in hall.tails.values()]) == ({}, [0])


@pytest.mark.parametrize("seen", range(6))
def test_a_viewer_goes_on_after_the_event_it_names(seen: int) -> None:
    """Nothing twice, nothing left out."""
    draw, hall = Draw(5), Hall()
    assert run(lambda: heard(hall.watch(KEY, draw.look, seen, HERE))) == draw.framed(seen + 1, 5)


@pytest.mark.usefixtures("quick")
def test_what_had_happened_is_told_from_what_happens_now() -> None:
    """A mark without a number stands between them."""
    draw, hall = Draw(3), Hall()

    async def story() -> list[bytes]:
        parts = []
        async for part in hall.watch(KEY, draw.look, 0, HERE):
            parts.append(part)
            draw.n = 5 if part == NOW else draw.n
        return parts

    assert run(story)[1:] == [draw.framed(1, 3), NOW, draw.framed(4, 5)]


@pytest.mark.usefixtures("quick")
def test_silence_is_broken_by_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nothing on the way gives the stream up."""
    monkeypatch.setattr(tailing, "KEEP_ALIVE", 0.05)
    draw, hall = Draw(1), Hall()

    async def story() -> bytes:
        async for part in hall.watch(KEY, draw.look, 0, HERE):
            if part.startswith(b":"):
                return part
        return b""

    assert run(story) == b": keep-alive\n\n"


@pytest.mark.usefixtures("quick")
def test_every_stream_ends_with_the_process() -> None:
    """At once, and nobody is let in any more."""
    draw, hall = Draw(1), Hall()

    async def story() -> bytes:
        viewer = asyncio.create_task(heard(hall.watch(KEY, draw.look, 0, HERE)))
        await asyncio.sleep(0.1)
        hall.close()
        return await asyncio.wait_for(viewer, 1)

    assert run(story) == draw.framed(1, 1)
    with pytest.raises(Full):
        hall.watch(KEY, draw.look, 0, HERE)


SIGNALLED = """
import asyncio, os, signal
from shuangsui.web.tailing import Hall

heard = []
signal.signal(signal.SIGUSR1, lambda number, _frame: heard.append(number))
hall = Hall()


async def story():
    hall.end_on(signal.SIGUSR1)
    stream = hall.watch(("yuzhou", "1"), lambda mark: ((1, 0), [{"n": 1, "type": "pick"}], []), 0, "192.0.2.1")
    parts = []
    async for part in stream:
        parts.append(part)
        if b"id: 1" in part:
            os.kill(os.getpid(), signal.SIGUSR1)
    return parts


parts = asyncio.run(asyncio.wait_for(story(), 20))
print(sum(b"id: 1" in part for part in parts), heard == [signal.SIGUSR1])
"""


def test_a_signal_that_ends_the_process_ends_every_stream_first() -> None:
    """And whoever waited for the signal before hears it too; in a process whose main thread has the loop."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    done = subprocess.run(
        [sys.executable, "-c", SIGNALLED], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.returncode) == ("1 True\n", 0), done.stderr


@pytest.mark.usefixtures("quick")
def test_nobody_is_looked_at_when_nobody_watches() -> None:
    """The tail of a draw that goes on ends with its last viewer, and begins again with the next."""
    draw, hall = Draw(1), Hall()

    async def story() -> tuple[int, int]:
        for _ in range(2):
            viewer = asyncio.create_task(heard(hall.watch(KEY, draw.look, 0, HERE)))
            await asyncio.sleep(0.1)
            viewer.cancel()
            await asyncio.sleep(0.1)
        looks = draw.looks
        await asyncio.sleep(0.2)
        return looks, draw.looks

    before, after = run(story)
    assert (before == after, before > 2) == (True, True)


def test_one_address_has_so_many_streams_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others still get in, until the process is full."""
    monkeypatch.setattr(tailing, "FROM_ONE_ADDRESS", 2)
    monkeypatch.setattr(tailing, "VIEWERS", 3)
    draw, hall = Draw(1), Hall()

    async def story() -> list[bool]:
        made, full = [], []
        for address in (HERE, HERE, HERE, "198.51.100.7", "198.51.100.8"):
            try:
                made.append(asyncio.create_task(heard(hall.watch(KEY, draw.look, 0, address))))
                full.append(False)
            except Full:
                full.append(True)
            await asyncio.sleep(0)
        for task in made:
            task.cancel()
        return full

    assert run(story) == [False, False, True, False, True]


@pytest.mark.usefixtures("quick")
def test_a_look_that_fails_is_looked_again() -> None:
    """A database that is away for a moment ends no stream."""
    draw, hall = Draw(5), Hall()
    failing = iter([OSError("away"), None])

    def look(mark: Any) -> tuple[Any, list[dict[str, Any]], list[dict[str, Any]]]:
        if error := next(failing, None):
            raise error
        return draw.look(mark)

    assert run(lambda: heard(hall.watch(KEY, look, 0, HERE))) == draw.framed(1, 5)


@pytest.mark.usefixtures("quick")
def test_objection_stands_beside_the_events_even_after_the_last() -> None:
    """Each viewer hears each once, whatever it has seen of the events."""
    draw, hall = Draw(5), Hall()

    async def story() -> list[bytes]:
        heards = []
        for seen in (0, 5):
            draw.objections = [*draw.objections, {"no": seen}]
            heards.append(await heard(hall.watch(KEY, draw.look, seen, HERE)))
        return heards

    first, second = set_beside({"no": 0}), set_beside({"no": 5})
    assert run(story) == [first + draw.framed(1, 5), first + second]


def test_draws_that_nobody_watches_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many stay."""
    monkeypatch.setattr(tailing, "KEPT", 3)
    hall = Hall()

    async def story() -> None:
        for i in range(10):
            await heard(hall.watch(("moushi", str(i)), Draw(5).look, 0, HERE))

    run(story)
    assert len(hall.tails) <= 4


def test_few_draws_are_worked_out_at_the_same_time_and_each_by_one() -> None:
    """Whoever asks for many old draws at once keeps nobody else waiting for a thread."""
    hall, busy, most, guard = Hall(), Counter[str](), Counter[str](), Lock()

    def look_of(no: str) -> Any:
        def look(mark: Any) -> Any:
            with guard:
                busy.update([no, "all"])
                most.update({one: max(0, busy[one] - most[one]) for one in (no, "all")})
            sleep(0.02)
            with guard:
                busy.subtract([no, "all"])
            return ((5, 0), [], []) if mark else ((5, 0), [{"n": 1, "type": "done"}], [])

        return look

    async def story() -> None:
        streams = [hall.watch(("yuzhou", str(i % 6)), look_of(str(i % 6)), 0, HERE) for i in range(18)]
        await asyncio.gather(*(heard(stream) for stream in streams))

    run(story)
    assert most == {"all": tailing.LOOKING, **{str(i): 1 for i in range(6)}}
