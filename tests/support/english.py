"""What an English page says in Chinese outside the elements that say of themselves that they are Chinese."""

from __future__ import annotations

import re
from html.parser import HTMLParser

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]+")
"""Ideographs, and the punctuation and full-width forms that come with them."""
READ = ("alt", "aria-description", "aria-label", "content", "data-th", "label", "placeholder", "title")
"""Attributes that people see or hear; what a field holds, or an address says, is somebody's own."""
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip


def chinese_in(html: str) -> list[str]:
    """Chinese texts and attributes of a page outside elements with ``lang="zh-CN"``, each with where it stands."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Goes through a page with the languages of the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = dict(attrs).get("lang") or self._language()
        if not _chinese(language):
            for name, value in attrs:
                if name in READ:
                    self._note(f"<{tag} {name}>", value or "")
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Closes what was left open inside as well, as a browser does."""
        places = [place for place, (name, _) in enumerate(self.open) if name == tag]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data: str) -> None:
        if not _chinese(self._language()) and not (self.open and self.open[-1][0] == "textarea"):
            self._note(f"<{self.open[-1][0]}>" if self.open else "", data)

    def _language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def _note(self, place: str, text: str) -> None:
        if CHINESE.search(text):
            self.found.append(f"{place} {' '.join(text.split())}")


def _chinese(language: str) -> bool:
    return language.partition("-")[0].lower() == "zh"
