"""The child process that fetches one registry feed: ``python -m shuangsui.extension.feed_child MEMORY SECONDS FILE``.

In: one JSON document ``{tenant, plugin, feed, last}``. Out: one line of JSON, ``{day, complete, mark, size}``, and then
the bytes of the file; or ``{error, permanent, params}``. Only the feed's own plugin is loaded here. What it prints
reaches nobody, and the values of its secrets are masked in whatever it complains about.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any

from shuangsui.contracts import FeedFile, FeedState
from shuangsui.errors import OutsideFailed
from shuangsui.extension import feeds, options, service
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant

MASK = "***"


def main(memory: int, seconds: int, file: int) -> int:
    """Fetch and hand over; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    settings = Settings()
    tenant = tree.load(settings.tenants).get(asked["tenant"])
    try:
        found = fetched(tenant, settings, asked)
    except OutsideFailed as error:
        params = masked(error.params, secret_values(tenant, settings, asked["plugin"]))
        out.write(_line({"error": error.code, "permanent": error.permanent, "params": params}))
    else:
        size = None if found.data is None else len(found.data)
        head = {"day": found.day.isoformat(), "complete": found.complete, "mark": found.mark, "size": size}
        out.write(_line(head) + (found.data or b""))
    out.close()
    return 0


def fetched(tenant: Tenant, settings: Settings, asked: dict[str, Any]) -> FeedFile:
    """The answer of the feed that is asked for."""
    last = asked["last"] and FeedState(date.fromisoformat(asked["last"]["day"]), asked["last"]["mark"])
    return feeds.chosen(tenant, f"{asked['plugin']}/{asked['feed']}", settings).fetch(last)


def secret_values(tenant: Tenant, settings: Settings, name: str) -> list[str]:
    """The values of the plugin's secrets, the longest first."""
    plugin = next(one for one in service.host(settings.plugins).plugins if one.name == name)
    names = options.secrets(options.checked(tenant, plugin))
    return sorted((os.environ[one] for one in names if os.environ.get(one)), key=len, reverse=True)


def masked(params: dict[str, Any], secrets: Iterable[str]) -> dict[str, str]:
    """The parameters as texts without any secret."""
    texts = {name: str(value) for name, value in params.items()}
    for secret in secrets:
        texts = {name: text.replace(secret, MASK) for name, text in texts.items()}
    return texts


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
