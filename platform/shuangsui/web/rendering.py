"""Pages as text: values in, HTML out. No request, no database, no clock; the comment on top of a template names
the values it needs, and a missing one is an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shuangsui.pages.declaring import filled
from shuangsui.web import charts
from shuangsui.web.languages import CHINESE, labels, translation, word
from shuangsui.web.tones import TONES

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: there has been no summer time since 1991, and slim systems carry no time zone files."""
_HAN = re.compile(r"([\u3000-\u9fff\uff00-\uffef]+)")
_LINE = re.compile(r"[\w.-]{1,40}:\d{1,5}")


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
        cell=cell,
        filled=filled,
        whole=whole,
        tone=tone,
        apart=partial(apart, language=language),
        marked=partial(marked, language),
        word=partial(word, language),
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(translation(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(static=static_url, labels=labels(language), language=language)
    environment.globals.update(
        bars_of=charts.bars, shade_of=charts.shade, tiles_of=charts.tiles, funnel_of=charts.funnel
    )
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


def apart(offset: timedelta, language: str = CHINESE) -> str:
    """How a clock stands beside the real one: ``快 3 天 2 小时``, ``30 min behind``."""
    minutes = round(abs(offset.total_seconds()) / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = ("天", "小时", "分钟") if language == CHINESE else ("d", "h", "min")
    counts = zip((days, hours, minutes), units, strict=True)
    parts = " ".join([f"{count} {unit}" for count, unit in counts if count][:2]) or f"0 {units[-1]}"
    if language == CHINESE:
        return f"{'慢' if offset < timedelta() else '快'} {parts}"
    return f"{parts} {'behind' if offset < timedelta() else 'ahead'}"


def marked(language: str, text: str) -> Markup:
    """A sentence; what is Chinese in one of another language, a name or a number, says so."""
    if language == CHINESE:
        return escape(text)
    part = Markup('<span lang="zh-CN">{}</span>')
    return Markup("").join(part.format(one) if i % 2 else one for i, one in enumerate(_HAN.split(text)))


def cell(value: Any) -> str:
    """Any value of a list or a fact, for people."""
    if value is None or value == "" or value == ():
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return moment(value) if isinstance(value, datetime) else day(value)
    if isinstance(value, Mapping):
        return "；".join(f"{name}：{cell(one)}" for name, one in value.items()) or "—"
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(cell(one) for one in value) or "—"
    return str(value)


def whole(value: Any) -> bool:
    """Whether a cell is read at one glance and not to be broken: a day, a number, a state, a line of a file."""
    text = cell(value)
    return len(text) <= (13 if text.isascii() else 6) or bool(_LINE.fullmatch(text))


def tone(value: Any) -> str:
    """The colour of a word that is a state (``ok``, ``warn``, ``bad``, ``info``); empty for any other value."""
    return TONES.get(value, "") if isinstance(value, str) else ""


def day(value: str | date) -> str:
    """``2026-12-01``, the legal day in Asia/Shanghai; takes UTC times (also as protocol text) and plain dates."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return f"{_local(value):%Y-%m-%d}"


def moment(value: str | date) -> str:
    """``2026-12-01 11:01:40`` in Asia/Shanghai."""
    return f"{_local(value):%Y-%m-%d %H:%M:%S}"


def _local(value: str | date) -> datetime:
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(time, datetime)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(SHANGHAI)
