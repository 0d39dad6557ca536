"""Notices through a real SMTP server: who gets them, what they say, and what the server's answers mean."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from certificates import own_certificate
from disclosing import AUTHORITY, disclosed, of_result
from isolated import isolated
from shuangsui import ContentRefused, Context, Disclosed, DisclosedFinding, Exporter, NoticeContent, OutsideFailed
from shuangsui_channel_email import Options, register_exporters
from shuangsui_channel_email.exporter import SCHEMA

PASSWORD = "a-password-of-tests"
ADDRESSES = ("某市公安局=police@gaj.example.gov.cn", "某市应急管理局=duty@yjj.example.gov.cn")
RESULT = replace(
    of_result(1), findings=(DisclosedFinding("pending", "账物不符"), DisclosedFinding("corrected", "台账不全"))
)
CONTENT = NoticeContent(
    ("某市公安局", "某市应急管理局"), "《民用爆炸物品安全管理条例》第六条", "涉及公共安全的部门", RESULT
)


@dataclass
class Box:
    """What the server took, and the answers that it gives instead of taking; one by recipient, one to the message."""

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    refused: Mapping[str, str] = field(default_factory=dict)
    answer: str = "250 2.0.0 Ok: queued as 4F3A"
    greeted: list[str] = field(default_factory=list)
    after: str = "221 Bye"
    port: int = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, answers: list[str]) -> list[str]:  # noqa: N802
        session.host_name = name
        self.greeted.append(name)
        return answers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.after


class Server(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(certificate: Path, way: str = "starttls", password: str = PASSWORD) -> Iterator[Box]:
    box, tls = Box(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"sss", password.encode()), handled=False)

    guarded = {"authenticator": known, "auth_required": True} if way != "none" else {}
    secured = {"tls_context": tls, "require_starttls": True} if way == "starttls" else {}
    wrapped = {"ssl_context": tls, "auth_require_tls": False} if way == "ssl" else {}
    controller = Server(box, hostname="127.0.0.1", port=0, **guarded, **secured, **wrapped)
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_certificate(tmp_path_factory.mktemp("tls") / "own.pem")


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SHUANGSUI_MAIL_PASSWORD", PASSWORD)


@pytest.fixture
def box(certificate: Path) -> Iterator[Box]:
    with serving(certificate) as made:
        yield made


def email(port: int = 9, **changes: Any) -> Exporter:
    options = {
        "host": "127.0.0.1", "port": port, "user": "sss", "sender": "sss@jxw.example.gov.cn",
        "contact": "某处 023-12345678", "addresses": ADDRESSES, "timeout_seconds": 5, **changes,
    }  # fmt: skip
    (made,) = register_exporters(Context("moushi", Options(**options), Path()))
    return made


def item(content: Any = CONTENT, **changes: Any) -> Disclosed:
    given = {"revision": 1, "action": "publish", "published_on": date(2026, 11, 26), **changes}
    return Disclosed(AUTHORITY, "RW2026-0001", content=content, **given)


def told(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(email().convert(item(**changes)).data)
    return found


def failure(exporter: Exporter) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        exporter.send(exporter.convert(item()))
    problem = caught.value.params["problem"]
    assert not [one for one in (PASSWORD, "police@", "duty@") if one in problem]
    return caught.value


def opened(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=POLICY)
    assert isinstance(found, EmailMessage)
    return found


def test_recipients_get_it_and_nobody_else(box: Box) -> None:
    """One transaction; the envelope is what stands in ``To``, and there is no other header of that sort."""
    exporter = email(box.port)
    one = exporter.convert(item())
    sent = exporter.send(one)
    ((sender, recipients, data),) = box.taken
    made = opened(data)
    assert (sender, recipients) == ("sss@jxw.example.gov.cn", ["police@gaj.example.gov.cn", "duty@yjj.example.gov.cn"])
    assert [(each.display_name, each.addr_spec) for each in made["To"].addresses] == [
        ("某市公安局", "police@gaj.example.gov.cn"), ("某市应急管理局", "duty@yjj.example.gov.cn"),
    ]  # fmt: skip
    assert (made["Cc"], made["Bcc"], made["Reply-To"]) == (None, None, None)
    assert made["Message-ID"] == f"<{one.external_id}-1@jxw.example.gov.cn>"
    assert (sent.channel, sent.digest, sent.confirmed) == ("email", one.digest, True)
    assert sent.reference == f"{made['Message-ID']} 2.0.0 Ok: queued as 4F3A"
    assert exporter.read_back(one).confirmed is False


def test_letter_says_all_that_its_readers_need(box: Box) -> None:
    """What was inspected, the result, why the law keeps it from the public, whom to ask."""
    exporter = email(box.port)
    exporter.send(exporter.convert(item()))
    made = opened(box.taken[0][2])
    assert made["Subject"] == "定向通报：双随机抽查结果 RW2026-0001"
    assert made.get_content().replace("\r\n", "\n") == (Path(__file__).parent / "golden" / "notice.txt").read_text(
        "utf-8"
    )
    assert box.taken[0][2].isascii()
    assert max(len(line) for line in box.taken[0][2].splitlines()) <= 78


@pytest.mark.parametrize(
    ("action", "subject", "words"),
    [("correct", "定向通报（更正）：双随机抽查结果 RW2026-0001", "现予更正，以本件为准"),
     ("withdraw", "定向通报（撤回）：双随机抽查结果 RW2026-0001", "现予撤回，请不再使用")],
)  # fmt: skip
def test_later_revisions_say_what_they_are(action: str, subject: str, words: str) -> None:
    """With the reason, under a number of their own."""
    later = told(revision=2, action=action, note="单位名称有误")
    assert (later["subject"], words in later["text"], "说明：单位名称有误" in later["text"]) == (subject, True, True)
    assert later["number"] == told()["number"].removesuffix("1") + "2"


def test_same_notice_is_the_same_message(box: Box) -> None:
    """Byte for byte, so that receivers know a repeat by its ``Message-ID``."""
    for exporter in (email(box.port), email(box.port)):
        exporter.send(exporter.convert(item()))
    assert box.taken[0] == box.taken[1]


def test_package_fits_the_schema_and_holds_no_address() -> None:
    """Addresses come from the options when the message is made."""
    package = email().convert(item())
    assert jsonschema_rs.Draft202012Validator(SCHEMA).is_valid(json.loads(package.data))
    assert b"@" not in package.data
    assert (email().kinds, email().duty, email().schema) == (("notice",), "", SCHEMA)
    assert [email().takes(one) for one in (item(), disclosed(of_result(1)))] == [True, False]


@pytest.mark.parametrize(
    ("content", "field", "problem"),
    [
        (replace(CONTENT, recipients=("某市公安局", "某市消防救援局")), "通报对象（recipients）",
         "里的“某市消防救援局”在通讯录里没有地址，请管理员在 options.channel-email 的 addresses 里补上"),
        (replace(CONTENT, recipients=()), "通报对象（recipients）", "没有填写"),
        (RESULT, "材料种类", "电子邮件只发定向通报"),
    ],
)  # fmt: skip
def test_notice_that_cannot_be_addressed_names_the_body(content: Any, field: str, problem: str) -> None:
    """Nobody is passed over in silence."""
    with pytest.raises(ContentRefused) as caught:
        email().convert(item(content))
    assert caught.value.params == {"field": field, "problem": problem}


def test_address_book_that_lost_a_body_since_is_a_failure(box: Box) -> None:
    """The letter was written with the old one; nothing is sent."""
    package = email(box.port).convert(item())
    with pytest.raises(OutsideFailed) as caught:
        email(box.port, addresses=ADDRESSES[:1]).send(package)
    assert (caught.value.code, caught.value.permanent, box.taken) == ("email_recipients", True, [])


HOSTILE = "\r\nBcc: everybody@evil.example\r\n\r\nX"


@pytest.mark.parametrize(
    "bad", [HOSTILE, "\nBcc: everybody@evil.example", "\x0bBcc: x@evil.example", "\u2028Bcc: x@evil.example"]
)
def test_line_breaks_in_names_make_no_headers(box: Box, bad: str) -> None:
    """In the number, the authority's name, the task and the recipients: one line each, and no other recipient."""
    authority = replace(AUTHORITY, name=f"某委{bad}")
    content = replace(
        CONTENT, result=replace(RESULT, task_name=f"任务{bad}"), recipients=("某市公安局\n", "某市应急管理局")
    )
    exporter = email(box.port)
    exporter.send(exporter.convert(replace(item(content), authority=authority, key=f"RW{bad}")))
    ((_, recipients, data),) = box.taken
    assert (len(recipients), opened(data)["Bcc"], opened(data)["Subject"].count("Bcc:")) == (2, None, 1)
    assert not [line for line in opened(data).get_content().splitlines() if line.startswith("Bcc")]


