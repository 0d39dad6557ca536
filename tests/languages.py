"""The English of the public's pages: what templates and scripts say, gathered into the catalogue, and compiled from it.

``python tests/languages.py`` writes ``locale/en`` and ``static/text/en.json``; what has no English yet is printed.
"""

from __future__ import annotations

import io
import json
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

from shuangsui.disclosure import opendata
from shuangsui.disclosure.accessibility import GAPS, KEPT, STANDARDS
from shuangsui.disclosure.messages import DATASETS
from shuangsui.inspections import enterprise_routes, enterprise_views, feedback_routes, states
from shuangsui.inspections.messages import TO_HOLDERS
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import MODES
from shuangsui.rules.keys import KEYS
from shuangsui.texts import catalogue as sentences
from shuangsui.web.languages import CHINESE, DOMAIN, ENGLISH, LOCALES, labels, texts_file

WEB = LOCALES.parent
FOLDER = LOCALES / ENGLISH / "LC_MESSAGES"
PO, MO = FOLDER / f"{DOMAIN}.po", FOLDER / f"{DOMAIN}.mo"
OPTIONS = dict.fromkeys(("trimmed", "newstyle_gettext", "trim_blocks", "lstrip_blocks"), "true") | {"silent": "false"}
SOMETIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The same texts make the same file on any day."""
FIRST = "verify-[pvc]*.js"
"""Scripts that speak in every verification: page, view, counts."""
KINDS = ("stratum", "exclusion", "abandon", "replace", "pool", "warning")
"""Labels that they need while nothing is wrong."""
PHRASES = "phrases"
"""Kind of the words in the browser's file that scripts say themselves, by what they say in Chinese."""


def said() -> dict[str, list[str]]:
    """Every text that has to be translated, with the places where it is said."""
    found: dict[str, list[str]] = {}
    for text, place in (*_templates(), *((text, "static/js") for text in spoken()), *_labels(), *_words(), *_held()):
        found.setdefault(text, []).append(place)
    return found


def spoken(pattern: str = "*.js") -> list[str]:
    """What scripts say: the argument of every ``t("…")``."""
    found = (_extracted("javascript", path, {"t": None}) for path in _below("static/js", pattern))
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
    return json.dumps({**{kind: whole[kind] for kind in KINDS}, PHRASES: said}, ensure_ascii=False, indent=0) + "\n"


def _templates() -> Iterator[tuple[str, str]]:
    for path in _below("templates", "*.html"):
        for text in _extracted("jinja2.ext:babel_extract", path, {"_": None, "gettext": None}):
            yield text, path.relative_to(WEB).as_posix()


def _labels() -> Iterator[tuple[str, str]]:
    yield from ((text, "static/text/zh.json") for codes in labels(CHINESE).values() for text in codes.values())


def _words() -> Iterator[tuple[str, str]]:
    """Words of ours that pages are handed and say by the filter ``word``."""
    columns = (
        one.title for table in (opendata.PLANS, opendata.DRAWS, opendata.RESULTS, opendata.ITEMS) for one in table
    )
    standards, gaps = ([text for one in listed for text in one.values()] for listed in (STANDARDS, GAPS))
    said = (*MODES.values(), *CATEGORIES.values(), *DATASETS.values(), *columns, *standards, *KEPT, *gaps)
    yield from ((text, "disclosure") for text in said if not text.isascii())
    yield from ((spec.description, "rules/keys.py") for spec in KEYS.values())


def _held() -> Iterator[tuple[str, str]]:
    """What whoever holds an object's link is told by words that its pages are handed, and by the errors it meets."""
    lists = (
        states.TASK_TYPES, states.TASK_STATES, states.RECORD_NAMES, states.RECORD_STATES, states.ANSWERS,
        states.RECTIFICATION_STATES, enterprise_views.HOW, enterprise_views.OTHERS, enterprise_views.NAMED,
        enterprise_routes.GIVEN, feedback_routes.RATINGS,
    )  # fmt: skip
    said = [text for one in lists for text in one.values()]
    yield from ((text, "inspections") for text in (*said, enterprise_views.EMPTY))
    yield from ((sentences()[code], "inspections/messages.py") for code in TO_HOLDERS)


def _below(folder: str, pattern: str) -> list[Path]:
    return sorted((WEB / folder).rglob(pattern))


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
    missing = [str(message.id) for message in catalogue if message.id and not message.string]
    print("\n".join(missing))
    print(f"{len(said())} texts, {len(missing)} without English")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
