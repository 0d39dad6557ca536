"""Requests at a fixed rate, whether or not the ones before have been answered; the waiting is part of the time."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
PAGE, DATA = {"Accept": "text/html"}, {"Accept": "application/json"}
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request: ``share`` of 20, ``who`` is signed in; a path with ``{}`` is an act on the next number."""

    kind: str
    path: str
    who: str = ""
    share: int = 1

    @property
    def acts(self) -> bool:
        """Whether it changes something."""
        return "{}" in self.path


@dataclass(frozen=True, slots=True)
class Answered:
    """How one request went; ``ms`` from the moment it was due, ``lag`` of these before the client got to send it."""

    kind: str
    path: str
    ms: float
    lag: float
    status: int
    foreign: bool

    @property
    def failed(self) -> bool:
        """Whether it was not answered as it should have been."""
        return self.status != 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    cookie: str
    csrf: str

    @classmethod
    def of(cls, url: str, tenant: str, login: str, password: str) -> Person:
        """By the form of the console."""
        form = {"tenant": tenant, "login": login, "password": password}
        with httpx.Client(base_url=url, headers=PAGE, timeout=PATIENCE) as client:
            answer = client.post("/console/login", data=form)
            assert answer.status_code == 303, answer.text
            found = CSRF.search(client.get("/console/").text)
            assert found
            return cls(client.cookies["shuangsui"], found[1])

    def headers(self, *, acting: bool = False) -> dict[str, str]:
        """Of a request."""
        return {"Cookie": f"shuangsui={self.cookie}"} | ({"X-CSRF-Token": self.csrf} if acting else {})


@dataclass
class Load:
    """The mix, the same again and again; ``numbers`` are what is acted on, ``canary`` is what nobody may see."""

    url: str
    mix: Sequence[Ask]
    people: Mapping[str, Person]
    numbers: Iterator[str]
    canary: str

    def run(self, seconds: float, rate: float) -> list[Answered]:
        """So many seconds at so many requests a second, in an order that is the same every time."""
        deck = [ask for ask in self.mix for _ in range(ask.share)]
        dice, asks = random.Random(7), list[Ask]()
        while len(asks) < seconds * rate:
            asks += dice.sample(deck, len(deck))
        return asyncio.run(self._driven(asks[: round(seconds * rate)], rate))

    async def _driven(self, asks: Sequence[Ask], rate: float) -> list[Answered]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE, limits=limits) as client:
            begun, under_way = time.perf_counter(), list[asyncio.Task[Answered]]()
            for n, ask in enumerate(asks):
                due = begun + n / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                under_way.append(asyncio.create_task(self._asked(client, ask, due)))
            return [await one for one in under_way]

    async def _asked(self, client: httpx.AsyncClient, ask: Ask, due: float) -> Answered:
        path = ask.path.format(next(self.numbers)) if ask.acts else ask.path
        headers = DATA if path.startswith("/api") else PAGE
        if ask.who:
            headers = headers | self.people[ask.who].headers(acting=ask.acts)
        sent, status, text = time.perf_counter(), 0, ""
        try:
            answer = await client.request("POST" if ask.acts else "GET", path, headers=headers, json=ask.acts and {})
            status, text = answer.status_code, answer.text
        except httpx.HTTPError as error:
            text = repr(error)
        ms, lag = (time.perf_counter() - due) * 1000, (sent - due) * 1000
        return Answered(ask.kind, path, ms, lag, status, self.canary in text)


def quantile(answered: Sequence[Answered], share: float) -> float:
    """Milliseconds that so large a share of the requests did not exceed."""
    times = sorted(one.ms for one in answered)
    return times[min(len(times) - 1, int(len(times) * share))]
