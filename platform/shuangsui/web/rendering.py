"""Pages as text: values in, HTML out. No request, no database, no clock; the comment on top of a template names
the values it needs, and a missing one is an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shuangsui.pages.declaring import filled
from shuangsui.web import charts
from shuangsui.web.languages import CHINESE, labels, tag, translation, word
from shuangsui.web.telling import apart, cell, chinese, day, marked, moment, told, whole
from shuangsui.web.tones import TONES

HERE = Path(__file__).parent
STATIC = HERE / "static"
IN_LANGUAGE = (word, told, cell, marked, apart, whole)
"""Filters that speak the language of the page."""


def render(name: str, language: str = CHINESE, /, **context: object) -> str:
    """The page of template ``name`` (``public/home.html``); a value the template needs and lacks is an error."""
    return _environment(language).get_template(name).render(**context)


@cache
def static_files() -> Mapping[str, Path]:
    """Path inside the public tree (``static/<digest>/css/base.css``) → file, for whoever writes or serves it."""
    return {static_url(path).lstrip("/"): STATIC / path for path in _paths()}


def static_url(path: str) -> str:
    """Address of a static file; the digest covers all of them, so modules may import each other relatively."""
    return f"/static/{_digest()}/{path}"


def static_version() -> str:
    """The digest in those addresses."""
    return _digest()


@cache
def _paths() -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()))


@cache
def _digest() -> str:
    whole = hashlib.sha256()
    for path in _paths():
        whole.update(f"{path}\0".encode() + hashlib.sha256((STATIC / path).read_bytes()).digest())
    return whole.hexdigest()[:16]


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        num=num,
        hex8=hex8,
        date=day,
        moment=moment,
        size=size,
        filled=filled,
        tone=tone,
        **{one.__name__: partial(one, language) for one in IN_LANGUAGE},
    )
    environment.tests["chinese"] = chinese
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(translation(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(static=static_url, labels=labels(language), language=language, tag=tag(language))
    funnel = partial(charts.funnel, say=partial(word, language))
    environment.globals.update(bars_of=charts.bars, shade_of=charts.shade, tiles_of=charts.tiles, funnel_of=funnel)
    return environment


def qr(text: str) -> Markup:
    """A QR code as an ``svg`` element, without a style or an address that a strict page would refuse."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(scale=5, border=4, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 - made of squares


def num(value: int) -> str:
    """12480 → ``12,480``."""
    return f"{value:,}"


def hex8(value: str) -> str:
    """A hash in groups of eight digits, so that people can compare it."""
    return " ".join(value[i : i + 8] for i in range(0, len(value), 8))


def size(value: int) -> str:
    """Bytes for people: ``87 B``, ``18.5 KB``, ``2.1 MB``."""
    if value < 1024:
        return f"{value} B"
    return f"{value / 1024:.1f} KB" if value < 1024 * 1024 else f"{value / 1024 / 1024:.1f} MB"


def tone(value: Any) -> str:
    """The colour of a word that is a state (``ok``, ``warn``, ``bad``, ``info``); empty for any other value."""
    return TONES.get(value, "") if isinstance(value, str) else ""
