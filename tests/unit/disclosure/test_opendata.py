"""Open data: CSV, JSON, schema and feed say the same, and no cell is a formula (threat 15)."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from xml.etree.ElementTree import fromstring

import jsonschema_rs
import pytest

from shuangsui.disclosed import PERSONAL
from shuangsui.disclosure import feed, opendata
from shuangsui.disclosure.opendata import Dataset
from shuangsui.disclosure.site import Shell, Site
from shuangsui.privacy.scanning import scan_bytes
from shuangsui.web.rendering import render

HOME = "https://a.example/moushi/"
PAYLOADS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "=HYPERLINK(\"https://a.example\",\"看\")", "=cmd|' /C calc'!A0",
)  # fmt: skip
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def everything(text: str) -> list[Dataset]:
    """Every table with one ordinary and one full row, in which each text is ``text``."""
    line = {
        "no": 1, "item": text, "item_code": text, "class": text, "scope": text, "ratio": text, "frequency": text,
        "time": text, "mode": text, "team": text, "rounds": [{"no": text, "state": "drawn"}], "rounds_planned": 2,
        "ended": text, "unplanned": text,
    }  # fmt: skip
    draw = {
        "no": text, "title": text, "item": text, "state": "drawn", "n": 12, "quota": 3, "at": "2026-12-01T03:00:00Z",
        "settled_at": "2026-12-01T03:05:00Z", "reason": text,
    }  # fmt: skip
    result = {
        "item": text, "published_on": date(2026, 12, 9), "withheld": None, "withdrawn": None,
        "company": text, "code": text,
        "mode": text, "checked_on": date(2026, 12, 3), "team_size": 2, "outcome": text, "problem": True,
        "rectification": text, "draw_no": text, "follows": text, "followed_by": text,
        "corrections": [{"on": text, "note": text}],
    }  # fmt: skip
    withheld = {"item": text, "published_on": date(2026, 12, 9), "withheld": text, "withdrawn": None}
    withdrawn = {**withheld, "withheld": None, "withdrawn": {"on": text, "note": text}}
    item = {
        "code": text, "name": text, "class": "key", "ground": text, "content": text, "basis": text, "mode": text,
        "ratio": text, "cap": text, "frequency": text, "publication": text, "office": text,
        "extra": [{"label": text, "text": text}],
    }  # fmt: skip
    year = {"year": 2026, "version": 1, "approved_on": "2026-02-01T17:00:00Z", "lines": [line], "unplanned": [line]}
    return [
        opendata.plans([year]),
        opendata.draws([draw, {**draw, "settled_at": None, "reason": None}], HOME),
        opendata.results([(text, result), ("withheld-1", withheld), ("gone", withdrawn)], HOME, text),
        opendata.items({"version": 3, "published_on": datetime(2026, 1, 20, tzinfo=UTC), "rows": [item]}),
    ]


def table(one: Dataset) -> list[list[str]]:
    return list(csv.reader(io.StringIO(one.as_csv().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_any_export_is_a_formula(payload):
    """Threat 15: every export × 12 payloads, 0 cells that start with a trigger."""
    cells = [cell for one in everything(payload) for row in table(one) for cell in row]
    assert (len(cells), [cell for cell in cells if cell.startswith(TRIGGERS)]) == (190, [])
    assert cells.count(f"'{payload}") == 58


@pytest.mark.parametrize("text", ["某公司", *PAYLOADS])
def test_csv_and_json_agree_row_by_row(text):
    """The same cells in the same order; only the apostrophe is the spreadsheet's."""
    for one in everything(text):
        header, *rows = table(one)
        data = json.loads(one.as_json("某市"))["rows"]
        assert header == [column.title for column in one.columns]
        assert rows == [[opendata.inert(opendata.shown(value)) for value in row.values()] for row in data]


@pytest.mark.parametrize("n", range(4))
def test_json_is_valid_by_its_schema_and_the_schema_refuses_others(n):
    """A wrong type, a missing column, an unknown one and a day that is none."""
    one = everything("某公司")[n]
    schema = one.schema()
    check = jsonschema_rs.validator_for(schema, validate_formats=True)
    data = json.loads(one.as_json("某市"))
    assert check.is_valid(data)
    (row, *_), name = data["rows"], one.columns[0].name
    for wrong in ({**row, name: {}}, {key: row[key] for key in row if key != name}, {**row, "phone": "1"}):
        assert not check.is_valid({**data, "rows": [wrong]})
    days = [column.name for column in one.columns if column.kind in ("day", "time")]
    assert not check.is_valid({**data, "rows": [{**row, days[0]: "31. 12. 2026"}]})


def test_schema_states_the_class_of_every_column():
    """A company's name may be that of a person."""
    classes = {
        name: part["x-class"]
        for one in everything("x")
        for name, part in one.schema()["properties"]["rows"]["items"]["properties"].items()
    }
    assert {name for name, kind in classes.items() if kind == PERSONAL["class"]} == {"company"}
    assert set(classes.values()) == {"personal", "plain"}


def test_days_are_those_of_beijing():
    """Approved at 17:00 UTC on 1 February."""
    assert json.loads(everything("x")[0].as_json("某市"))["rows"][0]["approved_on"] == "2026-02-02"


def test_withheld_result_keeps_its_place_and_names_nobody():
    """R14.7: the basis and nothing of the enterprise."""
    row = json.loads(everything("某公司")[2].as_json("某市"))["rows"][1]
    filled = {name: value for name, value in row.items() if value is not None}
    assert filled == {
        "key": "withheld-1", "item": "某公司", "authority": "某公司", "published_on": "2026-12-09",
        "withheld": "某公司",
    }  # fmt: skip


