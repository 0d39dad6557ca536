"""Somebody of a company behind the link of its letter."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from console import PAGE

PDF = b"%PDF-1.4\n%test\n"


class Inspected:
    """Somebody of the company with a telephone: no account, no cookie, the address of a letter."""

    def __init__(self, browser: Any, link: str) -> None:
        self.browser, self.link = browser, link
        browser.cookies.clear()

    def get(self, page: str = "") -> Any:
        """A page; it sets no cookie and is kept nowhere."""
        answer = self.browser.get(self.link + page, headers=PAGE)
        return self._unseen(answer)

    def text(self, page: str = "") -> str:
        """One that must be there."""
        answer = self.get(page)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def post(self, page: str, files: list[Any] | None = None, **fields: str) -> Any:
        """A form."""
        answer = self.browser.post(self.link + page, data=fields, files=files, headers=PAGE)
        return self._unseen(answer)

    def done(self, page: str, files: list[Any] | None = None, **fields: str) -> None:
        """One that must succeed and lead back to its page."""
        answer = self.post(page, files, **fields)
        assert (answer.status_code, answer.headers.get("location")) == (303, self.link + page), answer.text

    def refused(self, page: str, **fields: str) -> tuple[int, str]:
        """Status and sentence."""
        answer = self.post(page, **fields)
        said = re.search(r'<p class="note bad" role="alert">([^<]+)</p>', answer.text)
        assert said is not None, answer.text
        return answer.status_code, unescape(said[1])

    @staticmethod
    def _unseen(answer: Any) -> Any:
        """Kept nowhere, told to no other page, found by no search."""
        kept = [answer.headers[name] for name in ("cache-control", "referrer-policy", "x-robots-tag")]
        assert ("set-cookie" in answer.headers, kept) == (False, ["no-store", "no-referrer", "noindex"])
        return answer
