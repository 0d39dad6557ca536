"""A real OpenID Connect server in a process of its own, and somebody's browser there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import httpx

from ports import free_port

PATIENCE = 300
SECRET_ENV = "SHUANGSUI_OIDC_TEST"
"""Where the client's secret is; the server takes any, but not none."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The server; people there are made by saying their claims."""

    port: int

    @property
    def issuer(self) -> str:
        """As it names itself."""
        return f"http://127.0.0.1:{self.port}"

    def knows(self, sub: str, **claims: Any) -> None:
        """Somebody who can sign in there, with these claims from now on."""
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def signs_in(self, address: str, sub: str) -> str:
        """Where the server sends the browser back to once somebody has signed in."""
        answer = httpx.post(address, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])


@contextmanager
def provider(folder: Path) -> Iterator[Provider]:
    """Running as long as needed."""
    made = Provider(free_port())
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(made.port), "--require-nonce"]
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _await(made, process)
            yield made
        finally:
            process.terminate()
            process.wait()


def configuration(made: Provider, **more: Any) -> str:
    """The table of ``tenant.toml``."""
    lines = {"issuer": made.issuer, "client_id": "shuangsui", "secret_env": SECRET_ENV, **more}
    roles = lines.pop("roles", {"zhifa": "lead_office", "lingdao": "leader", "xitong": "system_admin"})
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
    return f"\n[oidc]\n{text}\n[oidc.roles]\n" + "".join(f'{value} = "{role}"\n' for value, role in roles.items())


def _await(made: Provider, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE):
        assert process.poll() is None, "the provider ended"
        try:
            httpx.get(f"{made.issuer}/.well-known/openid-configuration").raise_for_status()
        except httpx.HTTPError:
            sleep(0.1)
        else:
            return
    raise TimeoutError
