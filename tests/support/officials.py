"""Officials of an authority in their browsers, for tests of its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import escape

from authority import Authority
from console import DATA, PAGE, ROOT, SECRET, Browser, Visiting, settings_of
from shuangsui import db
from shuangsui.access import service
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonOf
from shuangsui.settings import Settings

AROUND = ("language", "logout")
"""Forms of every page."""


def alerts(page: str) -> list[str]:
    """The sentences with which a page refuses; the whole page where it has none."""
    found = re.findall(r'role="alert">(.*?)</div>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in found] or [page]


@dataclass
class Official:
    """Somebody who has signed in: forms as a browser sends them, the API as a program does."""

    browser: Visiting
    csrf: str

    def form(self, path: str, **fields: Any) -> Any:
        """Send a form of the console; 303 is success."""
        return self.browser.post(f"/console{path}", data={"csrf": self.csrf, **fields}, headers=PAGE)

    def done(self, path: str, **fields: Any) -> str:
        """Send a form that must succeed; the address that follows."""
        answer = self.form(path, **fields)
        assert answer.status_code == 303, (path, answer.status_code, alerts(answer.text))
        return str(answer.headers["location"])

    def call(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """``POST /api…``."""
        headers = {**DATA, "X-CSRF-Token": self.csrf}
        return self.browser.post(f"/api{path}", json=dict(body or {}), headers=headers)

    def refused(self, path: str, **fields: Any) -> tuple[int, str, str | None]:
        """Status, code and article with which form and twin refuse; both say the same sentence."""
        answer, shown = self.call(path, fields), self.form(path, **fields)
        told = answer.json()
        sentence, article = str(escape(told["detail"])), told.get("article")
        assert (shown.status_code, sentence in shown.text) == (answer.status_code, True), (told, shown.text)
        assert (f"依据：{article}" in shown.text) is (article is not None), (told, shown.text)
        return answer.status_code, told["code"], article

    def offers(self, path: str) -> list[str]:
        """The acts whose forms stand on a page, in their order; what stands on every page is none."""
        found = re.findall(r'<form [^>]*method="post" action="/console/[^"]*?([^/"]+)"', self.page(path).text)
        return [name for name in found if name not in AROUND]

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
    monkeypatch.setenv("SHUANGSUI_VAR", str(authority.folder))
    settings = installation(authority, url, tenants)
    with ExitStack() as open_browsers:
        first = open_browsers.enter_context(Browser(settings))

        def enter(login: str, *roles: Role, certificate: str = "") -> Official:
            with authority.session() as session:
                known = {one.login for one in service.members(session)}
                if login not in known and service.user_of(session, login) is None:
                    service.add_user(session, login, login, by="sec.admin")
                for role in roles:
                    service.grant(session, login, role, by="sec.admin")
                if certificate:
                    service.link(session, login, PersonOf.INSPECTOR, certificate, by="sec.admin")
            _with_password(authority, login)
            browser = first.beside()
            assert browser.sign_in(login, tenant=authority.slug).status_code == 303
            return Official(browser, browser.csrf())

        yield enter


def _with_password(authority: Authority, login: str) -> None:
    """Given once, by the authority that the person belongs to: a new one would end every session."""
    with authority.session() as session:
        user = service.user_of(session, login)
    if user.password_hash is None:
        with db.session(authority.engine, user.home or authority.slug) as session:
            service.give_password(session, login, by="sec.admin", own=SECRET)