def test_dots_at_the_start_of_a_line_arrive(box: Box) -> None:
    """The protocol's own mark for the end is not in a letter."""
    exporter = email(box.port)
    exporter.send(exporter.convert(item(replace(CONTENT, scope=".\r\n.\r\nQUIT"))))
    assert "通报范围：. . QUIT" in opened(box.taken[0][2]).get_content()


@pytest.mark.parametrize(
    ("refused", "permanent", "said"),
    [
        ({"duty@yjj.example.gov.cn": "550 5.1.1 no such user duty@yjj.example.gov.cn"}, True, "2 个收件地址中有 1 个"),
        ({"duty@yjj.example.gov.cn": "451 4.2.0 later"}, False, "2 个收件地址中有 1 个"),
        ({"police@gaj.example.gov.cn": "450 later", "duty@yjj.example.gov.cn": "550 no"}, True, "答复 450、550"),
    ],
)
def test_one_refused_recipient_stops_it_for_all(box: Box, refused: Any, permanent: bool, said: str) -> None:
    """A second try would otherwise come twice to the others."""
    box.refused = refused
    error = failure(email(box.port))
    assert (error.code, error.permanent, said in error.params["problem"], box.taken) == (
        "email_recipients", permanent, True, [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "permanent"), [("554 5.7.1 spam", True), ("552 too big", True), ("451 later", False)]
)
def test_refused_message_is_for_good_or_not(box: Box, answer: str, permanent: bool) -> None:
    """5xx and 4xx."""
    box.answer = answer
    error = failure(email(box.port))
    assert (error.code, error.permanent) == ("email_refuses", permanent)
    assert f"（答复 {answer[:3]}）" in error.params["problem"]


