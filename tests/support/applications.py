"""Applications that tests lend each other: putting hundreds of routes together takes a second, furnishing does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar

from shuangsui.settings import Settings
from shuangsui.web.app import create_app, furnish
from shuangsui.web.areas import Declared, declared

_idle: list[Litestar] = []


def lend(settings: Settings, found: Declared | None = None) -> Litestar:
    """An application nobody else uses, of this installation; what is fixed when one is put together must agree."""
    wanted = found or declared()
    for app in _idle:
        if app.state.declared is wanted and _size(app.state.house.settings) == _size(settings):
            _idle.remove(app)
            furnish(app, settings)
            return app
    return create_app(settings, wanted)


def give_back(app: Litestar) -> None:
    """For the next test; its database is closed already."""
    _idle.append(app)


@contextmanager
def lent(settings: Settings) -> Iterator[Litestar]:
    """The same for a stretch of a test."""
    app = lend(settings)
    yield app
    give_back(app)


def _size(settings: Settings) -> int:
    return settings.evidence_max_bytes
