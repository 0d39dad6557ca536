"""An authority whose people work by browser: registries and users of :mod:`authority`, pages of :mod:`console`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from authority import STAFF, Authority, experts, inspectors, objects
from console import DATA, PAGE, ROOT, SECRET, Browser
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.settings import Settings


def environment(url: str, folder: Path) -> dict[str, str]:
    """What the process is told, so that settings read anywhere are the application's."""
    told = {"VAR": folder / "var", "TENANTS": ROOT / "tenants", "DATABASE_URL": url, "KEY_FILE": folder / "master.key"}
    return {f"SHUANGSUI_{name}": str(value) for name, value in told.items()} | {"SHUANGSUI_SIMULATED_CLOCK": "1"}


@dataclass
class Offices:
    """One authority and the browsers of its people, each signed in once; needs :func:`environment`."""

    authority: Authority
    stack: ExitStack
    open: dict[str, Browser] = field(default_factory=dict)

    def staff(self, *logins: str, **more: Role) -> None:
        """Passwords for the authority's people, further roles for some of them."""
        with self.authority.session() as session:
            for login, role in more.items():
                access.grant(session, login, role, by="sec.admin")
            for login in logins or STAFF:
                access.give_password(session, login, by="sec.admin", own=SECRET)

    def stock(self, n: int = 200) -> None:
        """Registries and a published list."""
        self.authority.once(("stocked", n), lambda: self._stock(n))

    def _stock(self, n: int) -> None:
        self.authority.take_in(objects=objects(n), inspectors=inspectors(12), experts=experts(5))
        self.authority.publish_list()

    def at(self, login: str) -> Browser:
        """The browser of one person."""
        if login not in self.open:
            browser = self.stack.enter_context(Browser(Settings()))
            answer = browser.sign_in(login, tenant=self.authority.slug)
            assert answer.status_code == 303, answer.text
            self.open[login] = browser
        return self.open[login]

    def submit(self, login: str, path: str, **form: Any) -> Any:
        """Send a form of the console; lists are lines."""
        sent = {name: "\n".join(one) if isinstance(one, list) else one for name, one in form.items()}
        return self.at(login).submit(f"/console{path}", sent)

    def done(self, login: str, path: str, **form: Any) -> str:
        """The same, which must succeed: where the browser is led."""
        answer = self.submit(login, path, **form)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return str(answer.headers["location"])

    def call(self, login: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """An act as a program does it."""
        browser = self.at(login)
        headers = DATA | {"X-CSRF-Token": browser.csrf()}
        return browser.post(f"/api{path}", json=body or {}, headers=headers)

    def data(self, login: str, path: str) -> Any:
        """What a page's twin says."""
        answer = self.at(login).get(f"/api{path}", headers=DATA)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, login: str, path: str) -> str:
        """A page's text."""
        answer = self.at(login).get(f"/console{path}", headers=PAGE)
        assert answer.status_code == 200, answer.text
        return str(answer.text)