def test_odd_farewell_does_not_undo_what_was_accepted(box: Box) -> None:
    """Otherwise it would come twice."""
    box.after = "421 in a hurry"
    exporter = email(box.port)
    assert exporter.send(exporter.convert(item())).confirmed


def test_wrong_password_is_for_good(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """And none is never tried."""
    monkeypatch.setenv("SHUANGSUI_MAIL_PASSWORD", "wrong")
    error = failure(email(box.port))
    assert (error.code, error.permanent) == ("email_login", True)
    for odd in ("", "密码"):
        monkeypatch.setenv("SHUANGSUI_MAIL_PASSWORD", odd)
        error = failure(email(box.port))
        assert (error.code, error.permanent) == ("email_password", True)
    assert box.taken == []


def test_server_that_is_down_or_silent_is_tried_again() -> None:
    """Neither is a refusal."""
    assert (failure(email(9)).code, failure(email(9)).permanent) == ("email_unreachable", False)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(email(silent.getsockname()[1], timeout_seconds=1))
    assert (error.code, error.permanent) == ("email_timeout", False)


def test_server_without_encryption_gets_nothing(certificate: Path) -> None:
    """Neither password nor letter; nor does one whose certificate nobody vouches for."""
    with serving(certificate, "none") as plain:
        error = failure(email(plain.port))
        assert (error.code, error.permanent, plain.taken) == ("email_unable", True, [])


def test_certificate_is_checked(box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another one is trusted than the server has."""
    monkeypatch.setenv("SSL_CERT_FILE", str(own_certificate(tmp_path / "other.pem")))
    error = failure(email(box.port))
    assert (error.code, error.permanent, box.taken) == ("email_unreachable", False, [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize("way", ["ssl", "none"])
def test_other_ways_of_encryption(certificate: Path, way: str) -> None:
    """From the start, or not at all to a relay of this machine, and then without a password."""
    with serving(certificate, way) as box:
        exporter = email(box.port, security=way, user="sss" if way == "ssl" else "")
        assert exporter.send(exporter.convert(item())).confirmed
        assert len(box.taken) == 1


def test_check_logs_in_and_sends_nothing(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """The greeting does not give this machine's name away."""
    assert email(box.port).check().message == f"邮件服务器 127.0.0.1:{box.port} 可以登录，通讯录有 2 个单位。"
    assert (box.taken, set(box.greeted)) == ([], {"jxw.example.gov.cn"})
    monkeypatch.setenv("SHUANGSUI_MAIL_PASSWORD", "wrong")
    health = email(box.port).check()
    assert (health.ok, health.message) == (False, f"邮件服务器 127.0.0.1:{box.port} 不接受用户名或密码（答复 535）。")


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "nobody"},
        {"sender": "a@b.example\r\nBcc: c@d.example"},
        {"addresses": ()},
        {"addresses": ("某局",)},
        {"addresses": ("=a@b.example",)},
        {"addresses": ("某局=a@b.example,c@d.example",)},
        {"addresses": ("某局=a@b.example", "某局=c@d.example")},
        {"addresses": ("某\n局=a@b.example",)},
        {"addresses": ("某局=甲@b.example",)},
        {"security": "none"},
        {"security": "maybe"},
        {"contact": ""},
        {"host": "a b"},
        {"port": 0},
    ],
)
def test_options_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    """Found when the configuration is read."""
    with pytest.raises(ValidationError):
        email(**changes)


def test_platform_sends_from_a_child_process(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which has the password and nothing else; a body without an address is the notice's fault, not the plugin's."""
    options = f"""
    host = "127.0.0.1"
    port = {box.port}
    user = "sss"
    sender = "sss@jxw.example.gov.cn"
    contact = "某处"
    addresses = {list(ADDRESSES)}
    """
    with isolated(tmp_path, monkeypatch, "shuangsui_channel_email", options) as (exporter,):
        assert exporter.send(exporter.convert(item())).confirmed
        with pytest.raises(ContentRefused):
            exporter.convert(item(replace(CONTENT, recipients=("某局",))))
        box.answer = "554 no"
        with pytest.raises(OutsideFailed) as caught:
            exporter.send(exporter.convert(item()))
    assert (caught.value.code, caught.value.permanent, len(box.taken)) == ("plugin_failed", True, 1)
