"""The English of the pages: what templates, scripts and declarations say, gathered into the catalogue, and compiled.

``python tests/languages.py`` writes ``locale/en`` and ``static/text/en.json``; what has no English yet is printed.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from shuangsui.web.languages import CHINESE, DOMAIN, ENGLISH, LOCALES, labels, texts_file

WEB = LOCALES.parent
PLATFORM = WEB.parent
ELSEWHERE = (
    "archive/", "catalogue/amounts.py", "catalogue/derivation.py", "catalogue/frequencies.py", "catalogue/phrases.py",
    "catalogue/ratios.py", "catalogue/wording.py", "cli/", "documents/docx_child.py", "documents/drawing.py",
    "documents/filling.py", "documents/glyphs.py", "documents/inspecting.py", "documents/layouts.py",
    "documents/overrides.py", "documents/rendering.py", "documents/samples.py", "documents/starters.py",
    "documents/values.py", "documents/wording.py", "migrations/", "notification/policy.py", "privacy/",
    "registry/days.py", "registry/headers.py", "registry/normalise.py", "rules/reference.py", "sample/", "testing/",
)  # fmt: skip
"""What speaks at no page: the command line, papers and samples, and what reads Chinese rather than saying it."""
ERRORS = ("archive/messages.py", "privacy/messages.py")
"""Their errors can be met at a page all the same."""
SIGNS = "、；，"
"""Between several in a row."""
CHINESE_SIGN = re.compile(r"[\u4e00-\u9fff]|\{.*[\u3001\u3002\uff00-\uff60]")
FOLDER = LOCALES / ENGLISH / "LC_MESSAGES"
PO, MO = FOLDER / f"{DOMAIN}.po", FOLDER / f"{DOMAIN}.mo"
OPTIONS = dict.fromkeys(("trimmed", "newstyle_gettext", "trim_blocks", "lstrip_blocks"), "true") | {"silent": "false"}
SOMETIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The same texts make the same file on any day."""
SCRIPTS, PUBLIC, PHONE = "**/*.js", "*.js", "phone/*.js"
FIRST = "verify-[pvc]*.js"
"""Scripts that speak in every verification: page, view, counts."""
KINDS = ("stratum", "exclusion", "abandon", "replace", "pool", "warning")
"""Labels that they need while nothing is wrong."""
PHRASES = "phrases"
"""Kind of the words in the browser's file that scripts say themselves, by what they say in Chinese."""


def said() -> dict[str, list[str]]:
    """Every text that has to be translated, with the places where it is said."""
    found: dict[str, list[str]] = {}
    for text, place in (
        *_templates(),
        *((text, "static/js") for text in spoken(SCRIPTS)),
        *_labels(),
        *_declared(),
        *((sign, "said.py") for sign in SIGNS),
    ):
        found.setdefault(text, []).append(place)
    return found


def spoken(pattern: str = PUBLIC) -> list[str]:
    """What scripts say: the argument of every ``t("…")``."""
    found = (_extracted("javascript", path, {"t": None}) for path in sorted((WEB / "static" / "js").glob(pattern)))
    return sorted(set(chain.from_iterable(found)))


def written(catalogue: Catalog) -> dict[str, str]:
    """Text → English, of what has one."""
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def read() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale=ENGLISH)


def gathered() -> Catalog:
    """The catalogue of today: what is said, with the English it had."""
    known = written(read()) if PO.exists() else {}
    catalogue = Catalog(ENGLISH, fuzzy=False, creation_date=SOMETIME, revision_date=SOMETIME)
    for text, places in sorted(said().items()):
        catalogue[text] = Message(text, known.get(text, ""), locations=[(place, 0) for place in sorted(set(places))])
    return catalogue


def po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=118, omit_header=True, sort_output=True)
    return b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: en\\n"\n\n' + out.getvalue()


