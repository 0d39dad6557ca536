"""What the exporters share: the guard of a row, the check of a code, the bytes of a package, the way there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import jsonschema_rs
import pytest

from disclosing import disclosed, of_result, uscc
from exporting import PATIENCE, TOKEN_ENV
from shuangsui import ContentRefused, OutsideFailed
from shuangsui.registry.uscc import is_id_number
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui_exporter_kit import Endpoint, Form, as_json, beijing, json_package, require_code

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "row": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {
                "name": {"title": "名称", "type": "string", "minLength": 1, "maxLength": 3},
                "day": {"title": "日期", "type": "string", "pattern": "^\\d{4}$"},
                "kind": {"title": "类别", "enum": ["a", "b"]},
                "number": {"title": "证件号码", "type": "string", "maxLength": 0},
                "amount": {"type": "number"},
                "parts": {"title": "明细", "type": "array", "items": {"$ref": "#/$defs/part"}, "minItems": 1},
            },
        },
        "part": {"type": "object", "required": ["word"], "properties": {"word": {"title": "用语", "type": "string"}}},
    },
}


@pytest.mark.parametrize(
    ("row", "field", "problem"),
    [
        ({}, "名称（name）", "没有填写"),
        ({"name": ""}, "名称（name）", "没有填写"),
        ({"name": None}, "名称（name）", "没有填写"),
        ({"name": "四个字的"}, "名称（name）", "超过 3 个字"),
        ({"name": "甲", "day": "26"}, "日期（day）", "格式不对"),
        ({"name": "甲", "kind": "c"}, "类别（kind）", "不在代码表里"),
        ({"name": "甲", "number": "110"}, "证件号码（number）", "不得填写"),
        ({"name": "甲", "amount": "1"}, "amount", "不符合要求"),
        ({"name": "甲", "parts": []}, "明细（parts）", "没有填写"),
        ({"name": "甲", "parts": [{"word": "x"}, {}]}, "用语第 2 项（word）", "没有填写"),
        ({"name": "甲", "more": "x"}, "more", "不是这张表的列"),
    ],
)
def test_fault_names_the_field_as_people_call_it(row: dict[str, Any], field: str, problem: str) -> None:
    """And never repeats what stood there."""
    with pytest.raises(ContentRefused) as caught:
        Form(SCHEMA, "row").check(row)
    assert caught.value.params == {"field": field, "problem": problem}


def test_good_row_passes_and_a_schema_that_is_none_does_not() -> None:
    """A mistake in a shipped file is found when the plugin is loaded."""
    Form(SCHEMA, "row").check({"name": "甲", "number": "", "parts": [{"word": "x"}]})
    with pytest.raises((ValueError, jsonschema_rs.ValidationError)):
        Form({"$schema": SCHEMA["$schema"], "type": "nothing"})


def test_codes_of_real_bodies_and_made_up_firms_pass() -> None:
    """Data-standards 1.5, and the synthetic ones of the tests."""
    real = ["11500000009276118B", "11500000MB17643950", "11500000MB0W8117XN", "11370305MB2856507Y"]
    codes = [*real, *(uscc(number) for number in range(200))]
    assert [require_code(one, "代码") for one in codes] == codes


def id_numbers() -> list[str]:
    """Every ID number of one place and day."""
    numbers = (f"11010519491231{n:03d}{last}" for n in range(1000) for last in "0123456789X")
    return [one for one in numbers if is_id_number(one)]


def test_no_id_number_passes_for_a_code() -> None:
    """Data-standards 1.6: one in 31 would, if only the check character of the code were looked at."""
    for number in id_numbers():
        with pytest.raises(ContentRefused) as caught:
            require_code(number, "代码")
        assert caught.value.params["problem"] == "是居民身份证号码，不得报送"


@pytest.mark.parametrize("text", ["", "9150", "91350100M000100Y4Z", "11500000MB17643951", "11500000mb17643950"])
def test_what_is_no_code_is_refused(text: str) -> None:
    """Missing, short, with a foreign letter, with a wrong check character, in small letters."""
    with pytest.raises(ContentRefused) as caught:
        require_code(text, "代码")
    assert caught.value.params["problem"] == ("不是有效的统一社会信用代码" if text else "没有填写")


def test_package_carries_the_names_of_the_thing() -> None:
    """The same for every attempt."""
    item = disclosed(of_result(1), revision=3, action="correct")
    package = json_package(item, {"甲": date(2026, 1, 2).isoformat()})
    assert (package.external_id, package.revision, package.action) == (item.external_id, 3, "correct")
    assert (package.name, package.data) == (f"{item.external_id}-3.json", '{"甲":"2026-01-02"}'.encode())
    assert as_json({"b": 1, "a": 2}) == b'{"b":1,"a":2}'


def test_times_are_legal_time() -> None:
    """Half past four in the afternoon UTC is the next day."""
    assert beijing(datetime(2026, 11, 20, 16, 30, tzinfo=UTC)).isoformat() == "2026-11-21T00:30:00+08:00"


def endpoint(address: str, token_env: str = TOKEN_ENV) -> Endpoint:
    return Endpoint("x", "对方系统", address, token_env, PATIENCE)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with Sink() as started:
        yield started


def test_check_tells_what_to_mend(sink: Sink) -> None:
    """Well; at another address; without a token; refused; down."""
    address = sink.url("credit") + "/x"
    found = [endpoint(address).check(), endpoint(sink.url("nothing")).check(), endpoint(address, "NO_TOKEN").check()]
    for fault in (Fault(status=401), Fault(down=True)):
        sink.fail("credit", fault)
        found.append(endpoint(address).check())
    assert [(one.ok, one.message.replace(address, "…")) for one in found] == [
        (True, "对方系统 … 可以连接。"),
        (False, f"对方系统 {sink.url('nothing')} 没有这个网址，请核对。"),
        (False, "环境变量 NO_TOKEN 没有令牌，请管理员设置。"),
        (False, "对方系统答复 401，请核对网址、令牌和报送的内容。"),
        (False, "对方系统没有正常答复（RemoteProtocolError）。"),
    ]


def test_other_bytes_under_the_same_names_are_refused_for_good(sink: Sink) -> None:
    """A mistake of ours that no further attempt mends."""
    item, way = disclosed(of_result(1)), endpoint(sink.url("credit") + "/x")
    way.send(json_package(item, {"a": 1}))
    with pytest.raises(OutsideFailed) as caught:
        way.send(json_package(item, {"a": 2}))
    assert (caught.value.code, caught.value.permanent) == ("exporter_refuses", True)


def test_what_is_held_is_not_handed_over_again(sink: Sink) -> None:
    """A second try after an unknown end only looks."""
    package, way = json_package(disclosed(of_result(1)), {"a": 1}), endpoint(sink.url("credit") + "/x")
    first, second = way.send(package), way.send(package)
    assert (first, [one.method for one in sink.received]) == (second, ["GET", "POST", "GET"])


@pytest.mark.parametrize("length", [100_000, 2 << 20])
def test_answer_without_end_is_no_receipt(sink: Sink, length: int) -> None:
    """Nested without end, and longer than any receipt."""
    sink.fail("credit", Fault(body=b"[" * length))
    with pytest.raises(OutsideFailed) as caught:
        endpoint(sink.url("credit") + "/x").read_back(json_package(disclosed(of_result(1)), {}))
    assert caught.value.code == "exporter_answer"
