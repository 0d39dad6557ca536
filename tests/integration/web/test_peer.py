"""The console and letters only where nobody listens in; public pages everywhere; and whose word about that counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient
from sqlalchemy import create_engine

from applications import lent
from shuangsui.pages.guards import House
from shuangsui.settings import Settings
from shuangsui.web.pace import MOST, Pace
from shuangsui.web.peer import Peer

SAID = (
    "工作台、接口和检查对象的链接只能通过加密连接（https）使用：请改用以 https:// 开头的网址；"
    "已经是的，请管理员登记代理服务器的地址。公示网站不受此限。"
)
PROXY, OUTSIDE = "192.0.2.1", "203.0.113.9"
TRUSTED = {"trusted_proxies": f"{PROXY}, 198.51.100.0/24"}


@pytest.fixture
def ask(settings: Settings) -> Callable[..., Any]:
    """A request by plain http to a host of the network, from a peer."""

    def get(path: str, peer: str = OUTSIDE, more: dict | None = None, site: str = "http://ssj.example", **headers: str):
        said = {name.replace("_", "-"): value for name, value in headers.items()}

        async def ask_once(transport: ASGITransport):
            async with AsyncClient(transport=transport, base_url=site, follow_redirects=True) as client:
                return await client.get(path, headers=said)

        with lent(settings.model_copy(update=more or {})) as app:
            transport = ASGITransport(app, raise_app_exceptions=False, client=(peer, 40000))
            with start_blocking_portal() as portal:  # a browser of another file may hold this thread's loop
                return portal.call(ask_once, transport)

    return get


@pytest.mark.parametrize(
    "path", ["/console/login", "/console/", "/api/me", "/api/openapi.json", "/console/users/li", "/e/moushi.x/confirm"]
)
def test_the_console_is_not_served_by_plain_http(ask, path):
    """A clear page for people, problem details for programs; no cookie, no form."""
    page, told = ask(path, accept="text/html"), ask(path)
    assert (page.status_code, "<h1>须用加密连接</h1>" in page.text, SAID in page.text) == (403, True, True)
    assert (told.status_code, told.json()["code"], told.json()["detail"]) == (403, "https_needed", SAID)
    assert ("<form" in page.text, "set-cookie" in page.headers) == (False, False)
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["//console/login", "///console/", "//api/me", "/%63onsole/login"])
def test_another_spelling_of_the_address_is_no_way_round_that(ask, path):
    """Refused or not there; never a form."""
    page = ask(f"http://ssj.example{path}", accept="text/html")
    assert (page.status_code in (403, 404), "<form" in page.text, "set-cookie" in page.headers) == (True, False, False)


@pytest.mark.parametrize("path", ["/", "/moushi/", "/moushi/draws/2026-0001/log.jsonl", "/livez"])
def test_public_pages_are(ask, path):
    """On an intranet without certificates, the verifier included."""
    assert ask(path).status_code == 200


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_this_very_machine_needs_no_certificate(ask, site):
    """As the browser sees it."""
    assert ask("/console/login", site=site).status_code == 200


@pytest.mark.parametrize(
    ("peer", "trusted", "said", "status"),
    [
        (OUTSIDE, {}, "https", 403),
        (OUTSIDE, TRUSTED, "https", 403),
        (PROXY, {}, "https", 403),
        (PROXY, TRUSTED, "https", 200),
        ("198.51.100.77", TRUSTED, "https", 200),
        ("::ffff:192.0.2.1", TRUSTED, "https", 200),
        (PROXY, TRUSTED, "http", 403),
        (PROXY, TRUSTED, "https, http", 403),
        (PROXY, TRUSTED, "http, https", 200),
    ],
)
def test_only_a_trusted_proxy_says_that_it_was_https(ask, peer, trusted, said, status):
    """Of several values the one that counts is the nearest proxy's own."""
    assert ask("/console/login", peer, trusted, X_Forwarded_Proto=said).status_code == status


def believed(*lines: tuple[str, str]) -> tuple[str, str]:
    """Scheme and client of a request that the proxy passed on with these lines."""
    house = House(Settings(trusted_proxies=PROXY), create_engine("sqlite://"))
    scope = {
        "litestar_app": Litestar(state=State({"house": house})),
        "type": "http", "scheme": "http", "client": (PROXY, 1), "path": "/livez", "method": "GET",
        "headers": [(name.encode(), value.encode()) for name, value in lines],
    }  # fmt: skip

    async def noted(*_: Any) -> None:
        return None

    with start_blocking_portal() as portal:
        portal.call(Peer().handle, scope, noted, noted, noted)
    return scope["scheme"], scope["client"][0]


