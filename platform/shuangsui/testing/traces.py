"""What a plugin leaves behind: ``python -m shuangsui.testing.traces PLUGIN FOLDER OPTIONS``, options as JSON.

In a process of its own, since what it did on import stands in this one already: loaded, switched on, asked for
everything twice, and for a tenant that has it off. The last line printed is what is wrong, as a JSON text.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shuangsui.contracts import ResultCode
from shuangsui.extension import handing, service
from shuangsui.extension.lanes import Answer
from shuangsui.extension.loading import host
from shuangsui.extension.points import POINTS, Amended
from shuangsui.rules.packs import Pack
from shuangsui.settings import Settings
from shuangsui.testing.trial import CEREMONY, Trial

TOLD = ("name", "network", "kinds", "duty", "kind", "address_kind")
Traces = dict[str, dict[str, str]]


def main(name: str, folder: str, stated: str) -> str:
    """The sentence, empty if nothing is left."""
    on = Trial(Path(folder) / "on", [name], json.loads(stated))
    off = Trial(Path(folder) / "off", [], usual=[one for one in on.usual if one != name])
    settings = on.settings.model_copy(update={"plugins": f"{name},{CEREMONY}"})
    tenants = on.tenant, off.tenant
    before = traces(settings)
    plugin = next(one for one in host(settings).plugins if one.name == name)
    first = [described(one) for one in service.things(plugin, tenants[0], settings)]
    again = [described(one) for one in service.things(plugin, tenants[0], settings)]
    if first != again:
        return "再启用变了样。"
    left = [one for point in POINTS for one in service.offered(point, tenants[1], settings)]
    if any(getattr(one, "plugin", "") == name for one in left):
        return "停用以后仍在。"
    handing.pool.close()
    return "；".join(changes(before, traces(settings)))


def described(thing: Any) -> Any:
    """What must be the same whenever it is switched on: values as they are, things by what they say of themselves."""
    if isinstance(thing, Pack | Amended | ResultCode):
        return thing
    return type(thing).__name__, {name: getattr(thing, name) for name in TOLD if hasattr(thing, name)}


def traces(settings: Settings) -> Traces:
    """What of this process everybody shares, by kind and name."""
    root = logging.getLogger()
    files = [*settings.public.rglob("*"), *settings.var.rglob("*")]
    return {
        "线程": {one.name: "" for one in threading.enumerate() if not isinstance(one, Answer)},
        "环境变量": dict(os.environ),
        "模块路径": dict.fromkeys(sys.path, ""),
        "当前文件夹": {"": str(Path.cwd())},
        "日志": {"级别": str(root.level)} | {repr(one): "" for one in root.handlers},
        "信号": {one.name: repr(signal.getsignal(one)) for one in signal.Signals},
        "网络时限": {"": str(socket.getdefaulttimeout())},
        "文件": {one.name: "" for one in files},
    }


def changes(before: Traces, after: Traces) -> Iterator[str]:
    """In words; names only, since a value may be a secret."""
    for kind, found in after.items():
        earlier = before[kind]
        names = sorted(one for one in found.keys() | earlier.keys() if found.get(one) != earlier.get(one))
        if names:
            yield f"停用以后，{kind}还留着改动：{'、'.join(names[:3])}"


if __name__ == "__main__":
    print(f"\n{json.dumps(main(*sys.argv[1:4]))}")  # noqa: T201 - whoever started it reads this
