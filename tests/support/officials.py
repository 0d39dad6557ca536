"""Officials of an authority in their browsers, for tests of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from authority import Authority
from console import DATA, PAGE, ROOT, SECRET, Browser, settings_of
from shuangsui.access import passwords, service
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonOf
from shuangsui.settings import Settings

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""What a password costs is proved where passwords are."""


@dataclass
class Official:
    """Somebody who has signed in: forms as a browser sends them, the API as a program does."""

    browser: Browser
    csrf: str

    def form(self, path: str, **fields: Any) -> Any:
        """Send a form of the console; 303 is success."""
        return self.browser.post(f"/console{path}", data={"csrf": self.csrf, **fields}, headers=PAGE)

    def done(self, path: str, **fields: Any) -> str:
        """Send a form that must succeed; the address that follows."""
        answer = self.form(path, **fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def call(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """``POST /api…``."""
        headers = {**DATA, "X-CSRF-Token": self.csrf}
        return self.browser.post(f"/api{path}", json=dict(body or {}), headers=headers)

    def read(self, path: str) -> Any:
        """The JSON twin of a page, which must be there."""
        answer = self.browser.get(f"/api{path}", headers=DATA)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, path: str) -> Any:
        """A page."""
        return self.browser.get(f"/console{path}", headers=PAGE)


def installation(authority: Authority, url: str, tenants: Path = ROOT / "tenants") -> Settings:
    """The authority's database and key behind the application."""
    more = {"key_file": authority.folder / "master.key", "tenants": tenants}
    return settings_of(url, authority.folder).model_copy(update=more)


@contextmanager
def officials(
    authority: Authority, url: str, monkeypatch: Any, tenants: Path = ROOT / "tenants"
) -> Iterator[Callable[..., Official]]:
    """A function that signs somebody in, with further roles or as the holder of a certificate."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setenv("SHUANGSUI_VAR", str(authority.folder))
    settings = installation(authority, url, tenants)
    with ExitStack() as open_browsers:

        def enter(login: str, *roles: Role, certificate: str = "") -> Official:
            with authority.session() as session:
                known = {one.login for one in service.members(session)}
                if login not in known and service.user_of(session, login) is None:
                    service.add_user(session, login, login, by="sec.admin")
                for role in roles:
                    service.grant(session, login, role, by="sec.admin")
                if certificate:
                    service.link(session, login, PersonOf.INSPECTOR, certificate, by="sec.admin")
                service.give_password(session, login, by="sec.admin", own=SECRET)
            browser = open_browsers.enter_context(Browser(settings))
            assert browser.sign_in(login, tenant=authority.slug).status_code == 303
            return Official(browser, browser.csrf())

        yield enter
