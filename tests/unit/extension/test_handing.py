"""What talks to a network does so in a child process: bundles arrive whole, and what hangs or dies reaches nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shuangsui.contracts import Bundle, Health, PublicFile, Receipt
from shuangsui.disclosed import Package
from shuangsui.errors import OutsideFailed
from shuangsui.extension import children, handing, service
from shuangsui.extension.children import Limits
from shuangsui.extension.handing import DistantChannel, DistantExporter, DistantNotifier, framed, unframed
from shuangsui.extension.isolation import Absent, LoadedChannel
from shuangsui.notified import Message, MessageReceipt

CHANNEL = """
import os, time
from datetime import datetime, timezone
from shuangsui import Health, OutsideFailed, PluginOptions, Receipt, hookimpl
api = 1
class Options(PluginOptions):
    token_env: str = "CHANNEL_TOKEN"
    more_env: tuple[str, ...] = ("甲=CHANNEL_MORE", "")
class Channel:
    name = "far"
    network = {network}
    def publish(self, bundle):
        {body}
    def read_back(self, bundle):
        files = ";".join(f"{{one.path}} {{one.media_type}} {{one.data!r}}" for one in bundle.files)
        at = datetime(2026, 11, 26, tzinfo=timezone.utc)
        return Receipt("far", f"{{bundle.tenant}} {{bundle.kind}} {{bundle.key}} {{files}}", bundle.digest, True, at)
    def check(self): return Health(True, f"{{os.getpid()}} {{os.environ.get('CHANNEL_TOKEN')}}")
@hookimpl
def register_disclosure_channels(context):
    return [Channel()]
"""
EXPORTER = """
import os
from shuangsui import Health, OutsideFailed, Receipt, hookimpl
api = 1
class Exporter:
    name, kinds, duty, schema = "far", ("result",), "", {}
    def takes(self, item): return True
    def convert(self, item): ...
    def send(self, package):
        return Receipt("far", f"{os.getpid()}", package.digest, False)
    def read_back(self, package): raise OutsideFailed("x", permanent=True, problem="不收")
    def check(self): return Health(True, str(os.getpid()))
@hookimpl
def register_exporters(context):
    return [Exporter()]
"""
NOTIFIER = """
import os
from shuangsui import Health, MessageReceipt, OutsideFailed, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    token_env: str = "CHANNEL_TOKEN"
class Notifier:
    name, address_kind = "far", {kind!r}
    def send(self, message):
        {body}
    def check(self): return Health(True, str(os.getpid()))
@hookimpl
def register_notifiers(context):
    return [Notifier()]