def test_files_for_excel_begin_with_the_mark():
    """Otherwise it takes Chinese for another encoding."""
    assert {one.as_csv()[:3] for one in everything("x")} == {b"\xef\xbb\xbf"}


def bundle(summaries, keyed, made_at=datetime(2026, 12, 10, tzinfo=UTC)):
    """The whole publication of one authority."""
    site = Site(
        Shell(render, "https://a.example", demo=False, made_at=made_at), "moushi", "某市经济和信息化委员会", 2026
    )
    newest = feed.entries([{"year": 2026, "version": 1, "approved_on": "2026-02-01T01:00:00Z"}], summaries, keyed)
    tables = [opendata.draws(summaries, site.root), opendata.results(keyed, site.root, site.name)]
    return site.opendata(tables, feed.feed(site.slug, site.name, site.root, newest, made_at))


SUMMARY = {
    "no": "2026-0001", "title": "某事项第 1 次抽取", "item": "某事项", "state": "drawn", "n": 12, "quota": 3,
    "at": "2026-12-01T03:00:00Z", "settled_at": "2026-12-01T03:05:00Z", "reason": None,
}  # fmt: skip
RESULT = {
    "company": "某公司<&>\x0b", "code": "91500104MALM7UH4K2", "item": "某事项", "mode": "现场检查",
    "checked_on": date(2026, 12, 3), "team_size": 2, "outcome": "未发现问题", "problem": False, "rectification": None,
    "published_on": date(2026, 12, 9), "draw_no": "2026-0001", "withheld": None, "withdrawn": None, "follows": None,
    "followed_by": None,
}  # fmt: skip


def test_bundle_has_every_form_and_the_page_lists_them():
    """Page and twin stand in the folder of the address, and nothing personal is in any file."""
    made = bundle([SUMMARY], [("2026-0001-0", {**RESULT, "company": "某公司"})])
    names = [file.path.removeprefix("opendata/") for file in made.files]
    assert (made.kind, names) == ("opendata", [
        "draws.csv", "draws.json", "draws.schema.json", "results.csv", "results.json", "results.schema.json",
        "feed.atom", "index.html", "en/opendata/index.html", "index.json",
    ])  # fmt: skip
    html = next(file.data for file in made.files if file.path.endswith("index.html")).decode()
    assert [name for name in names[:7] if f'href="{name}"' not in html] == []
    assert [scan_bytes(file.data, file.media_type) for file in made.files] == [[]] * 10


def test_feed_is_atom():
    """RFC 4287: ids, titles, authors and dates where they must be; the newest first; addresses are whole."""
    root = fromstring(
        next(f.data for f in bundle([SUMMARY], [("2026-0001-0", RESULT)]).files if f.path.endswith(".atom"))
    )
    name = {"a": feed.ATOM}
    found = root.findall("a:entry", name)
    assert root.tag == f"{{{feed.ATOM}}}feed"
    assert [root.findtext(f"a:{tag}", namespaces=name) for tag in ("title", "updated", "author/a:name")] == [
        "某市经济和信息化委员会：“双随机、一公开”公示", "2026-12-08T16:00:00Z", "某市经济和信息化委员会",
    ]  # fmt: skip
    assert [
        (one.findtext("a:title", namespaces=name), one.findtext("a:updated", namespaces=name)) for one in found
    ] == [
        ("某公司<&>：未发现问题", "2026-12-08T16:00:00Z"),
        ("某事项第 1 次抽取", "2026-12-01T03:05:00Z"),
        ("2026 年度抽查工作计划（第 1 版）", "2026-02-01T01:00:00Z"),
    ]
    links = [one.attrib["href"] for one in root.iter(f"{{{feed.ATOM}}}link")]
    assert links == [
        f"{HOME}opendata/feed.atom", HOME, f"{HOME}results/2026-0001-0.json", f"{HOME}draws/2026-0001/",
        f"{HOME}plans/2026/",
    ]  # fmt: skip
    ids = [one.text for one in root.iter(f"{{{feed.ATOM}}}id")]
    assert (len(set(ids)), {one.startswith("urn:uuid:") for one in ids}) == (4, {True})


def test_ids_of_the_feed_never_change():
    """Whatever a result says, and whenever the feed is made; another authority has others."""

    def ids(*args, **more):
        data = next(file.data for file in bundle(*args, **more).files if file.path.endswith(".atom"))
        return [one.text for one in fromstring(data).iter(f"{{{feed.ATOM}}}id")]

    first = ids([SUMMARY], [("2026-0001-0", RESULT)])
    later = ids([SUMMARY], [("2026-0001-0", {**RESULT, "outcome": "已改正"})], made_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert (first == later, first[1]) == (True, "urn:uuid:db28e7a4-2db9-5cf7-84da-d218e6a7cca4")


def test_feed_of_an_authority_without_publications_is_valid_too():
    """It has its own date."""
    file = feed.feed("moushi", "某市", HOME, [], datetime(2026, 12, 10, tzinfo=UTC))
    root = fromstring(file.data)
    assert (root.findtext(f"{{{feed.ATOM}}}updated"), file.media_type) == (
        "2026-12-10T00:00:00Z", "application/atom+xml; charset=utf-8",
    )  # fmt: skip


def test_draw_that_waits_has_no_entry_yet():
    """Its event lies in the future."""
    assert [one.kind for one in feed.entries([], [{**SUMMARY, "settled_at": None}], [])] == []


def test_newest_fifty():
    """No longer than a reader wants."""
    rows = [{**SUMMARY, "no": f"2026-{n:04}", "settled_at": f"2026-12-01T03:{n:02}:00Z"} for n in range(60)]
    found = feed.entries([], rows, [])
    assert (len(found), found[0].key, found[-1].key) == (50, "2026-0059", "2026-0010")
