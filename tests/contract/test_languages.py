"""The English of the pages: complete, of today, and with the same values and tags as the Chinese."""

from __future__ import annotations

import gettext
import importlib.util
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from english import CHINESE
from shuangsui.web.languages import ENGLISH, texts_file

TOOL = Path(__file__).parents[1] / "languages.py"
_spec = importlib.util.spec_from_file_location("languages", TOOL)
assert _spec is not None
assert _spec.loader is not None
languages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(languages)

OFFICIAL = (
    "access/profiles.py",
    "disclosure/",
    "documents/service.py",
    "extension/",
    "inspections/enterprise_routes.py",
    "registry/import_routes.py",
)
"""Where Chinese is what is wanted: published texts, names of files, notes in the evidence, a label on a telephone."""
VALUE = re.compile(r"%\(\w+\)s|\{\w+\}")
TAG = re.compile(r"</?[a-z][^>]*>")
FORMATTED = re.compile(r"%(?!%|\(\w+\)s)")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """What is committed."""
    read: Catalog = languages.read()
    return read


@pytest.fixture(scope="module")
def english(catalogue: Catalog) -> dict[str, str]:
    """Text → English."""
    return {str(message.id): str(message.string) for message in catalogue if message.id}


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """What is said today, with its places."""
    found: dict[str, list[str]] = languages.said()
    return found


def test_catalogue_has_what_is_said_and_nothing_else(english: dict[str, str], said: dict[str, list[str]]) -> None:
    """Nothing is missing, nothing is kept that nobody says any more."""
    assert (sorted(said.keys() - english.keys()), sorted(english.keys() - said.keys())) == ([], [])


def test_everything_has_its_english(english: dict[str, str]) -> None:
    """In letters and punctuation of English."""
    assert sorted(text for text, told in english.items() if not told.strip()) == []
    assert sorted(told for told in english.values() if CHINESE.search(told)) == []


@pytest.mark.parametrize("pattern", [VALUE, TAG], ids=["values", "tags"])
def test_english_has_the_same_values_and_tags(english: dict[str, str], pattern: re.Pattern[str]) -> None:
    """Each as often; a value that is missing would be lost, a tag would break the page."""
    found = {text: (Counter(pattern.findall(text)), Counter(pattern.findall(told))) for text, told in english.items()}
    assert {text: pair for text, pair in found.items() if pair[0] != pair[1]} == {}


def test_percent_signs_are_doubled_where_values_are_put_in(english: dict[str, str], said: dict[str, list[str]]) -> None:
    """A template formats what it says, even without a value."""
    formatted = [text for text, places in said.items() if any(place.startswith("templates/") for place in places)]
    assert [text for text in formatted if FORMATTED.search(text.replace("%%", ""))] == []
    assert [text for text in formatted if FORMATTED.search(english[text].replace("%%", ""))] == []


def test_compiled_catalogue_is_that_of_today(catalogue: Catalog) -> None:
    """As texts; the bytes are babel's affair."""
    compiled, made = (
        gettext.GNUTranslations(io.BytesIO(data)) for data in (languages.MO.read_bytes(), languages.mo(catalogue))
    )
    told = languages.written(catalogue)
    assert {text: compiled.gettext(text) for text in told} == told
    assert contents(compiled) == contents(made)


def contents(compiled: gettext.GNUTranslations) -> dict[str, str]:
    """Everything in it but its head."""
    known: dict[str, str] = vars(compiled)["_catalog"]
    return {text: told for text, told in known.items() if text}


def test_file_of_the_catalogue_and_that_of_the_browser_are_what_the_tool_writes(catalogue: Catalog) -> None:
    """Who changes a sentence runs the tool."""
    assert languages.PO.read_bytes() == languages.po(languages.gathered())
    assert texts_file(ENGLISH).read_text("utf-8") == languages.texts(catalogue)
    assert texts_file(f"{ENGLISH}-first").read_text("utf-8") == languages.first(catalogue)
    assert texts_file(f"{ENGLISH}-phone").read_text("utf-8") == languages.phone(catalogue)


def test_sentences_of_pages_are_made_of_templates() -> None:
    """By ``say("…", …)``: one that is put together on the spot could be said in no other language."""
    assert sorted(f"{path}:{line}" for path, line in languages.put_together() if not path.startswith(OFFICIAL)) == []
