"""Pages of the static public tree as bundles: each page an ``index.html`` with its JSON twin beside it, and the same in
English below ``en/``.

Pure: values in, bytes out. What each page needs is written on top of its template in ``web/templates/public``; how a
template becomes text is given by the caller, since this area knows no web.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fairdraw.pack import archive
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.disclosed import Disclosed
from shuangsui.disclosure.opendata import FOLDER, Dataset
from shuangsui.disclosure.policy import media_type
from shuangsui.disclosure.program import LISTING, listing, program
from shuangsui.disclosure.transcripts import listed

Render = Callable[..., str]
"""``render(template, language, **context)`` answers HTML."""
LANGUAGES = {"zh": "", "en": "en/"}
"""Language of a page → folder of its pages in the authority's part of the tree; other files stand there once."""
Row = Mapping[str, Any]

VERIFIER = "fairdraw.pyz"
FOLDERS = {"result": "results", "withheld": "results", "round": "rounds"}


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page shares. ``address``: where the tree is published, without ``/`` at its end; ``made_at`` UTC."""

    render: Render
    address: str
    demo: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """One authority's part of the tree; ``plan_year`` is the newest year with a published plan."""

    shell: Shell
    slug: str
    name: str
    plan_year: int | None = None
    footer: tuple[str, ...] = ()

    def home(
        self, counts: Row, draws: Sequence[Row], results: Sequence[Row], catalogue: Row | None, tenure: Sequence[Row]
    ) -> Bundle:
        """首页; ``draws`` and ``results`` are the latest ones, ``tenure`` what was decided about the authority."""
        view = {"counts": counts, "draws": draws, "results": results, "catalogue": catalogue, "tenure": tenure}
        return self._page("home", "home", "", view)

    def items(self, catalogue: Row | None) -> Bundle:
        """随机抽查事项清单, the version in force."""
        return self._page("items", "items", "items/", {"catalogue": catalogue})

    def plan(self, plan: Row, years: Sequence[int]) -> Bundle:
        """年度抽查工作计划 of one year."""
        return self._page("plan", str(plan["year"]), f"plans/{plan['year']}/", {"plan": plan, "years": years})

    def draws(self, counts: Row, draws: Sequence[Row]) -> Bundle:
        """抽取公示, every draw, the newest first."""
        return self._page("draws", "draws", "draws/", {"counts": counts, "draws": draws})

    def results(self, results: Sequence[Row]) -> Bundle:
        """抽查结果, the newest first."""
        return self._page("results", "results", "results/", {"results": results})

    def special(self, quarters: Sequence[Row], cases: Sequence[Row]) -> Bundle:
        """不随机抽取的检查 (R17.3): the back-door indicator by quarter and the number of cases by year."""
        return self._page("special", "special", "special/", {"quarters": quarters, "cases": cases})

    def rules(self, rules: Row) -> Bundle:
        """适用规则 (R1.1)."""
        return self._page("rules", "rules", "rules/", {"rules": rules})

    def accessibility(self, statement: Row) -> Bundle:
        """无障碍声明."""
        return self._page("accessibility", "accessibility", "a11y/", {"statement": statement})

    def opendata(self, datasets: Sequence[Dataset], feed: PublicFile) -> Bundle:
        """开放数据: every table in its three forms, the feed, and the page that lists them."""
        view = {"datasets": [one.entry() for one in datasets]}
        pages = _pages(self.shell, "opendata", FOLDER, self._tenant(), view, twin=view)
        tables = (file for one in datasets for file in one.files(self.name))
        return Bundle(self.slug, "opendata", "opendata", (*tables, feed, *pages))

    @property
    def root(self) -> str:
        """Address of the authority's pages."""
        return f"{self.shell.address}/{self.slug}/"

    def verify(self, draws: Sequence[Row], statics: Mapping[str, bytes]) -> Bundle:
        """核验抽取, with the list of the files that do it; ``statics`` are the files of ``/static/``."""
        runs = program(statics)
        bundle = self._page("verify", "verify", "verify/", {"draws": draws, "program": runs})
        return replace(bundle, files=(_file(f"verify/{LISTING}", listing(runs["files"])), *bundle.files))

    def draw(self, page: Row, transcript: Mapping[str, bytes]) -> Bundle:
        """One draw with its complete transcript and the verifier; ``page`` is what ``transcripts.draw_page`` read."""
        folder = f"draws/{page['no']}/"
        files = {**transcript, VERIFIER: archive()}
        view = {**page, "files": listed(files)}
        context = {"draw": view, "base_url": f"{self.shell.address}/{self.slug}/{folder}"}
        pages = _pages(self.shell, "draw", folder, self._tenant(), context, twin=view)
        published = tuple(_file(folder + name, data) for name, data in files.items())
        return Bundle(self.slug, "draw", page["no"], published + pages)

    def _page(self, kind: str, key: str, folder: str, view: Row) -> Bundle:
        return Bundle(self.slug, kind, key, _pages(self.shell, kind, folder, self._tenant(), view, twin=view))

    def _tenant(self) -> Row:
        return {"slug": self.slug, "name": self.name, "plan_year": self.plan_year, "footer": self.footer}


def thing(item: Disclosed) -> Bundle:
    """One thing that is disclosed, as open data; a publication of its own, so that its receipt can be kept.

    What is taken down says so and nothing more.
    """
    facts = item.as_data()
    if item.action == "withdraw":
        del facts["content"]
    path = f"{FOLDERS[item.kind]}/{item.key}.json"
    return Bundle(item.authority.slug, item.kind, item.key, (_file(path, _json(facts)),))


def authorities(shell: Shell, rows: Sequence[Row]) -> Bundle:
    """全部执法机关, the page at the root of the tree."""
    view = {"authorities": rows}
    return Bundle(None, "authorities", "authorities", _pages(shell, "authorities", "", None, view, twin=view))


def assets(files: Mapping[str, bytes]) -> Bundle:
    """Styles and scripts under their content hash; older ones stay, since older pages may still be open."""
    version = next(iter(files)).split("/")[1]
    return Bundle(None, "assets", version, tuple(_file(path, data) for path, data in files.items()))


def _pages(
    shell: Shell, kind: str, folder: str, tenant: Row | None, context: Row, *, twin: Row
) -> tuple[PublicFile, ...]:
    shared = {"tenant": tenant, "demo": shell.demo, "made_at": shell.made_at}
    top = f"/{tenant['slug']}/" if tenant else "/"
    texts = {
        below: shell.render(f"public/{kind}.html", language, **shared, **places(top, folder, language), **context)
        for language, below in LANGUAGES.items()
    }
    pages = (_file(f"{below}{folder}index.html", text.encode()) for below, text in texts.items())
    return (*pages, _file(f"{folder}index.json", _json({**shared, **twin})))


def places(top: str, folder: str, language: str) -> dict[str, str]:
    """Addresses that a page needs; ``top``: of the authority's part of the tree, ``folder``: of the page within it.

    ``root``: of the authority's pages in this language; ``other``: of this page in the other one; ``data``: of the
    folder of the page's files, relative, so that the tree can be moved as a whole.
    """
    (other,) = LANGUAGES.keys() - {language}
    below = LANGUAGES[language]
    data = f"{'../' * (below + folder).count('/')}{folder}" if below else ""
    return {"root": top + below, "other": f"{top}{LANGUAGES[other]}{folder}", "data": data}


def _file(path: str, data: bytes) -> PublicFile:
    return PublicFile(path, data, media_type(path))


def _json(value: Row) -> bytes:
    """Readable by people too; times in ISO 8601 with their offset."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_text).encode()


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
