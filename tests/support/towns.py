"""An authority of its own installation, whose people and public are to be met in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from authority import Authority
from serving import Server, serving
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.migrations import migrate
from shuangsui.settings import Settings


@contextmanager
def founded(folder: Path) -> Iterator[tuple[Authority, Settings]]:
    """With a database of its own, a clock in June 2026 and draws that are quickly judged."""
    settings = Settings(var=folder / "var", simulated_clock=True)
    settings.public.mkdir(parents=True)
    migrate(settings.database)
    engine = db.engine(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasibility, "TRIALS", 1)
        yield Authority(engine, folder), settings
    engine.dispose()


def served(authority: Authority, settings: Settings) -> AbstractContextManager[Server]:
    """Its server, with its clock and its master key."""
    more = {"SHUANGSUI_SIMULATED_CLOCK": "1", "SHUANGSUI_KEY_FILE": str(authority.folder / "master.key")}
    return serving(settings, more)
