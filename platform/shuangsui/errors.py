"""One tree of errors; every error has a stable code and parameters, its text comes last.

::

    ShuangsuiError
    ├── RuleRefused          a provision or a local rule says no                  exit status 1
    │   └── NotAllowed       the user's roles do not hold the verb                exit status 1
    ├── BadInput             wrong usage, a bad file, a bad value                 exit status 2
    │   ├── ContentRefused   a field of what is disclosed is missing or wrong     exit status 2
    │   ├── NotFound         the thing does not exist, or not for this tenant     exit status 2
    │   ├── Misconfigured    a configuration file is wrong: file, line, key       exit status 2
    │   └── RowErrors        a file with bad rows: every error at once            exit status 2
    └── OutsideFailed        a system outside ours did not do its part            exit status 3

The Chinese sentence of a code stands in the ``messages.py`` of the area that raises it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


class ShuangsuiError(Exception):
    """Root of the tree: a ``code`` for programs, ``params`` for the sentence."""

    exit_status: ClassVar[int] = 2

    def __init__(self, code: str, *, article: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.article = article
        self.params = params

    def __str__(self) -> str:
        """Code and parameters; people get the sentence of ``messages.py`` instead."""
        return f"{self.code} {self.params}" if self.params else self.code

    def kept(self) -> dict[str, Any]:
        """How it is stored: its sentence is made when somebody reads it."""
        params = {name: value if isinstance(value, int | str) else str(value) for name, value in self.params.items()}
        return {"code": self.code, "params": params}


class RuleRefused(ShuangsuiError):
    """A provision of law or a local rule refuses; ``article`` names it."""

    exit_status = 1


class NotAllowed(RuleRefused):
    """The acting user does not hold the verb, or proposed what they now approve."""


class BadInput(ShuangsuiError):
    """The caller gave something that cannot be used; nothing was changed."""


class NotFound(BadInput):
    """No such thing in this tenant; another tenant's thing answers the same."""


class ContentRefused(BadInput):
    """What is to be disclosed does not fit a receiving system: ``field`` names it, ``problem`` is a Chinese clause."""

    def __init__(self, field: str, problem: str, **params: Any) -> None:
        super().__init__("content_refused", field=field, problem=problem, **params)


class Misconfigured(BadInput):
    """A configuration file is wrong; ``file``, ``line`` and ``key`` say where."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault of one row of an imported file; ``row`` counts as the spreadsheet does, from 1."""

    row: int
    column: str
    code: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of ``registry import --json``."""
        return asdict(self)


class RowErrors(BadInput):
    """A file whose rows are refused, with every error at once."""

    def __init__(
        self, errors: list[RowError], *, rows: int, code: str = "rows_refused", article: str | None = None
    ) -> None:
        super().__init__(code, article=article, rows=rows, count=len(errors))
        self.errors = errors


class OutsideFailed(ShuangsuiError):
    """A system outside ours failed; trying again may help unless ``permanent``."""

    exit_status = 3

    def __init__(self, code: str, *, permanent: bool = False, **params: Any) -> None:
        super().__init__(code, **params)
        self.permanent = permanent
