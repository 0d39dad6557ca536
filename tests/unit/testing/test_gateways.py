"""The gateways to people: what they answer, and that they say no as the real ones do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shuangsui.testing.faults import Fault, parsed
from shuangsui.testing.gateways import WeCom
from shuangsui.testing.sink import Sink

BODY = {"touser": "a|b", "msgtype": "text", "agentid": 1, "text": {"content": "x"}}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink("secret", wecom=WeCom("hidden", frozenset({"a", "b"}))) as started:
        yield started


def wecom(sink: Sink, path: str, body: Any = None) -> Any:
    method = "GET" if body is None else "POST"
    return httpx.request(method, sink.url("wecom") + path, json=body, timeout=2).json()


def test_wecom_looks_at_its_own_secrets(sink: Sink) -> None:
    """200 whatever happens; the token of the application, the key of the robot, and who there is."""
    token = wecom(sink, "/cgi-bin/gettoken?corpid=x&corpsecret=hidden")["access_token"]
    good, send = f"/cgi-bin/message/send?access_token={token}", "/cgi-bin/message/send?access_token=x"
    said = [
        wecom(sink, "/cgi-bin/gettoken?corpsecret=wrong"), wecom(sink, send, BODY), wecom(sink, good, BODY),
        wecom(sink, good, {**BODY, "touser": "c"}), wecom(sink, "/cgi-bin/webhook/send?key=x", BODY),
        wecom(sink, "/cgi-bin/webhook/send?key=hidden", BODY),
    ]  # fmt: skip
    assert [one["errcode"] for one in said] == [40001, 40014, 0, 81013, 93000, 0]
    assert [kind for kind, _ in sink.wecom.held] == ["message", "webhook"]


def test_codes_are_faults_like_any_other(sink: Sink) -> None:
    """Switched on by name; asking for a token goes on working, and ``lost`` takes and forgets."""
    sink.fail("wecom", parsed("code:45009"))
    assert wecom(sink, "/cgi-bin/gettoken?corpsecret=hidden")["errcode"] == 0
    assert wecom(sink, "/cgi-bin/webhook/send?key=hidden", BODY) == {
        "errcode": 45009,
        "errmsg": "api freq out of limit",
    }
    sink.fail("wecom", Fault(lost=True))
    assert (wecom(sink, "/cgi-bin/webhook/send?key=hidden", BODY)["errcode"], sink.wecom.held) == (0, [])


def test_secrets_are_not_listed(sink: Sink) -> None:
    """What was received is shown without them."""
    wecom(sink, "/cgi-bin/webhook/send?key=hidden", BODY)
    told = httpx.get(f"http://127.0.0.1:{sink.port}/_sink/received").text
    assert ("hidden" in told, "***" in told) == (False, True)


def test_text_message_comes_once(sink: Sink) -> None:
    """By its number; without the sink's token not at all."""
    form, head = {"mobile": "13800138000", "content": "x", "out_id": "1"}, {"Authorization": "Bearer secret"}
    said = [httpx.post(sink.url("sms"), data=form, headers=head).json() for _ in range(2)]
    assert (said, len(sink.sms.held)) == ([{"code": "OK", "biz_id": "sms-1"}] * 2, 1)
    assert httpx.post(sink.url("sms"), data=form).status_code == 401
    assert httpx.post(sink.url("sms"), data={**form, "mobile": "x"}, headers=head).json() == {"code": "INVALID_NUMBER"}