"""
MESSAGE = Message(
    "1", "breach", "甲", "甲\n乙", "secret@b.example", "/console", datetime(2026, 6, 15, 1, 2, 3, 4, tzinfo=UTC)
)
FILES = (PublicFile("a/甲 1.html", "中\n".encode(), "text/html; charset=utf-8"), PublicFile("b.bin", b"\0\n{}", "x/y"))
BUNDLE = Bundle("moushi", "draw", "甲", (*FILES, PublicFile("empty.txt", b"", "text/plain")))
PACKAGE = Package("e" * 40, 2, "publish", "a.json", "application/json", b"{}\n")


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """Children of a test end with it."""
    yield
    handing.pool.close()


@pytest.fixture
def channel(installed, tenant, settings) -> Any:
    """``channel(body)``: the channel whose ``publish`` has this body."""

    def made(body: str = "return None", *, network: bool = True) -> Any:
        source = CHANNEL.format(body=body, network=network)
        (one,) = service.channels(tenant([installed("far", source)]), settings)
        return one

    return made


def failure(one: Any) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        one.publish(BUNDLE)
    return caught.value


@pytest.mark.parametrize("tenant_slug", ["moushi", None])
def test_bundle_survives_its_frame(tenant_slug):
    """Any bytes, any name, nothing between the files."""
    bundle = Bundle(tenant_slug, "draw", "甲", BUNDLE.files)
    head, body = framed(bundle)
    assert unframed(head["bundle"], body) == bundle


def test_bundle_arrives_in_another_process_as_it_is(channel):
    """And its receipt comes back as it was given, with the time."""
    found = channel().read_back(BUNDLE)
    files = ";".join(f"{one.path} {one.media_type} {one.data!r}" for one in BUNDLE.files)
    at = datetime(2026, 11, 26, tzinfo=UTC)
    assert found == Receipt("far", f"moushi draw 甲 {files}", BUNDLE.digest, confirmed=True, at=at)


def test_channel_that_writes_to_the_disk_stays_in_this_process(channel):
    """Nothing is won by a child there."""
    one = channel(network=False)
    assert (type(one), one.check().message.split()[0]) == (LoadedChannel, str(os.getpid()))


def test_children_are_kept(channel):
    """Two looks, one process, and not this one."""
    one = channel()
    found = {one.check().message.split()[0] for _ in range(2)}
    assert (isinstance(one, DistantChannel), len(found), str(os.getpid()) in found) == (True, 1, False)


def test_secret_reaches_the_channel_and_nobody_else(channel, monkeypatch):
    """A variable that stands in a list as well; in what it says of itself both are masked."""
    monkeypatch.setenv("CHANNEL_TOKEN", "hidden-token")
    monkeypatch.setenv("CHANNEL_MORE", "hidden-more")
    one = channel('raise OutsideFailed("x", problem=os.environ["CHANNEL_TOKEN"] + os.environ["CHANNEL_MORE"])')
    assert (failure(one).params["reason"], one.check().message.split()[1]) == ("******", "***")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("time.sleep(600)", "plugin_too_slow"),
        ("os._exit(3)", "plugin_died"),
        ("os.kill(os.getpid(), 9)", "plugin_died"),
        ("bytes(4 << 30)", "plugin_failed"),
        ("return None", "plugin_answer_wrong"),
        ('raise OutsideFailed("x", problem="不通")', "plugin_failed"),
    ],
)
def test_whatever_happens_is_one_failure_of_the_plugin(channel, monkeypatch, body, code):
    """And the next question is answered, by a new process where it must be."""
    monkeypatch.setattr(handing, "BUNDLES", Limits(seconds=4, memory=1 << 30))
    one = channel(body)
    error = failure(one)
    assert (error.code, error.params["plugin"], error.params["step"], error.permanent) == (
        code,
        "far",
        "publish",
        False,
    )
    assert one.read_back(BUNDLE).confirmed


def test_bundle_that_is_too_long_is_a_failure(channel, monkeypatch):
    """Never half of it."""
    monkeypatch.setattr(handing, "BUNDLES", Limits(seconds=10, file=100))
    with pytest.raises(OutsideFailed) as caught:
        channel().read_back(Bundle("moushi", "draw", "1", (PublicFile("a", bytes(1000), "x/y"),)))
    assert caught.value.code == "plugin_died"


def test_many_files_are_no_more_than_a_long_head(channel):
    """Twenty thousand names in one line of the frame."""
    files = tuple(PublicFile(f"objects/{n:06d}/{'x' * 60}.html", b"x", "text/html") for n in range(20_000))
    bundle = Bundle("moushi", "draw", "1", files)
    with pytest.raises(OutsideFailed, match="plugin_answer_wrong"):
        channel().publish(bundle)


def test_exporter_sends_and_checks_in_a_child(installed, tenant, settings):
    """One process for both; what it refuses for good stays refused."""
    (one,) = service.exporters(tenant([installed("far", EXPORTER)]), settings)
    assert isinstance(one, DistantExporter)
    sent, health = one.send(PACKAGE), one.check()
    assert (sent, health) == (Receipt("far", sent.reference, PACKAGE.digest, False), Health(True, sent.reference))
    assert sent.reference != str(os.getpid())
    with pytest.raises(OutsideFailed) as caught:
        one.read_back(PACKAGE)
    assert (caught.value.permanent, caught.value.params["reason"]) == (True, "不收")


def test_idle_children_are_few(installed, tenant, settings, monkeypatch):
    """Of all tenants and plugins together; the oldest goes first, and every tenant is answered all the same."""
    monkeypatch.setattr(children, "KEPT", 2)
    name = installed("far", CHANNEL.format(body="return None", network=True))
    found = [service.channels(tenant([name], slug=slug), settings)[0] for slug in ("jia", "yi", "bing")]
    processes = [int(one.check().message.split()[0]) for one in found]
    assert [Path(f"/proc/{one}").exists() for one in processes] == [False, True, True]
    assert int(found[2].check().message.split()[0]) == processes[2]


@pytest.fixture
def notifier(installed, tenant, settings) -> Any:
    """``notifier(body)``: the notifier whose ``send`` has this body."""

    def made(body: str, kind: str = "email") -> Any:
        source = NOTIFIER.format(body=body, kind=kind)
        (one,) = service.notifiers(tenant([installed("far", source)]), settings)
        return one

    return made


def test_message_arrives_in_another_process_as_it_is(notifier):
    """Every field and the time; the receipt comes back as it was given."""
    words = "f'{message.level} {message.title} {message.text!r} {message.link} {message.at.isoformat()} {os.getpid()}'"
    one = notifier(f"return MessageReceipt('far', message.id, {words}, message.at)")
    receipt = one.send(MESSAGE)
    told, _, process = receipt.reference.rpartition(" ")
    assert told == f"breach 甲 {MESSAGE.text!r} /console {MESSAGE.at.isoformat()}"
    assert (type(one), one.key, process == one.check().message, process == str(os.getpid())) == (
        DistantNotifier, "far/far", True, False,
    )  # fmt: skip
    assert receipt == MessageReceipt("far", "1", receipt.reference, MESSAGE.at)


@pytest.mark.parametrize(
    "body",
    ["raise OutsideFailed('x', problem=message.address + os.environ['CHANNEL_TOKEN'])", "raise ValueError(message)",
     "raise ValueError(message.address)"],
)  # fmt: skip
def test_neither_secret_nor_address_comes_back_in_a_complaint(notifier, monkeypatch, body):
    """Whatever a plugin puts into it."""
    monkeypatch.setenv("CHANNEL_TOKEN", "hidden-token")
    with pytest.raises(OutsideFailed) as caught:
        notifier(body).send(MESSAGE)
    assert not [text for text in ("secret@", "hidden") if text in str(caught.value)]


def test_address_comes_back_in_no_receipt(notifier):
    """Servers like to repeat it."""
    one = notifier("return MessageReceipt('far', message.id, f'queued for {message.address}')")
    assert one.send(MESSAGE).reference == "queued for ***"


@pytest.mark.parametrize(
    ("body", "code"),
    [("return MessageReceipt('far', 'another', '')", "plugin_answer_wrong"), ("return True", "plugin_answer_wrong"),
     ("os._exit(3)", "plugin_died")],
)  # fmt: skip
def test_answer_of_another_message_or_none_is_a_failure(notifier, body, code):
    """It counts as not sent."""
    with pytest.raises(OutsideFailed) as caught:
        notifier(body).send(MESSAGE)
    assert caught.value.code == code


def test_notifier_of_an_unknown_kind_of_address_is_absent(notifier):
    """The list is closed: nobody could have such an address."""
    one = notifier("return None", kind="fax")
    assert (type(one), one.error.code, one.key) == (Absent, "plugin_answer_wrong", "far")
