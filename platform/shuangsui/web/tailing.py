"""One tail for each draw that somebody watches: it alone asks the database, every viewer reads the same lines.

A viewer is a place in a list that only grows: however slow, it holds no queue and no thread.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import structlog
from anyio import to_thread

log = structlog.get_logger(__name__)

BEAT = 1.0
"""Seconds between two looks at a draw that somebody watches."""
KEEP_ALIVE = 15.0
"""Seconds of silence after which a viewer gets a comment, so that nothing on the way gives the stream up."""
NOW = b"event: now\ndata: -\n\n"
"""Between what had happened and what happens now; it has no number."""
AT_ONCE = 200
"""Events in one piece of a backlog."""
VIEWERS, FROM_ONE_ADDRESS, KEPT = 1000, 64, 16
"""Streams in one process, of one address (an office, a hall), and ended draws that stay in memory."""

LOOKING = 2
"""Draws that one process works out at the same time: whoever asks for many old ones keeps nobody else from a thread."""

Said = Sequence[dict[str, Any]]
Look = Callable[[Any], tuple[Any, Said, Said]]
"""``look(mark)`` answers the mark of what there is, all events and all objections; the same mark: nothing is new."""
Key = tuple[str, str]
"""Authority and number of a draw."""


class Full(Exception):
    """As many watch as this process serves; nothing is wrong with the draw."""


@dataclass
class Tail:
    """The events of one draw as far as they have happened, and beside them what was objected, even after its end."""

    key: Key
    look: Look
    lines: list[bytes] = field(default_factory=list)
    objections: list[bytes] = field(default_factory=list)
    viewers: int = 0
    ended: bool = False
    task: asyncio.Task[None] | None = None
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKING))
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _mark: Any = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Follow the draw until it ends or nobody watches."""
        if not self.ended and (self.task is None or self.task.done()):
            self.task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while self.viewers and not self.ended:
            await self.look_again()
            if not self.ended:
                await asyncio.sleep(BEAT)

    async def look_again(self) -> None:
        """Catch up, if the database is there."""
        try:
            await self.catch_up()
        except Exception:
            tenant, draw = self.key
            log.exception("live_look", tenant=tenant, draw=draw)

    async def catch_up(self) -> None:
        """Take over what is new, one at a time; an event that was given out is never given out otherwise."""
        async with self._looking, self.turns:
            await self._take_over()

    async def _take_over(self) -> None:
        mark, events, objections = await to_thread.run_sync(self.look, self._mark)
        if mark == self._mark:
            return
        self._mark = mark
        self.lines += [framed(event) for event in events[len(self.lines) :]]
        self.objections += [set_beside(one) for one in objections[len(self.objections) :]]
        self.ended = bool(events) and events[-1]["type"] == "done"
        self._wake()

    async def after(self, seen: int, closing: asyncio.Event) -> AsyncIterator[bytes]:
        """Every objection, events from ``seen`` + 1 on; ends with the draw, or when the process is ``closing``."""
        yield b"retry: 2000\n\n"
        told, heard = False, 0
        while not closing.is_set():
            news = self._news
            if beside := self.objections[heard:]:
                heard += len(beside)
                yield b"".join(beside)
            while seen < len(self.lines):
                piece = self.lines[seen : seen + AT_ONCE]
                seen += len(piece)
                yield b"".join(piece)
            if self.ended:
                return
            if self._mark is not None and not told:
                told = True
                yield NOW
            try:
                await asyncio.wait_for(news.wait(), KEEP_ALIVE)
            except TimeoutError:
                yield b": keep-alive\n\n"

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def close(self) -> None:
        """Let every viewer go."""
        if self.task:
            self.task.cancel()
        self._wake()


@dataclass
class Hall:
    """The tails of one process, by authority and draw."""

    tails: dict[Key, Tail] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKING))

    def watch(self, key: Key, look: Look, seen: int, address: str) -> AsyncIterator[bytes]:
        """The stream of one viewer; :class:`Full` before it begins."""
        if self.is_full(address):
            raise Full
        self._forget()
        tail = self.tails.setdefault(key, Tail(key, look, turns=self.turns))
        return self._watching(tail, seen, address)

    def is_full(self, address: str) -> bool:
        """Whether nobody more may watch, or nobody more from there."""
        every, mine = sum(self.addresses.values()), self.addresses.get(address, 0)
        return self.closing.is_set() or every >= VIEWERS or mine >= FROM_ONE_ADDRESS

    async def _watching(self, tail: Tail, seen: int, address: str) -> AsyncIterator[bytes]:
        """Counted while it is read; of many who came at the same moment, those too many are sent away to ask again."""
        if self.is_full(address):
            return
        self.addresses[address] = self.addresses.get(address, 0) + 1
        tail.viewers += 1
        try:
            if tail.ended:
                await tail.look_again()
            tail.start()
            async for piece in tail.after(seen, self.closing):
                yield piece
        finally:
            tail.viewers -= 1
            self.addresses[address] -= 1
            if not self.addresses[address]:
                del self.addresses[address]

    def _forget(self) -> None:
        """What nobody watches: the oldest go first."""
        idle = [key for key, tail in self.tails.items() if not tail.viewers]
        for key in idle[: max(0, len(self.tails) - KEPT)]:
            del self.tails[key]

    def end_on(self, *signals: int) -> None:
        """Close at a signal that ends the process: the server waits for every answer, and a stream has no end.

        In the main thread with its loop running; whoever heard the signal before still hears it.
        """
        loop = asyncio.get_running_loop()
        for number in signals:
            before = signal.getsignal(number)

            def heard(got: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.close)
                if callable(before):
                    before(got, frame)

            signal.signal(number, heard)

    def close(self) -> None:
        """The process ends: every stream ends, every page asks again."""
        self.closing.set()
        for tail in self.tails.values():
            tail.close()


def framed(event: dict[str, Any]) -> bytes:
    """One event of ``text/event-stream``; its number is what ``Last-Event-ID`` gives back."""
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event['n']}\ndata: {data}\n\n".encode()


def set_beside(objection: dict[str, Any]) -> bytes:
    """An objection is no event of the transcript: it has no number, and a viewer who comes back hears it again."""
    return f"event: objection\ndata: {json.dumps(objection, ensure_ascii=False)}\n\n".encode()
