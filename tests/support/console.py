"""The console as a browser without scripts uses it, on a database of the test's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from httpx import Client
from litestar.testing import TestClient
from sqlalchemy import Engine

import entries
from applications import give_back, lend
from shuangsui import db
from shuangsui.access import service
from shuangsui.access.policy import Role
from shuangsui.settings import Settings
from shuangsui.web.areas import Declared

ROOT = Path(__file__).parents[2]
HERE = "chongqing"
SECRET = "Correct horse battery 1"
SITE = "https://console.example"
PAGE = {"Accept": "text/html"}
DATA = {"Accept": "application/json"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def staff(engine: Engine, people: Mapping[str, Role], tenant: str = HERE, own: str | None = SECRET) -> dict[str, str]:
    """Users with one role each beside the security administrator ``anquan``; login → password."""
    passwords = {}
    with db.session(engine, tenant) as session:
        if not service.members(session):
            user = service.bootstrap(session, "anquan", "安全员", account="os:test")
            passwords["anquan"] = service.first_password(session, user, account="os:test", own=SECRET)
        for login, role in people.items():
            service.add_user(session, login, f"{login}(模拟)", by="anquan")
            service.grant(session, login, role, by="anquan")
            passwords[login] = service.give_password(session, login, by="anquan", own=own)
    return {login: password or SECRET for login, password in passwords.items()}


def settings_of(url: str, folder: Path) -> Settings:
    """An installation on that database, with the tenants of this repository."""
    return Settings(var=folder, tenants=ROOT / "tenants", database_url=url, simulated_clock=True)


class Visiting(Client):
    """What one person does in a browser; an act that leaves more entries than one, or none, fails the test."""

    def send(self, *arguments: Any, **named: Any) -> Any:
        """As the library does it."""
        answer = super().send(*arguments, **named)
        entries.look()
        return answer

    def sign_in(self, login: str, password: str = SECRET, tenant: str = HERE, **more: str) -> Any:
        """Fill in the form of ``/console/login`` and send it."""
        form = {"tenant": tenant, "login": login, "password": password, **more}
        return self.post("/console/login", data=form, headers=PAGE)

    def csrf(self, path: str = "/console/") -> str:
        """The token in the forms of a page."""
        return CSRF.search(self.get(path, headers=PAGE).text)[1]

    def submit(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Send a form of the console, with the token as its pages have it."""
        return self.post(path, data={"csrf": self.csrf(), **(form or {})}, headers=PAGE, **more)


class Browser(Visiting, TestClient):
    """One person's browser, with an application of its own while it is open."""

    def __init__(self, settings: Settings, declared: Declared | None = None, site: str = SITE) -> None:
        TestClient.__init__(self, lend(settings, declared), base_url=site, raise_server_exceptions=False)
        self.follow_redirects = False

    def __exit__(self, *args: Any) -> None:
        super().__exit__(*args)
        give_back(self.app)

    def beside(self) -> Visiting:
        """Another person's browser at the same application: cookies of its own, and no second application to start."""
        return Visiting(transport=self._transport, base_url=self.base_url, follow_redirects=False)
