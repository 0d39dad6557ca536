"""The application serves the static tree: the right bytes, the right headers, and nothing else."""

from __future__ import annotations

import pytest

from shuangsui.web.policy import HEADERS


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "all"), ("/moushi/", "某市"), ("/moushi/index.html", "某市"), ("/moushi/draws/2026-0001/", "draw")],
)
def test_folder_shows_its_index(client, path, title):
    """A folder with the slash at its end."""
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, f"<title>{title}</title>")


def test_folder_without_slash_moves_there(client):
    """Pages link relative to themselves."""
    answer = client.get("/moushi/draws/2026-0001?x=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/moushi/draws/2026-0001/")


def test_encoded_names_are_found(client):
    """Numbers and names may be Chinese."""
    assert client.get("/moushi/%E7%94%B2/a.txt").text == "甲"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/moushi/index.json", "application/json"),
        ("/moushi/draws/2026-0001/log.jsonl", "application/jsonl; charset=utf-8"),
        ("/moushi/draws/2026-0001/fairdraw.pyz", "application/octet-stream"),
        ("/static/0123456789abcdef/css/base.css", "text/css; charset=utf-8"),
    ],
)
def test_content_type(client, path, kind):
    """With nosniff a wrong one would break the page."""
    assert client.get(path).headers["content-type"] == kind


def test_large_file_arrives_whole(client):
    """A megabyte of rows, in chunks, with its length."""
    answer = client.get("/moushi/draws/2026-0001/rows.txt")
    assert (len(answer.content), answer.headers["content-length"]) == (1_000_000, "1000000")


def test_head_is_get_without_the_body(client):
    """The same headers."""
    path = "/moushi/draws/2026-0001/rows.txt"
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(get.headers))


def test_known_version_is_not_sent_again(client, settings):
    """Until the file changes."""
    first = client.get("/moushi/")
    known = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    again = client.get("/moushi/", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    place = settings.public / "moushi/index.html"
    (settings.public / ".new").write_text("<title>neu</title>")
    (settings.public / ".new").replace(place)
    assert client.get("/moushi/", headers=known).text == "<title>neu</title>"


@pytest.mark.parametrize(
    ("path", "cache"),
    [("/moushi/", "no-cache"), ("/static/0123456789abcdef/css/base.css", "public, max-age=31536000, immutable")],
)
def test_cache_control(client, path, cache):
    """What has its hash in the address never changes; a page may change at any time."""
    assert client.get(path).headers["cache-control"] == cache


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/moushi", 308),
        ("GET", "/nothing", 404),
        ("POST", "/moushi/", 405),
        ("OPTIONS", "/moushi/", 204),
        ("GET", "/livez", 200),
    ],
)
def test_security_headers_on_every_answer(client, method, path, status):
    """Also where no handler was reached (ux.md section 2)."""
    answer = client.request(method, path, follow_redirects=False)
    assert (answer.status_code, {name: answer.headers.get(name) for name in HEADERS}) == (status, dict(HEADERS))


def test_not_found_for_programs_is_problem_details(client):
    """RFC 9457 with a stable code and a Chinese sentence."""
    answer = client.get("/nothing")
    assert (answer.headers["content-type"], answer.json()["status"], answer.json()["code"]) == (
        "application/problem+json",
        404,
        "not_found",
    )
    assert answer.json()["title"] == "没有这个页面"


def test_not_found_for_browsers_is_a_page(client):
    """In Chinese, styled by the site's own sheets, without any inline style or script."""
    accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
    answer = client.get("/nothing", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert ('<html lang="zh-CN">' in answer.text, "没有这个页面" in answer.text) == (True, True)
    assert ("style=" in answer.text, "<script" in answer.text) == (False, False)
