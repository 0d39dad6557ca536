"""1 000 planted canaries and 10 000 clean rows (threats 14 and 15 of the threat model, context 2.9).

Measured: 0 of 1 000 canaries get through, 0 of the 10 000 clean rows are held back.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import random
from collections import Counter
from itertools import product

import pytest
from pypdf import PdfWriter

import canaries
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.privacy.scanning import require_clean, scan_bytes, scan_text
from shuangsui.texts import sentence

COMBINATIONS = [
    (kind, place, disguise)
    for kind, place, disguise in product(canaries.KINDS, canaries.PLACES, canaries.DISGUISES)
    if place is not canaries.as_pdf or disguise is str
]


def test_of_a_thousand_canaries_none_gets_through(record_property):
    """Every kind in every place in every disguise, each of another number; the place is named, the value is not."""
    dice, missed, repeated = random.Random(14), Counter(), 0
    order = [*COMBINATIONS, *dice.choices([one for one in COMBINATIONS if one[1] is not canaries.as_pdf], k=1000)]
    for n, (kind, place, disguise) in enumerate(order[:1000]):
        value = canaries.KINDS[kind](dice)
        data, media_type = place(disguise(value), canaries.sole_owner(n))
        found = scan_bytes(data, media_type)
        if kind not in {one.kind for one in found}:
            missed[kind, place.__name__, disguise.__name__] += 1
        repeated += sum(value in one.where for one in found)
    record_property("canaries missed of 1 000", sum(missed.values()))
    assert (sum(missed.values()), dict(missed), repeated) == (0, {}, 0)


def test_of_ten_thousand_clean_rows_none_is_held_back(record_property):
    """Codes, certificates, digests, times, sums, decisions and landlines, as CSV and JSON; the number is reported."""
    dice = random.Random(15)
    rows = [canaries.clean_row(dice, n) for n in range(10_000)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    table = scan_bytes(out.getvalue().encode("utf-8-sig"), "text/csv")
    data = scan_bytes(json.dumps(rows, ensure_ascii=False).encode(), "application/json")
    record_property("false positives on 10 000 clean rows", len(table) + len(data))
    assert (table, data) == ([], [])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证 50010319900101123X", []),
        ("身份证 500103199001011232", ["resident_id"]),
        ("5.0010319900101E+17", ["resident_id"]),
        ("tel13812345678", ["mobile"]),
        ("一三八一二三四五六七八", ["mobile"]),
        ("①③⑧①②③④⑤⑥⑦⑧", ["mobile"]),
        ("+86（138）1234－5678", ["mobile"]),
        ("13812345678、13912345678", ["mobile", "mobile"]),
        ("&amp;#49;3812345678", ["mobile"]),
        ("%2531%2533812345678", ["mobile"]),
        ("zhang(at)qq.com", ["email"]),
        ("3133383132333435363738", ["mobile"]),
        ("13812345678.0", ["mobile"]),
        ("13812345678.00 元", []),
        ("13812345678.5", []),
        ("罚没 13812345678 万元", []),
        ("0.13812345678", []),
        ("13 2026-11-26 8", []),
        ("2026-0001-3", []),
        ("91500104MALM7UH4K2", []),
        ("e7b13812345678ab", []),
        ("023-63895555-8001", []),
        ("4000 4007 4020 4031", []),
        ("name@1.2.3", []),
    ],
)
def test_what_is_a_person_s_number_and_what_only_looks_like_one(text, kinds):
    """Checks and places decide, not the number of digits."""
    assert [one.kind for one in scan_text(text)] == kinds


def test_place_is_that_of_the_text_as_it_was_written():
    """Escapes and all."""
    number = "\\u0031381234567\u200b8"
    text = f'{{"a": "{number}"}}'
    assert [text[one.start : one.end] for one in scan_text(text)] == [number]


def test_number_that_the_authority_lists_passes_and_no_other():
    """Its own hotline may look like anybody's."""
    assert scan_text("138-1234-5678", allowed=["13812345678"]) == []
    assert scan_text("+86 138-1234-5678", allowed=["13812345678"]) == []
    assert [one.kind for one in scan_text("138-1234-5679", allowed=["13812345678"])] == ["mobile"]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x80\x81\xff\x00\x01", "application/octet-stream"),
        (b"{", "application/json"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml"),
        (b"%PDF-1.7 nothing", "application/pdf"),
        (b"PK\x03\x04 nothing", "application/zip"),
        (b"text", "video/mp4"),
    ],
)
def test_what_nobody_can_look_at_does_not_go_out(data, media_type):
    """Refused with the reason, never passed in silence."""
    with pytest.raises(BadInput) as caught:
        require_clean(data, media_type)
    assert caught.value.code == "lint_unreadable"


def test_refusal_names_the_field_and_never_the_value():
    """Not even where the field itself is called by the number."""
    with pytest.raises(RuleRefused) as caught:
        require_clean(b'{"rows": [{"phone": "13812345678"}]}', "application/json")
    error = caught.value
    assert (error.code, error.article, error.params["where"]) == (
        "personal_data", "《个人信息保护法》", "$.rows[0].phone",
    )  # fmt: skip
    assert "13812345678" not in sentence(error)
    found = scan_bytes(b'{"13812345678": {"a": "13812345678"}}', "application/json")
    assert [one.where for one in found] == ["$ 的第 1 个成员名", "（名称含个人信息）"]


def test_long_base64_is_read_across_its_lines():
    """As a program wraps it."""
    wrapped = base64.encodebytes(f"{'公示内容' * 30}联系13812345678".encode()).decode()
    found = scan_bytes(json.dumps({"file": wrapped}).encode(), "application/json")
    assert [(one.kind, one.where) for one in found] == [("mobile", "$.file")]
    hidden = f"{'ab' * 32}\n{base64.b64encode(b'tel 13812345678').decode()}\n".encode()
    assert [one.kind for one in scan_bytes(hidden, "text/plain")] == ["mobile"]


def test_notes_and_properties_of_a_pdf_are_read():
    """What no page shows."""
    writer = PdfWriter(clone_from=io.BytesIO(canaries.as_pdf("无", "x")[0]))
    writer.add_metadata({"/Author": "13812345678"})
    writer.add_outline_item(title="a.b@qq.com", page_number=0)
    writer.add_attachment("名单.txt", b"500103199001011232")
    out = io.BytesIO()
    writer.write(out)
    kinds = {one.kind for one in scan_bytes(out.getvalue(), "application/pdf")}
    assert kinds == {"mobile", "email", "resident_id"}


def test_nesting_without_end_is_refused():
    """Neither a crash nor a pass."""
    with pytest.raises(BadInput) as caught:
        scan_bytes(b"[" * 100_000 + b"]" * 100_000, "application/json")
    assert caught.value.code == "lint_unreadable"
