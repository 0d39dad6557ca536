"""The list of what the verify page runs: complete, right, and the same in every place where it stands."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from shuangsui.contracts import Bundle
from shuangsui.disclosure.program import LISTING, program
from shuangsui.web.rendering import STATIC, static_files


@pytest.fixture(scope="module")
def statics() -> dict[str, bytes]:
    """The files of ``/static/``."""
    return {path: file.read_bytes() for path, file in static_files().items()}


@pytest.fixture
def bundle(site, statics) -> Bundle:
    """The verify page with its list."""
    return site.verify([], statics)


def published(bundle: Bundle, name: str) -> bytes:
    """A file of the page's folder."""
    return next(file.data for file in bundle.files if file.path == f"verify/{name}")


def test_list_is_what_sha256sum_finds_in_the_public_tree(bundle: Bundle, statics: dict[str, bytes]) -> None:
    """Every line recomputed."""
    lines = [line.split("  ") for line in published(bundle, LISTING).decode().splitlines()]
    assert [digest for digest, _ in lines] == [hashlib.sha256(statics[path]).hexdigest() for _, path in lines]


def test_list_has_every_module_of_the_verifier(bundle: Bundle) -> None:
    """The whole folder, the page's own modules and its words; nothing of the console."""
    names = {line.split("/", 2)[2] for line in published(bundle, LISTING).decode().splitlines()}
    own = {path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")}
    verifying = {name for name in own if re.match(r"js/(verifier/|verify-)", name)}
    texts = {"text/zh.json", "text/en.json", "text/en-first.json"}
    assert names == verifying | texts | {"js/site.js", "js/trusted.js", "js/words.js"}


def test_page_shows_the_list_and_its_fingerprint(bundle: Bundle) -> None:
    """The HTML page leads to program.txt; its JSON twin says the same file by file."""
    listed = published(bundle, LISTING)
    fingerprint = hashlib.sha256(listed).hexdigest()
    said = json.loads(published(bundle, "index.json"))["program"]
    page = published(bundle, "index.html").decode()
    assert said["sha256"] == fingerprint
    assert "".join(re.search(r'id="fingerprint">([0-9a-f ]+)<', page)[1].split()) == fingerprint
    assert [f"{file['sha256']}  {file['path']}" for file in said["files"]] == listed.decode().splitlines()
    assert '<a class="btn" href="program.txt">' in page


def test_english_page_leads_to_the_same_list(bundle: Bundle) -> None:
    """The files stand once, beside the Chinese page; the fingerprint is one."""
    chinese, english = (
        next(file.data for file in bundle.files if file.path == f"{below}verify/index.html").decode()
        for below in ("", "en/")
    )
    fingerprint = re.compile(r'id="fingerprint">([0-9a-f ]+)<')
    assert fingerprint.search(chinese)[1] == fingerprint.search(english)[1]
    assert '<a class="btn" href="../../verify/program.txt">' in english
    assert 'data-draws="/moushi/draws/"' in english


def test_another_byte_gives_another_fingerprint(statics: dict[str, bytes]) -> None:
    """In a module that only another module imports."""
    path = next(path for path in statics if path.endswith("verifier/sm3.js"))
    assert program(statics)["sha256"] != program({**statics, path: statics[path] + b" "})["sha256"]
