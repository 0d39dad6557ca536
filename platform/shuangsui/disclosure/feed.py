"""The newest publications as an Atom feed (RFC 4287); pure.

Ids are made of what a publication is called and never change; dates come from the content, so that the same state
gives the same bytes at any time.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from shuangsui.contracts import PublicFile
from shuangsui.disclosure.messages import DATASETS
from shuangsui.disclosure.opendata import FEED, FOLDER, Row
from shuangsui.disclosure.policy import media_type

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50
_SPACE = uuid.uuid5(uuid.NAMESPACE_OID, "shuangsui.publication")
_SHANGHAI = timezone(timedelta(hours=8))
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication: ``kind`` and ``key`` name it, ``link`` is relative to the authority's pages."""

    kind: str
    key: str
    title: str
    link: str
    updated: datetime


def entries(plans: Sequence[Row], draws: Sequence[Row], keyed: Sequence[tuple[str, Row]]) -> list[Entry]:
    """The newest ones of plans, settled draws and results, the latest first."""
    found = [*_plans(plans), *_draws(draws), *_results(keyed)]
    return sorted(found, key=lambda one: (one.updated, one.kind, one.key), reverse=True)[:NEWEST]


def feed(slug: str, authority: str, home: str, found: Sequence[Entry], made_at: datetime) -> PublicFile:
    """``home`` is the address of the authority's pages; ``made_at`` counts only while nothing is published."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    _add(root, "id", _urn(slug, "feed", ""))
    _add(root, "title", f"{authority}：“双随机、一公开”公示")
    _add(root, "updated", _stamp(found[0].updated if found else made_at))
    _add(_add(root, "author"), "name", authority)
    _add(root, "link", rel="self", href=f"{home}{FOLDER}{FEED}", type="application/atom+xml")
    _add(root, "link", rel="alternate", href=home, type="text/html")
    for one in found:
        entry = _add(root, "entry")
        _add(entry, "id", _urn(slug, one.kind, one.key))
        _add(entry, "title", one.title)
        _add(entry, "updated", _stamp(one.updated))
        _add(entry, "link", rel="alternate", href=f"{home}{one.link}")
        _add(entry, "category", term=one.kind, label=DATASETS[one.kind])
        _add(entry, "summary", one.title)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return PublicFile(f"{FOLDER}{FEED}", data, media_type(FEED))


def _plans(pages: Sequence[Row]) -> Iterator[Entry]:
    for page in pages:
        year, version = page["year"], page["version"]
        if page["approved_on"] is not None:
            title = f"{year} 年度抽查工作计划（第 {version} 版）"
            yield Entry("plans", f"{year}", title, f"plans/{year}/", moment(page["approved_on"]))


def _draws(summaries: Sequence[Row]) -> Iterator[Entry]:
    """A draw that waits for its event has no time of its own yet; it is listed on its page."""
    for row in summaries:
        if row["settled_at"] is not None:
            yield Entry("draws", row["no"], row["title"], f"draws/{row['no']}/", moment(row["settled_at"]))


def _results(keyed: Sequence[tuple[str, Row]]) -> Iterator[Entry]:
    for key, row in keyed:
        yield Entry("results", key, _title(row), f"results/{key}.json", moment(row["published_on"]))


def _title(row: Row) -> str:
    if row["withheld"]:
        return f"{row['item']}：依法不予公开的结果"
    return f"{row['item']}：撤下的结果" if row["withdrawn"] else f"{row['company']}：{row['outcome']}"


def moment(value: object) -> datetime:
    """A day counts from its beginning in Beijing."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    assert isinstance(value, date)
    return datetime.combine(value, time(), _SHANGHAI).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return moment(at).isoformat(timespec="seconds").replace("+00:00", "Z")


def _urn(slug: str, kind: str, key: str) -> str:
    return uuid.uuid5(_SPACE, f"{slug}\n{kind}\n{key}").urn


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    child = SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    child.text = _NO_XML.sub("", text) or None
    return child
