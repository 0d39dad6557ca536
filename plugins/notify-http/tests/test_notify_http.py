"""Gateways of three makes against the sink: what they are asked, and what their answers are worth."""

from __future__ import annotations

import json
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from isolated import isolated_notifiers
from shuangsui import Call, Context, Message, Notifier, OutsideFailed, Reply
from shuangsui.testing.faults import Fault, parsed
from shuangsui.testing.sink import Sink
from shuangsui_notify_http import Options, notifier, register_callbacks, register_notifiers
from shuangsui_notify_http.template import cut, filled, found

MESSAGE = Message(
    "01a21bbc-f454-71bc-8eac-fdfda526a7a2", "breach", "【逾期】已过公开期限：result/1",
    '某委：已过公开期限\n对象："{token}"',
    "zhang.san", "/console", datetime(2026, 6, 15, 1, tzinfo=UTC),
)  # fmt: skip
PHONE = replace(MESSAGE, address="13800138000")
EXAMPLES = [
    tomllib.loads(block.partition("```")[0])["options"].popitem()[1]
    for block in (Path(__file__).parents[2] / "README.md").read_text("utf-8").split("```toml\n")
    if "[options.notify-http" in block.partition("```")[0]
]
"""As administrators find them: the application, the robot, text messages."""


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    for variable in ("WECOM_APP_SECRET", "WECOM_ROBOT_KEY", "SMS_GATEWAY_TOKEN"):
        monkeypatch.setenv(variable, "secret")
    notifier._tokens.clear()
    with Sink("secret") as started:
        yield started


def gateway(sink: Sink, example: int, **changes: Any) -> Notifier:
    """An example, pointed at the sink."""
    options = {**EXAMPLES[example], "allow_private": True, "allow_http": True, "timeout_seconds": 2, **changes}
    for name in ("address", "token_address"):
        if name in options and "127.0.0.1" not in options[name]:
            options[name] = options[name].replace("https://qyapi.weixin.qq.com", sink.url("wecom"))
            options[name] = options[name].replace("https://sms.example.gov.cn/v1/messages", sink.url("sms"))
    (made,) = register_notifiers(Context("moushi", Options(**options), Path()))
    return made


def failure(one: Notifier, message: Message = MESSAGE) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        one.send(message)
    problem = caught.value.params["problem"]
    assert not [text for text in ("secret", message.address, "token-") if text in problem]
    return caught.value


def test_application_of_wecom(sink: Sink) -> None:
    """A token first, then the message as its documents have it; the token is kept for the next one."""
    one = gateway(sink, 0)
    receipts = [one.send(MESSAGE), one.send(replace(MESSAGE, id="2"))]
    assert [(receipt.message, receipt.reference) for receipt in receipts] == [(MESSAGE.id, "msg-1"), ("2", "msg-2")]
    kind, body = sink.wecom.held[0]
    assert (kind, sink.wecom.given) == ("message", 1)
    assert body == {
        "touser": "zhang.san", "msgtype": "text", "agentid": 1000002, "enable_duplicate_check": 1,
        "text": {"content": f"{MESSAGE.text}\nhttps://sss.jxw.example.gov.cn/console"},
    }  # fmt: skip


def test_token_that_ran_out_is_renewed_at_once(sink: Sink) -> None:
    """40014 once is nobody's failure; a second one is, and passes."""
    one = gateway(sink, 0)
    one.send(MESSAGE)
    sink.wecom.tokens.clear()
    one.send(MESSAGE)
    assert (sink.wecom.given, len(sink.wecom.held)) == (2, 2)
    sink.fail("wecom", Fault(code="40014"))
    assert failure(one).permanent is False


@pytest.mark.parametrize(
    ("fault", "permanent"),
    [("code:45009", False), ("code:81013", True), ("code:60020", True), ("code:99999", False), ("500", False),
     ("503", False), ("429", False), ("403", True), ("302", True), ("garbled", False), ("down", False),
     ("hang", False)],
)  # fmt: skip
def test_answers_say_whether_trying_again_helps(sink: Sink, fault: str, permanent: bool) -> None:
    """A 200 with an ``errcode`` is no success; what the options do not call permanent passes."""
    one = gateway(sink, 1, permanent=["93000", "81013", "60020"], timeout_seconds=1)
    sink.fail("wecom", parsed(fault))
    assert (failure(one).permanent, sink.wecom.held) == (permanent, [])
    sink.fail("wecom", None)
    one.send(MESSAGE)
    assert len(sink.wecom.held) == 1


