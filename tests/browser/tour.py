"""An installation with the demo's data, and every kind of page that its people and the public can reach in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from serving import serving
from shuangsui.cli.rehearsal import LOGINS
from shuangsui.settings import Settings
from shuangsui.web.areas import declared
from shuangsui.web.languages import CHINESE, ENGLISH

MAIN = "from shuangsui.cli import main; main()"
PUBLIC = "-"
"""Stands for whoever has not signed in."""
MORE = {"root": "system_admin", "auditor": "audit_admin", "inspector": "inspector", "expert": "expert"}
"""Login → role of people whom the demo does without."""
EXAMPLES = 2
"""Pages of one kind that are looked at; there may be thousands."""
LINK = re.compile(r'href="([^"#]+)')
NUMBERED = re.compile(r"\d[\w-]*")
LEAVE = ("/console/logout",)


@dataclass(frozen=True, slots=True)
class Stop:
    """One page: who looks at it, of what kind it is, where it stands, what it speaks."""

    who: str
    kind: str
    path: str
    language: str = CHINESE


@dataclass(frozen=True, slots=True)
class Town:
    """The running installation; everybody signs in with the same password."""

    url: str
    tenant: str
    password: str
    var: Path
    district: str

    def visitor(self, who: str) -> httpx.Client:
        """A client that has signed in as ``who``, or has not for :data:`PUBLIC`."""
        client = httpx.Client(base_url=self.url, headers={"Accept": "text/html"}, timeout=60)
        if who != PUBLIC:
            form = {"tenant": self.tenant, "login": who, "password": self.password}
            answer = client.post("/console/login", data=form)
            assert answer.status_code == 303, (who, answer.status_code)
        return client


@contextmanager
def town(folder: Path, objects: int) -> Iterator[Town]:
    """The demo on ``objects`` invented objects, served."""
    var = folder / "var"
    told = _command("demo", "--no-serve", "--var", str(var), "--objects", str(objects))
    found = re.search(r"口令都是 (\S+)", told.stderr)
    assert found, told.stderr[-2000:]
    said = json.loads(told.stdout)
    tenant = said["tenant"]
    for login, role in MORE.items():
        by = ("--tenant", tenant, "--as", LOGINS[0])
        _command("user", "add", login, "--name", login, "--password-stdin", *by, var=var, given=found[1])
        _command("user", "grant", login, role, *by, var=var)
    with serving(Settings(var=var)) as server:
        yield Town(server.url, tenant, found[1], var, said["district"])


def _command(*words: str, var: Path | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    """A command of the platform, which must succeed."""
    more = {"SHUANGSUI_VAR": str(var)} if var else {}
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words], capture_output=True, text=True, check=False, input=given,
        env={**os.environ, **more},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def stops(place: Town) -> list[Stop]:
    """Every kind of page in every language, by whoever comes upon it first; the public ones first."""
    seen: Counter[str] = Counter()
    found = []
    for who in (PUBLIC, *LOGINS, *MORE):
        with closing(place.visitor(who)) as client:
            found += list(_walk(client, who, "/" if who == PUBLIC else "/console/", seen))
    return found + [replace(stop, language=ENGLISH) for stop in found if stop.who != PUBLIC]


def _walk(client: httpx.Client, who: str, start: str, seen: Counter[str]) -> Iterator[Stop]:
    """Breadth first along the links of pages."""
    waiting, known = deque([start]), {start}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if seen[kind] >= EXAMPLES:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        seen[kind] += 1
        yield Stop(who, kind, path, language_of(path))
        for link in LINK.findall(answer.text):
            target = _local(client, path, link.replace("&amp;", "&"))
            if target and target not in known and _wanted(target, who):
                known.add(target)
                waiting.append(target)


def language_of(path: str) -> str:
    """The public's pages have an address in each language; others speak that of the cookie."""
    return ENGLISH if "en" in path.partition("?")[0].split("/") else CHINESE


def _local(client: httpx.Client, path: str, link: str) -> str | None:
    """The address of a link within the installation."""
    parts = urlsplit(urljoin(str(client.base_url.join(path)), link))
    if parts.netloc != f"{client.base_url.host}:{client.base_url.port}":
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _wanted(path: str, who: str) -> bool:
    inside = path.startswith(("/console/", "/m/"))
    exported = "export=" in path or "sort" in path.partition("?")[2]
    return inside == (who != PUBLIC) and not exported and not path.startswith((*LEAVE, "/static/", "/api/"))


def kind_of(path: str) -> str:
    """The declared page of an address of the console or the phone; elsewhere the address without its numbers."""
    plain, _, query = path.partition("?")
    names = "&".join(sorted(re.findall(r"(?:^|&)(\w+)=", query)))
    root = f"/{plain.split('/')[1]}"
    if root in ("/console", "/m"):
        matching = [one.path for one in declared().views if _matches(one.path, plain.removeprefix(root) or "/")]
        plain = root + min(matching, key=lambda one: one.count("{")) if matching else plain
    else:
        plain = NUMBERED.sub("*", plain)
    return f"{plain}?{names}" if names else plain


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+:\w+\}", "[^/]+", pattern), path) is not None
