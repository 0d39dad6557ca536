"""What an area lets the worker do: its ``jobs.py`` names functions in ``JOBS``, times in ``TIMES``, and in ``PROMPTS``
what other authorities publish that it must look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Engine

from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.settings import Settings
from shuangsui.texts import AREAS


@dataclass(frozen=True, slots=True)
class Work:
    """Where a job works: it opens its own transactions of its one tenant."""

    engine: Engine
    office: Office
    settings: Settings


@dataclass(frozen=True, slots=True)
class Job:
    """A function of ``Work`` and the row's arguments that may be run again at any point without harm.

    ``attempts``: so many failures make a dead letter, None for never; a failure that cannot pass by itself is one at
    once. ``draw``: the argument that is the number of a draw, for the log. ``awaited``: somebody waits for it on a
    page, or the law does; it goes before other work.
    """

    name: str
    run: Callable[..., None]
    attempts: int | None = 20
    draw: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Daily:
    """A job without arguments that is asked for once a day of the legal zone, from ``at`` on."""

    job: str
    at: time


@dataclass(frozen=True, slots=True)
class Prompt:
    """A job without arguments that every tenant does once for each ``state``: the name of the last thing that reached
    all of them, None before the first.
    """

    job: str
    state: Callable[[TenantSession], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """Every job by its name, every time and every prompt."""

    jobs: Mapping[str, Job]
    times: tuple[Daily, ...]
    prompts: tuple[Prompt, ...] = ()

    def is_awaited(self, job: str) -> bool:
        """Of a job that this version does not know, nobody waits for the failure."""
        return job in self.jobs and self.jobs[job].awaited


@cache
def known() -> Known:
    """What all areas declare."""
    names = [f"shuangsui.{area}.jobs" for area in AREAS]
    return gathered(import_module(name) for name in names if find_spec(name))


def gathered(modules: Iterable[Any]) -> Known:
    """What ``JOBS``, ``TIMES`` and ``PROMPTS`` of the modules say."""
    every = list(modules)
    jobs = {job.name: job for module in every for job in module.JOBS}
    times, prompts = ([one for module in every for one in getattr(module, name, ())] for name in ("TIMES", "PROMPTS"))
    return Known(jobs, tuple(times), tuple(prompts))