def test_answer_that_breaks_off_lets_the_message_come_again(sink: Sink) -> None:
    """Nobody knows whether it was taken: once more is better than never. 企业微信 tells such a repeat by itself."""
    one = gateway(sink, 0)
    sink.fail("wecom", Fault(cut=True, after=1, times=1))
    assert failure(one).permanent is False
    one.send(MESSAGE)
    assert sink.wecom.held[0] == sink.wecom.held[1]


def test_account_that_does_not_exist_is_refused_for_good(sink: Sink) -> None:
    """By the gateway's own judgement."""
    sink.wecom.accounts = frozenset({"li.si"})
    error = failure(gateway(sink, 0))
    assert (error.permanent, "81013" in error.params["problem"]) == (True, True)


def test_robot_of_wecom(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key is part of the address and stands in no sentence; a wrong one is for good."""
    one = gateway(sink, 1)
    one.send(MESSAGE)
    assert sink.wecom.held == [
        ("webhook", {"msgtype": "text", "text": {"content": MESSAGE.text, "mentioned_list": ["zhang.san"]}})
    ]
    assert "key=" not in one.check().message
    monkeypatch.setenv("WECOM_ROBOT_KEY", "wrong&key=secret")
    assert failure(one).permanent is True


def test_two_gateways_beside_each_other() -> None:
    """Two entry points of one distribution, each with options of its own."""
    made = {
        point.name: point.load().register_notifiers(Context("moushi", Options(**EXAMPLES[n]), Path()))[0].name
        for n, point in ((0, _point("notify-http")), (2, _point("notify-http-2")))
    }
    assert made == {"notify-http": "wecom", "notify-http-2": "sms"}


def _point(name: str) -> EntryPoint:
    (found,) = entry_points(group="shuangsui", name=name)
    return found


def test_text_messages(sink: Sink) -> None:
    """A form with the token in a header; the same id is one message."""
    one = gateway(sink, 2)
    assert {one.send(PHONE).reference for _ in range(2)} == {"sms-1"}
    assert sink.sms.held == {MESSAGE.id: {"mobile": "13800138000", "content": MESSAGE.title, "out_id": MESSAGE.id}}
    (first, _) = sink.received
    assert (first.authorised, first.headers["content-type"]) == (True, "application/x-www-form-urlencoded")
    assert (failure(one, MESSAGE).permanent, failure(gateway(sink, 2, headers=[]), PHONE).permanent) == (True, True)


REPORTS = {"report_token_env": "SMS_REPORT_TOKEN"}
JSON = {"content-type": "application/json", "authorization": "Bearer secret"}


def called(options: dict[str, Any], **call: Any) -> Reply:
    """The answer to a report of the third example's gateway."""
    given = {**EXAMPLES[2], **REPORTS, **options}
    (door,) = register_callbacks(Context("moushi", Options(**given), Path()))
    asked = {"method": "POST", "query": {}, "headers": JSON, "body": b"", "at": MESSAGE.at, **call}
    return door.answer(Call(**asked))


@pytest.mark.parametrize(
    ("options", "call", "told"),
    [
        ({}, {"body": b'[{"out_id": "a", "success": true, "err_code": "DELIVERED"}, '
                      b'{"out_id": "b", "success": false, "err_code": "MOBILE_OFF"}]'},
         [("a", True, "DELIVERED"), ("b", False, "MOBILE_OFF")]),
        ({"report_message": "sid", "report_success": "report_status=SUCCESS", "report_detail": "errmsg",
          "report_list": "data.list"},
         {"body": '{"data": {"list": [{"sid": "n1", "report_status": "FAIL", "errmsg": "空号 E1"}]}}'.encode()},
         [("n1", False, "?? E1")]),
        ({"report_success": "stat=0", "report_detail": ""},
         {"method": "GET", "headers": {}, "query": {"token": "secret", "out_id": "a", "stat": "0"}},
         [("a", True, "")]),
        ({"report_success": "stat=0", "report_detail": ""},
         {"headers": {}, "query": {"token": "secret"}, "body": b"out_id=a&stat=1"}, [("a", False, "")]),
        ({}, {"body": b'[{"success": true}, 7, null, {"out_id": {"x": 1}}]'}, []),
    ],
)  # fmt: skip
def test_reports_of_gateways(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], call: dict[str, Any], told: list[tuple[str, bool, str]]
) -> None:
    """A list, one deep inside, a query, a form; what names no message is passed over."""
    monkeypatch.setenv("SMS_REPORT_TOKEN", "secret")
    reply = called(options, **call)
    assert (reply.status, reply.text, reply.media_type) == (200, '{"code": 0}', "application/json")
    assert [(one.message, one.delivered, one.detail) for one in reply.reports] == told


