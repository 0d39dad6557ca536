"""Languages of the pages: Chinese as templates and declarations say it, English by gettext (decision 0032)."""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar.connection import ASGIConnection

from shuangsui.said import Listed, Said

HERE = Path(__file__).parent
LOCALES = HERE / "locale"
DOMAIN = "shuangsui"
CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)
COOKIE = "shuangsui_language"
"""In which language a browser is spoken to at the console and on a phone; public pages have addresses of their own."""
ASKED = "lang"
"""Where an address says it: the pages behind a link of the inspected know no cookie."""


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """That of the address, else of the cookie; Chinese without, and for one that there is not."""
    asked = str(connection.query_params.get(ASKED) or connection.cookies.get(COOKIE, ""))
    return asked if asked in LANGUAGES else CHINESE


def tag(language: str) -> str:
    """As a document says it of itself."""
    return "zh-CN" if language == CHINESE else language


@cache
def translation(language: str) -> gettext.NullTranslations:
    """What a template says in ``language``; Chinese is what it says by itself."""
    if language == CHINESE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, [language])


def word(language: str, text: str) -> str:
    """A word or a sentence of ours that a page was handed, in ``language``; what has no translation stays as it is."""
    if language == CHINESE or not text:
        return text
    if isinstance(text, Said):
        values = {name: word(language, one) if isinstance(one, str) else one for name, one in text.values.items()}
        return translation(language).gettext(text.template).format(**values)
    if isinstance(text, Listed):
        return translation(language).gettext(text.sign).join(word(language, part) for part in text.parts)
    return translation(language).gettext(text)


@cache
def labels(language: str = CHINESE) -> Mapping[str, Mapping[str, str]]:
    """Words for the protocol's codes, by kind; the browser reads the same file."""
    texts: Mapping[str, Mapping[str, str]] = json.loads(texts_file(language).read_text("utf-8"))
    return texts


def texts_file(language: str) -> Path:
    """The words that the browser reads; in English with everything that scripts say as well."""
    return HERE / "static" / "text" / f"{language}.json"