@pytest.mark.parametrize(
    "lines",
    [
        [("x-forwarded-for", f"198.51.100.1, {OUTSIDE}"), ("x-forwarded-proto", "https, http")],
        [
            ("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", OUTSIDE),
            ("x-forwarded-proto", "https"), ("x-forwarded-proto", "http"),
        ],
    ],
    ids=["one line", "a line of its own"],
)  # fmt: skip
def test_what_a_client_wrote_before_the_proxy_counts_for_nothing(lines):
    """Whether the proxy adds to the client's line or writes one below it."""
    assert believed(*lines) == ("http", OUTSIDE)


def test_behind_a_trusted_proxy_an_http_request_to_loopback_is_what_the_proxy_says(ask):
    """The proxy's word and nothing else makes it https, hence the cookie's name."""
    answer = ask("/console/", PROXY, TRUSTED, X_Forwarded_Proto="https", accept="text/html")
    assert (answer.status_code, answer.url.path) == (200, "/console/login")


@pytest.mark.parametrize("value", ["somewhere", "10.0.0.0/33", "10.0.0.1/8"])
def test_a_slip_in_the_list_of_proxies_stops_the_start(value):
    """Rather than to believe nobody, or everybody."""
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=value)


HSTS = "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/nothing", "/livez", "/console/login", "/api/me"])
def test_https_is_remembered_for_a_year(ask, path):
    """Every answer says it, and none by plain http, where anybody on the way could have written it."""
    answers = [ask(path, site="https://ssj.example"), ask(path), ask(path, PROXY, TRUSTED, X_Forwarded_Proto="https")]
    assert [one.headers.get("strict-transport-security") for one in answers] == [HSTS, None, HSTS]


@pytest.mark.parametrize("path", ["/console/login", "/console/", "/console/nothing", "/api/me", "/api/nothing", "/m/"])
def test_what_is_behind_the_door_is_kept_nowhere(ask, path):
    """Also refusals and what is not there."""
    answers = [ask(path, site="https://ssj.example"), ask(path)]
    assert [one.headers["cache-control"] for one in answers] == ["no-store"] * 2


@pytest.mark.parametrize("path", ["/", "/moushi/", "/api/me", "/console/login"])
def test_no_other_origin_is_let_in(ask, path):
    """No page of another site may read an answer, public ones included: they are there to be fetched from here."""
    answer = ask(path, site="https://ssj.example", origin="https://elsewhere.example")
    assert [name for name in answer.headers if name.startswith("access-control-")] == []


@pytest.mark.parametrize("path", ["/", "/moushi/", "/console/login", "/api/me"])
def test_trace_is_not_answered(path, settings):
    """Nothing sends a request back as it came."""
    with lent(settings) as app, TestClient(app, base_url="https://ssj.example") as client:
        answer = client.request("TRACE", path, headers={"X-Secret": "canary"})
    assert (answer.status_code, "canary" in answer.text) == (405, False)


def test_letters_are_asked_for_so_often_and_no_more(settings: Settings) -> None:
    """One address that tries many secrets waits, whatever it sends, and is told so; others do not."""

    async def ask_often(transports: list[ASGITransport]) -> list[Any]:
        first, other = (AsyncClient(transport=one, base_url="https://ssj.example") for one in transports)
        async with first, other:
            tried = [await first.get(f"/e/{n}") for n in range(MOST)]
            form = await first.post("/e/moushi.secret-secret-secret/rectify", data={"n": "1"})
            page = await first.get("/e/moushi.secret-secret-secret/rate", headers={"accept": "text/html"})
            return [*tried, form, page, await other.get("/e/secret")]

    with lent(settings) as app:
        app.state.pace = Pace()
        peers = [ASGITransport(app, raise_app_exceptions=False, client=(peer, 40000)) for peer in (OUTSIDE, PROXY)]
        with start_blocking_portal() as portal:
            *tried, form, page, other = portal.call(ask_often, peers)
    assert ({answer.status_code for answer in tried}, other.status_code) == ({404}, 404)
    assert (form.status_code, form.json()["code"], page.status_code) == (429, "asked_too_often", 429)
    assert ("<h1>请稍后再试</h1>" in page.text, "secret" in page.text + form.text) == (True, False)
