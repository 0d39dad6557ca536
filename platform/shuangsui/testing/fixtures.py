"""What a vendor's tests get from pytest: ``tenant``, ``draw``, ``client``, ``sink`` and ``clock``.

Installed with the platform as a pytest plugin; nothing is made before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from shuangsui.draws.tables import Draw
from shuangsui.extension import handing, loading
from shuangsui.testing.sink import Sink
from shuangsui.testing.trial import Trial

MakeTrial = Callable[..., Trial]


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[MakeTrial]:
    """``tenant("hello-channel", folder="x")``: an authority with the plugin switched on, and its options."""
    numbers = count()
    loading.forget()
    yield lambda *plugins, **options: Trial(tmp_path / f"trial{next(numbers)}", plugins, options)
    handing.pool.close()
    loading.forget()


@pytest.fixture
def draw() -> Callable[[Trial], Draw]:
    """``draw(tenant("…"))``: a whole draw of that authority, from its registries to its result."""
    return Trial.draw


@pytest.fixture
def client() -> Iterator[Callable[..., TestClient[Any]]]:
    """``client(tenant("…"), "lead")``: the console as that person sees it, signed in."""
    with ExitStack() as opened:
        yield lambda trial, login="root": opened.enter_context(trial.browser(login))


@pytest.fixture
def clock() -> Callable[..., None]:
    """``clock(trial, days=3)``: time passes in the installation of that authority."""
    return Trial.move_clock


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Every outside system there is a mock of, on this machine, with faults that can be switched on."""
    with Sink() as made:
        yield made