@pytest.mark.parametrize(
    ("call", "status"),
    [({"headers": {}}, 403), ({"headers": {"authorization": "Bearer wrong"}}, 403),
     ({"query": {"token": "w"}, "headers": {}}, 403),
     ({"headers": {"authorization": "Bearer "}}, 403), ({"body": b"{"}, 400), ({"body": b"[" * 100000}, 400),
     ({"body": b'[{"out_id": "a\\nb", "success": true}]'}, 400), ({"body": json.dumps([{}] * 1001).encode()}, 400)],
)  # fmt: skip
def test_strangers_report_nothing(monkeypatch: pytest.MonkeyPatch, call: dict[str, Any], status: int) -> None:
    """Nor does what cannot be read; without a token in the environment nobody is known."""
    monkeypatch.setenv("SMS_REPORT_TOKEN", "secret")
    reply = called({}, **call)
    assert (reply.status, reply.reports) == (status, ())
    monkeypatch.delenv("SMS_REPORT_TOKEN")
    assert called({}).status == 403


def test_no_door_without_a_token() -> None:
    """It must be asked for."""
    assert register_callbacks(Context("moushi", Options(**EXAMPLES[0]), Path())) == []


def test_query_instead_of_a_body(sink: Sink) -> None:
    """Quoted, behind whatever parameters the address has."""
    address = sink.url("portal") + "/send?v=1"
    one = gateway(sink, 2, address=address, method="GET", form="query", success="", permanent=[], reference="")
    failure(one, replace(PHONE, title="甲&to=乙"))
    (asked,) = sink.received
    assert asked.query == {"v": "1", "mobile": "13800138000", "content": "甲&to=乙", "out_id": MESSAGE.id}
    assert asked.body == b""


