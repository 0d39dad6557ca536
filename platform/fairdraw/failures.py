"""The one exception of the kernel: a named failure code of srd-1 section 12.1 with a detail for people."""

from __future__ import annotations


class Failure(Exception):
    """A transcript, plan, log or receipt breaks the protocol; ``code`` is the verifier's code."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        """The words after ``FAIL`` of a verdict line."""
        return f"{self.code} {self.detail}"


def require(condition: object, code: str, detail: str) -> None:
    """Raise :class:`Failure` unless ``condition`` holds."""
    if not condition:
        raise Failure(code, detail)
