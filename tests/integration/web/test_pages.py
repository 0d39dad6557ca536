"""What a client is told, and in which form it wants it."""

from __future__ import annotations

import pytest
from litestar.exceptions import HTTPException, NotFoundException

from shuangsui.pages import Problem, prefers_html, problem_of


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("application/json, TEXT/HTML;q=0.1", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/*", False),
    ],
)
def test_only_who_names_html_gets_a_page(accept, html):
    """A program that takes anything is better served with JSON."""
    assert prefers_html(accept) == html


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundException(), 404, "not_found"),
        (HTTPException(status_code=405), 405, "method_not_allowed"),
        (HTTPException(status_code=415), 400, "bad_request"),
        (HTTPException(status_code=413), 413, "too_large"),
        (HTTPException(status_code=503), 500, "internal"),
        (KeyError("secret"), 500, "internal"),
    ],
)
def test_problem_of_an_error(error, status, code):
    """A code of the client's, or ours without any detail."""
    found = problem_of(error)
    assert (found.status, found.code, "secret" in f"{found}") == (status, code, False)


def test_problem_details_have_the_members_of_rfc_9457():
    """And our own code."""
    assert Problem(404, "not_found", "没有", "请核对").as_json() == {
        "type": "about:blank", "status": 404, "code": "not_found", "title": "没有", "detail": "请核对",
    }  # fmt: skip
