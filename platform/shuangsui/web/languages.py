"""Languages of the pages that the public sees: Chinese as the templates say it, English by gettext (decision 0032)."""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LOCALES = HERE / "locale"
DOMAIN = "shuangsui"
CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)


@cache
def translation(language: str) -> gettext.NullTranslations:
    """What a template says in ``language``; Chinese is what it says by itself."""
    if language == CHINESE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, [language])


def word(language: str, text: str) -> str:
    """A word of ours that a page was handed, in ``language``; what has no translation stays as it is."""
    return translation(language).gettext(text) if text else text


@cache
def labels(language: str = CHINESE) -> Mapping[str, Mapping[str, str]]:
    """Words for the protocol's codes, by kind; the browser reads the same file."""
    texts: Mapping[str, Mapping[str, str]] = json.loads(texts_file(language).read_text("utf-8"))
    return texts


def texts_file(language: str) -> Path:
    """The words that the browser reads; in English with everything that scripts say as well."""
    return HERE / "static" / "text" / f"{language}.json"
