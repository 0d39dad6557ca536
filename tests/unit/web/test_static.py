"""Rules for what we send to browsers, checked on the sources."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shuangsui.web.languages import labels
from shuangsui.web.policy import CSP, HEADERS
from shuangsui.web.rendering import HERE, STATIC

SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
STYLES = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
VERIFIER = STATIC / "js" / "verifier"
TRUSTED = ["new Worker", "serviceWorker.register", "parseFromString"]
OTHER_WORDS = {
    "PLAN", "EVENT", "REVEAL", "RESULT", "REPLACE", "ABANDON", "XSP", "XCLOSED", "XSCOPE", "FAIL", "VERIFIED",
    "ABANDONED", "NFKC",
}  # fmt: skip


def name(path: Path) -> str:
    """Test ids by file."""
    return path.name


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_is_small_and_imports_our_modules_only(path: Path) -> None:
    """At most 150 lines of 120 characters; relative imports of files that exist."""
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 150
    assert [line for line in lines if len(line) > 120] == []
    for target in re.findall(r'(?:from |import\()"([^"]+)"', "\n".join(lines)):
        assert (path.parent / target).is_file()


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_uses_no_sink_for_code_or_markup(path: Path) -> None:
    """Text becomes code or markup in trusted.js alone."""
    source = path.read_text("utf-8")
    known = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|new Worker|parseFromString"
    sinks = re.findall(rf"{known}|serviceWorker\.register|createContextualFragment|setHTML|srcdoc", source)
    assert sinks == (TRUSTED if path.name == "trusted.js" else [])


def test_messages_pass_between_a_page_and_its_own_worker_only() -> None:
    """Nobody listens to a window, where another site's page could speak; the live page hears our own server."""
    sources = {path.name: path.read_text("utf-8") for path in SCRIPTS}
    assert {name for name, text in sources.items() if "ostMessage" in text or "onmessage" in text} == {
        "live-page.js", "live-verify.js", "verify-page.js", "verify-worker.js",
    }  # fmt: skip
    heard = re.compile(r"""["']message["']|window\.|opener|parent\.""")
    assert [name for name, text in sources.items() if heard.search(text)] == []


def test_the_browser_keeps_how_things_look_and_nothing_else() -> None:
    """No token, no name, no draft on a shared machine.

    A phone keeps drafts in one place, under the person whose they are, until they are sent or the person signs out (see
    tests/browser/test_phone.py); its worker keeps the empty shell.
    """
    kept = r"localStorage[^;\n]*|sessionStorage[^;\n]*|indexedDB[^;\n]*|caches\.[^;\n]*|document\.cookie[^;\n]*"
    found = [(path.name, one) for path in SCRIPTS for one in re.findall(kept, path.read_text("utf-8"))]
    assert found == [
        ("manners.js", 'localStorage.getItem("density") ?? ""'),
        ("manners.js", 'localStorage.setItem("density", button.dataset.density)'),
        ("store.js", "indexedDB.open(NAME, 1)"),
        ("store.js", "indexedDB.databases())"),
        ("store.js", "indexedDB.deleteDatabase(NAME))"),
        ("worker.js", "caches.open(NAME).then((cache) => cache.addAll(SHELL)))"),
        ("worker.js", "caches.keys()) if (name !== NAME) await caches.delete(name)"),
        ("worker.js", "caches.match(OFFLINE)))"),
        ("worker.js", "caches.match(request).then((kept) => kept ?? fetch(request)))"),
        ("site.js", 'localStorage.setItem("size", large ? "elder" : "")'),
        ("site.js", 'localStorage.getItem("size") === "elder")'),
    ]


def test_a_form_that_carries_a_secret_is_posted() -> None:
    """Addresses stand in histories, logs and bookmarks."""
    secret = r'name="(?:csrf|password|old|new|again|ticket)"|one-time-code|factor\.secret'
    forms = [
        (path.name, form)
        for path in TEMPLATES
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL)
        if re.search(secret, form)
    ]
    assert {"login.html", "enrol.html", "factor.html", "password.html"} <= {name for name, _ in forms}
    assert [name for name, form in forms if 'method="post"' not in form.partition(">")[0]] == []


@pytest.mark.parametrize("path", sorted(VERIFIER.glob("*.js")), ids=name)
def test_verifier_is_pure(path: Path) -> None:
    """No page, network, clock or chance inside the verifier."""
    source = path.read_text("utf-8")
    impure = r"\b(?:document|window|localStorage|crypto)\.|\bfetch\(|Math\.random|Date\.now|new Date\(\)"
    assert re.findall(impure, source) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_keeps_to_the_browser_baseline(path: Path) -> None:
    """At most 400 lines, every rule inside a layer, nothing newer than Chromium 108 and Safari 16.4."""
    source = path.read_text("utf-8")
    assert source.count("\n") <= 400
    assert re.findall(r"oklch|light-dark|subgrid|&\s|@import|url\(", source) == []
    assert re.findall(r"^(?!@layer|@page|/\*|\}|\s|$).*", source, flags=re.MULTILINE) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_has_no_inline_style_or_script(path: Path) -> None:
    """The content security policy would refuse them."""
    source = path.read_text("utf-8")
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:|https?://", source) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_starts_with_the_values_it_needs(path: Path) -> None:
    """Whoever renders a page reads its first lines only."""
    assert path.read_text("utf-8").startswith("{#")


def test_every_code_of_the_verifier_has_a_chinese_text() -> None:
    """Failure and warning codes used in the modules are exactly those with a text."""
    sources = "\n".join(path.read_text("utf-8") for path in VERIFIER.glob("*.js"))
    codes = set(re.findall(r'"([A-Z]{3,}(?:_[A-Z]+)*)"', sources))
    known = set(labels()["failure"]) | set(labels()["warning"])
    assert codes - OTHER_WORDS == known - OTHER_WORDS


def test_labels_are_plain_text() -> None:
    """Words of one line, no markup."""
    texts = [text for group in labels().values() for text in group.values()]
    assert all(text and "<" not in text and "\n" not in text for text in texts)
    assert json.loads((STATIC / "text" / "zh.json").read_text("utf-8")) == labels()


def test_headers_refuse_other_origins_and_inline_code() -> None:
    """The policy starts from nothing and never says unsafe."""
    assert CSP.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in CSP
    assert "require-trusted-types-for 'script'" in CSP
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
