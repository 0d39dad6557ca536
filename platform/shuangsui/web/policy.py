"""What a browser may do with our pages: headers of every response (values only, no I/O)."""

from __future__ import annotations

from collections.abc import Mapping

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types fragment worker"
)
"""No inline script or style, no other origin, markup from text only through the policies of ``js/trusted.js``."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
"""Every response carries these, error pages and static files included."""

TRANSPORT = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""By https only, and for a year: a browser that has come by https never tries plain http at this host again."""
UNKEPT = {"Cache-Control": "no-store"}
"""What somebody who has signed in is shown stays in no cache, whatever made the answer and whatever it says itself."""
SIGNED_IN = ("console", "api", "m")
"""First parts of the addresses behind which people sign in; public pages are there for plain http as well."""
LETTERS = "e"
"""Below it stand the pages of a letter, whose address is the secret: kept nowhere and told to no other page."""
UNTOLD = {**UNKEPT, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def headers_of(scheme: str, path: str) -> Mapping[str, str]:
    """What an answer carries, by how and for what it was asked."""
    first = path.strip("/").partition("/")[0]
    private = UNKEPT if first in SIGNED_IN else UNTOLD if first == LETTERS else {}
    return {**HEADERS, **(TRANSPORT if scheme == "https" else {}), **private}
