"""The application: routes, headers, errors and logs put together; refuses to start with an unguarded route."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException
from sqlalchemy import Engine

from shuangsui import db, traces
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger import first_look
from shuangsui.pages.guards import House, house_of
from shuangsui.settings import Settings, from_environment
from shuangsui.web import account, factor, logs, oidc, openapi, peer, phone, shell, signing, speaking
from shuangsui.web.areas import Declared, declared
from shuangsui.web.boot import check_routes
from shuangsui.web.console import handlers_of
from shuangsui.web.errors import admit, decline, fail, refuse
from shuangsui.web.headers import add_security_headers
from shuangsui.web.metrics import Watch, healthz, metrics
from shuangsui.web.pace import Pace
from shuangsui.web.routes import front_page, livez, public_file, readyz
from shuangsui.web.tailing import Hall
from shuangsui.worker.process import working

MARGIN = 1 << 20
"""Besides the largest file, which base64 makes a third longer, there are other fields."""
OWN = (signing, account, factor, oidc, shell, speaking)
"""Pages around signing in, and what they need."""
TURN = 0.0005
"""Seconds a thread may compute while another waits: a request has many small waits, and each costs such a turn."""


def create_app(settings: Settings, found: Declared | None = None) -> Litestar:
    """The web application of one installation; ``found`` instead of what its areas declare.

    The framework's own pages of the OpenAPI document load scripts from elsewhere: only the document is served.
    """
    found = found or declared()
    own = [one for area in OWN for one in area.HANDLERS] + [openapi.document]
    console = [*handlers_of(found), *phone.handlers_of(found), *found.handlers, *own]
    app = Litestar(
        [front_page, public_file, livez, readyz, metrics, healthz, *console],
        state=State({"declared": found}),
        dependencies={
            "settings": Provide(_settings, sync_to_thread=False),
            "engine": Provide(_engine, sync_to_thread=False),
        },
        middleware=[logs.RequestLog(), peer.Peer()],
        before_send=[add_security_headers],
        exception_handlers={
            NotAuthorizedException: admit,
            HTTPException: refuse,
            ShuangsuiError: decline,
            Exception: fail,
        },
        request_max_body_size=2 * settings.evidence_max_bytes + MARGIN,
        on_shutdown=[_close],
        logging_config=None,
        openapi_config=None,
    )
    furnish(app, settings)
    return check_routes(app)


def furnish(app: Litestar, settings: Settings) -> None:
    """What is of the installation and not of the program: its settings, its database, its counters."""
    app.state.house = House(settings, db.engine(settings))
    app.state.watch = Watch()
    app.state.hall = Hall()
    app.state.pace = Pace()


def _settings(request: Request[Any, Any, Any]) -> Settings:
    return house_of(request).settings


def _engine(request: Request[Any, Any, Any]) -> Engine:
    return house_of(request).engine


def _close(app: Litestar) -> None:
    app.state.hall.close()
    app.state.house.engine.dispose()


def served() -> Litestar:
    """What the web server starts in its worker process: settings from the environment, logs as JSON.

    Without a broker this process is also the worker. Before the first request every draw log is compared with what the
    public knows of it.
    """
    logs.configure()
    settings = from_environment()
    traces.configure(settings)
    app = create_app(settings)
    house = app.state.house
    app.on_startup.append(lambda: first_look.begin(house.engine, lambda: house.tree(house.today())))
    app.on_startup.append(lambda: app.state.hall.end_on(signal.SIGTERM, signal.SIGINT))
    app.on_shutdown.append(traces.flush)
    if settings.broker_url is None:
        stack = ExitStack()
        app.on_startup.append(lambda: _start(stack, house, settings))
        app.on_shutdown.insert(0, stack.close)
    return app


def _start(stack: ExitStack, house: House, settings: Settings) -> None:
    """The worker's engine is its own where its role is; whoever waits for a page is not kept waiting by its threads."""
    sys.setswitchinterval(TURN)
    engine = house.engine
    if settings.worker_database_url:
        engine = db.engine(settings.as_worker)
        stack.callback(engine.dispose)
        first_look.begin(engine, lambda: house.tree(house.today()))
    stack.enter_context(working(engine, settings.as_worker))