def mo(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def texts(catalogue: Catalog) -> str:
    """``static/text/en.json``: the words for codes, and what scripts say."""
    english = written(catalogue)
    words: dict[str, dict[str, str]] = {
        kind: {code: english.get(text, text) for code, text in codes.items()} for kind, codes in labels(CHINESE).items()
    }
    words[PHRASES] = {text: english.get(text, text) for text in spoken()}
    return json.dumps(words, ensure_ascii=False, indent=2) + "\n"


def first(catalogue: Catalog) -> str:
    """``static/text/en-first.json``: what the verify page says where nothing is wrong and nobody asks anything."""
    whole = json.loads(texts(catalogue))
    said = {text: whole[PHRASES][text] for text in spoken(FIRST)}
    return _json({**{kind: whole[kind] for kind in KINDS}, PHRASES: said})


def phone(catalogue: Catalog) -> str:
    """``static/text/en-phone.json``: what the phone's pages say without asking the server."""
    english = written(catalogue)
    return _json({PHRASES: {text: english.get(text, text) for text in spoken(PHONE)}})


def _json(words: dict[str, dict[str, str]]) -> str:
    return json.dumps(words, ensure_ascii=False, indent=0) + "\n"


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted((WEB / "templates").rglob("*.html")):
        for text in _extracted("jinja2.ext:babel_extract", path, {"_": None, "gettext": None}):
            yield text, path.relative_to(WEB).as_posix()


def _labels() -> Iterator[tuple[str, str]]:
    yield from ((text, "static/text/zh.json") for codes in labels(CHINESE).values() for text in codes.values())


def put_together() -> Iterator[tuple[str, int]]:
    """Where Python puts a Chinese sentence together on the spot: module and line."""
    for path, tree in _modules():
        for one in ast.walk(tree):
            if isinstance(one, ast.JoinedStr) and any(map(_is_chinese, one.values)):
                yield path, one.lineno


def _declared() -> Iterator[tuple[str, str]]:
    """Words and sentences of ours that pages are handed by Python, whatever hands them."""
    for place, tree in _modules():
        yield from ((text, place) for text in chinese(tree))


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Those that speak at pages, by their places."""
    for path in sorted(PLATFORM.rglob("*.py")):
        place = path.relative_to(PLATFORM).as_posix()
        if not place.startswith(ELSEWHERE) or place in ERRORS:
            yield place, ast.parse(path.read_bytes())


def chinese(tree: ast.AST) -> Iterator[str]:
    """The Chinese texts of a module, but for its docstrings and patterns."""
    silent = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    silent |= {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr | ast.Call) for part in _unsaid(one)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and _is_chinese(one) and id(one) not in silent:
            yield str(one.value)


def _is_chinese(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CHINESE_SIGN.search(node.value))


def _unsaid(node: ast.JoinedStr | ast.Call) -> list[ast.expr]:
    """Parts of a text that is put together on the spot, and what is compiled to a pattern."""
    if isinstance(node, ast.JoinedStr):
        return node.values
    return node.args if ast.unparse(node.func) == "re.compile" else []


def _extracted(method: Any, path: Path, keywords: Any) -> Iterator[str]:
    with path.open("rb") as file:
        for _, text, _, _ in extract(method, file, keywords, options={**OPTIONS, "encoding": "utf-8"}):
            assert isinstance(text, str), (path, text)
            yield text


def main() -> int:
    catalogue = gathered()
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po(catalogue))
    MO.write_bytes(mo(catalogue))
    texts_file(ENGLISH).write_text(texts(catalogue), "utf-8")
    texts_file(f"{ENGLISH}-first").write_text(first(catalogue), "utf-8")
    texts_file(f"{ENGLISH}-phone").write_text(phone(catalogue), "utf-8")
    missing = [str(message.id) for message in catalogue if message.id and not message.string]
    print("\n".join(missing))
    print(f"{len(said())} texts, {len(missing)} without English")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