def test_missing_secret_is_said_by_its_variable(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent; somebody must act."""
    monkeypatch.delenv("WECOM_ROBOT_KEY")
    one = gateway(sink, 1)
    error = failure(one)
    assert (error.permanent, "WECOM_ROBOT_KEY" in error.params["problem"], sink.received) == (True, True, [])
    assert one.check().ok is False


def test_wrong_secret_gets_no_token(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by the check as well."""
    monkeypatch.setenv("WECOM_APP_SECRET", "wrong")
    one = gateway(sink, 0)
    assert (failure(one).code, one.check().ok) == ("gateway_token", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"])
def test_own_network_is_out_of_reach(sink: Sink, host: str) -> None:
    """The guard is that of the webhook, which is tried in sixty forms there; both addresses stand behind it."""
    address = f"http://{host}:{sink.port}/wecom/cgi-bin/webhook/send?key={{key}}"
    error = failure(gateway(sink, 1, address=address, allow_private=False))
    assert (error.code, error.permanent) == ("gateway_address", True)
    token = f"http://{host}:{sink.port}/wecom/cgi-bin/gettoken?corpsecret={{secret}}"
    public = {"address": "https://qyapi.weixin.qq.com/x?a={token}", "token_address": token, "allow_private": False}
    options = Options(**{**EXAMPLES[0], **public, "allow_http": True})
    (made,) = register_notifiers(Context("moushi", options, Path()))
    assert (failure(made).code, sink.received) == ("gateway_address", [])


def test_redirect_is_not_followed(sink: Sink) -> None:
    """Wherever it leads."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        sink.fail("wecom", Fault(status=307))
        assert failure(gateway(sink, 1)).permanent is True
        other.settimeout(0.2)
        with pytest.raises(TimeoutError):
            other.accept()


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "http://a.example/x"}, {"address": "https://{key}.example/x"}, {"address": "https://u@a.example/"},
        {"address": "https://a.example/x#y"}, {"address": "https://a.example/{secret}"}, {"address": "ftp://a.example/"},
        {"address": "https://a.example:{key}/"}, {"address": "https://a.example/{text}"},
        {"template": "{"}, {"template": "[]"}, {"template": '{"a": "{nothing}"}'}, {"template": '{"a": ["{x}"]}'},
        {"form": "form"}, {"form": "query"}, {"method": "GET"}, {"headers": ["Host: x"]},
        {"headers": ["X-A: a\r\nX-B: b"]}, {"headers": ["X-A: {text}"]}, {"headers": ["X"]},
        {"secrets_env": ["key=lower"]}, {"secrets_env": ["text=KEY"]}, {"secrets_env": ["key=A", "key=B"]},
        {"success": "errcode"}, {"success": "", "permanent": ["1"]}, {"name": "WeCom"}, {"address_kind": "fax"},
        {"report_token_env": "lower"}, {"report_success": "x"},
        {"report_token_env": "T", "report_message": ""},
        {"longest": 10}, {"timeout_seconds": 0}, {"token_address": "https://a.example/{token}"}, {"adress": "x"},
    ],
)  # fmt: skip
def test_options_that_cannot_work_are_refused(changes: dict[str, Any]) -> None:
    """At the start, with file and line, not with the first message."""
    assert Options(**EXAMPLES[1])
    with pytest.raises(ValidationError):
        Options(**{**EXAMPLES[1], **changes})


def test_what_is_filled_in_is_never_a_template_again() -> None:
    """A text that looks like a secret's place stays a text, and a quotation mark stays inside the text."""
    values = {"text": '{secret}", "x": "', "secret": "hidden"}
    made = filled({"a": "{text}", "b": ["{secret}-{text}"], "c": 1, "{text}": None}, values)
    assert made == {"a": values["text"], "b": [f"hidden-{values['text']}"], "c": 1, "{text}": None}
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize(
    ("path", "value"),
    [("a", "1"), ("b.c", "x"), ("d.1.e", "y"), ("f", "True"), ("b", None), ("d.7", None), ("d.x", None), ("", None),
     ("a.b", None)],
)  # fmt: skip
def test_values_are_found_by_their_path(path: str, value: str | None) -> None:
    """Through objects and lists, as texts; what is not there is nothing."""
    assert found({"a": 1, "b": {"c": "x"}, "d": [{}, {"e": "y"}], "f": True}, path) == value


def test_long_text_is_cut_between_characters() -> None:
    """In bytes, as gateways count, with a mark."""
    text = cut("提醒" * 100, 100)
    assert (len(text.encode()) <= 100, text[-1], set(text[:-1]) <= {"提", "醒"}) == (True, "…", True)
    assert cut("提醒", 6) == "提醒"


def test_in_its_own_process(sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the platform runs it: with its secret and without everybody else's; neither comes back."""
    example = EXAMPLES[2] | {"address": sink.url("sms"), "allow_private": True, "allow_http": True}
    options = "\n".join(f"{name} = {json.dumps(value)}" for name, value in example.items())
    with isolated_notifiers(tmp_path, monkeypatch, "shuangsui_notify_http", options) as (way,):
        assert (way.name, way.address_kind, way.check().ok) == ("sms", "phone", True)
        assert way.send(PHONE).reference == "sms-1"
        sink.fail("sms", Fault(code="BLACKLISTED"))
        with pytest.raises(OutsideFailed) as caught:
            way.send(PHONE)
    assert (caught.value.permanent, "13800138000" in str(caught.value)) == (True, False)
    first, second = (dict(parse_qsl(asked.body.decode())) for asked in sink.received[-2:])
    assert first == second
