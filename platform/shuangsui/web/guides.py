"""Documents of the product, written in Markdown, as parts of a page."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markupsafe import Markup

SHELF = MarkdownIt("commonmark", {"html": False})
"""No HTML of the text's own: what is between angle brackets is shown."""
DEEPEST = 6


def as_html(text: str) -> Markup:
    """Below a page's own heading: every heading stands one deeper, and its text gives its address."""
    tokens = SHELF.parse(text)
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, DEEPEST)}"
        if token.type == "heading_open":
            token.attrSet("id", slug(tokens[place + 1].content))
    return Markup(SHELF.renderer.render(tokens, SHELF.options, {}))  # noqa: S704 - html is off above


def slug(heading: str) -> str:
    """Letters, digits and hyphens of a heading."""
    return "-".join(re.findall(r"\w+", heading.lower()))
