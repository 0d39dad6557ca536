"""The child process of one plugin: ``python -m shuangsui.extension.child MEMORY SECONDS FILE``.

It answers one question after the other, see :mod:`shuangsui.extension.children`. Only its own plugin is loaded here.
What it prints reaches nobody, and the values of its secrets and the address of a message are masked in whatever it
complains about.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from shuangsui.contracts import Bundle, FeedState, Receipt
from shuangsui.disclosed import Package
from shuangsui.errors import OutsideFailed
from shuangsui.extension import callbacks, entropy, feeds, options, pools, service
from shuangsui.extension.children import receive, send, tenant_of
from shuangsui.extension.handing import unframed
from shuangsui.extension.isolation import Absent
from shuangsui.extension.loading import host
from shuangsui.extension.points import (
    CALLBACKS,
    CHANNELS,
    EXPORTERS,
    FEEDS,
    NOTIFIERS,
    POOLS,
    SOURCES,
    STORES,
    SYSTEMS,
    Point,
)
from shuangsui.notified import Message, MessageReceipt
from shuangsui.settings import Settings, from_environment
from shuangsui.tenancy.tenant import Tenant

MASK = "***"
NICE = 10
Answer = tuple[dict[str, Any], bytes]
Call = Callable[[Tenant, Settings, dict[str, Any], bytes], Answer]


def main(memory: int, seconds: int, file: int) -> int:
    """Until nobody asks any more; the exit status. Whoever waits for a page goes before what a plugin works at."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    settings = from_environment()
    while (frame := receive(asked, file)) is not None:
        allow(seconds)
        send(out, *answered(settings, *frame))
    return 0


def allow(seconds: int) -> None:
    """So many seconds of work for the next answer, on top of those spent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def answered(settings: Settings, head: dict[str, Any], body: bytes) -> Answer:
    """What the plugin says, or what it complains of without its secrets."""
    tenant = tenant_of(head["tenant"], head["plugin"])
    try:
        return CALLS[head["call"]](tenant, settings, head, body)
    except OutsideFailed as error:
        params = masked(error.params, hidden(tenant, settings, head))
        return {"error": error.code, "permanent": error.permanent, "params": params}, b""


def fetch(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """What a registry feed hands over."""
    last = head["last"] and FeedState(date.fromisoformat(head["last"]["day"]), head["last"]["mark"])
    found = feeds.chosen(tenant, f"{head['plugin']}/{head['name']}", settings).fetch(last)
    said = {"day": found.day.isoformat(), "complete": found.complete, "mark": found.mark, "none": found.data is None}
    return said, found.data or b""


def experts(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """Everybody in an expert pool."""
    return pools.framed(_thing(tenant, settings, head).experts(pools.requested(head)))


def hand_over(tenant: Tenant, settings: Settings, head: dict[str, Any], body: bytes) -> Answer:
    """A bundle or a package to the outside, or a look at what the outside shows of it."""
    return _receipt(getattr(_thing(tenant, settings, head), head["call"])(_goods(head, body)))


def notify(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """A message to a person; whatever the other system says of it, it does not repeat the address."""
    said = head["message"]
    receipt: MessageReceipt = _thing(tenant, settings, head).send(Message(**{**said, "at": _time(said["at"])}))
    told = masked({"reference": receipt.reference}, hidden(tenant, settings, head))
    at = receipt.at.isoformat() if receipt.at else None
    return {"notifier": receipt.notifier, "message": receipt.message, "at": at, **told}, b""


def check(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """Whether the channel, exporter or expert pool could do its work now."""
    health = _thing(tenant, settings, head).check()
    said = masked({"message": health.message}, secret_values(tenant, settings, head["plugin"]))
    return {"ok": health.ok, **said}, b""


def fetch_value(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """What came out of a public event."""
    return entropy.framed_value(_thing(tenant, settings, head).fetch(entropy.unframed_event(head["event"]))), b""


def answer(tenant: Tenant, settings: Settings, head: dict[str, Any], body: bytes) -> Answer:
    """A call from another system; neither its reply nor its reports repeat a secret."""
    reply = _thing(tenant, settings, head).answer(callbacks.unframed_call(head["asked"], body))
    secrets = secret_values(tenant, settings, head["plugin"])
    said = callbacks.framed_reply(reply)
    reports = [one | masked({"detail": one["detail"]}, secrets) for one in said["reports"]]
    return {**said, "reports": reports}, masked({"text": reply.text}, secrets)["text"].encode()


def name_key(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """The id of a key store's current key, or of a new one."""
    return {"key": getattr(_thing(tenant, settings, head), head["call"])()}, b""


def derive(tenant: Tenant, settings: Settings, head: dict[str, Any], _body: bytes) -> Answer:
    """A key, which no other answer ever holds."""
    return {}, _thing(tenant, settings, head).derive(head["key"], head["purpose"])


CALLS: Mapping[str, Call] = {
    "fetch": fetch, "fetch_value": fetch_value, "experts": experts, "send": hand_over, "publish": hand_over,
    "read_back": hand_over, "notify": notify, "check": check, "answer": answer,
    "current": name_key, "renew": name_key, "derive": derive,
}  # fmt: skip
THINGS: Mapping[str, Point[Any]] = {
    "channel": CHANNELS, "exporter": EXPORTERS, "entropy": SOURCES, "notifier": NOTIFIERS, "pool": POOLS,
    "feed": FEEDS, "system": SYSTEMS, "callback": CALLBACKS, "keys": STORES,
}  # fmt: skip
"""What may be asked, by the word in the question."""


def hidden(tenant: Tenant, settings: Settings, head: Mapping[str, Any]) -> list[str]:
    """What nobody may read in an answer."""
    address = head.get("message", {}).get("address")
    return [*([address] if address else []), *secret_values(tenant, settings, head["plugin"])]


def secret_values(tenant: Tenant, settings: Settings, name: str) -> list[str]:
    """The values of the plugin's secrets, the longest first."""
    plugin = next(one for one in host(settings).plugins if one.name == name)
    names = options.secrets(options.checked(tenant, plugin))
    return sorted((os.environ[one] for one in names if os.environ.get(one)), key=len, reverse=True)


def masked(params: dict[str, Any], secrets: Iterable[str]) -> dict[str, str]:
    """The parameters as texts without any secret."""
    texts = {name: str(value) for name, value in params.items()}
    for secret in secrets:
        texts = {name: text.replace(secret, MASK) for name, text in texts.items()}
    return texts


def _thing(tenant: Tenant, settings: Settings, head: dict[str, Any]) -> Any:
    """The channel, exporter or expert pool itself, behind isolation; the failure of its plugin if that offers none."""
    for one in service.offered(THINGS[head["point"]], tenant, settings):
        if isinstance(one, Absent):
            raise one.error
        if (one.plugin, one.name) == (head["plugin"], head["name"]):
            return one
    raise OutsideFailed("plugin_failed", plugin=head["plugin"], step=head["call"], reason=f"没有 {head['name']}")


def _goods(head: dict[str, Any], body: bytes) -> Bundle | Package:
    return unframed(head["bundle"], body) if "bundle" in head else Package(**head["package"], data=body)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _receipt(receipt: Receipt) -> Answer:
    at = receipt.at.isoformat() if receipt.at else None
    names = {name: getattr(receipt, name) for name in ("channel", "reference", "digest", "confirmed")}
    return {**names, "at": at}, b""


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
