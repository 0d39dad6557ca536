"""The application refuses to start with an unlocked door (H4), and no row ever crosses the border (H5)."""

import typing
from pathlib import Path
from typing import Any

import pytest
from litestar import Controller, Litestar, Request, get, post
from litestar.params import JSONBody
from sqlmodel import SQLModel

from shuangsui.disclosure.tables import Publication
from shuangsui.migrations import metadata
from shuangsui.pages import identified, signed_in
from shuangsui.settings import Settings
from shuangsui.web.app import create_app
from shuangsui.web.boot import UnguardedRoute, check_routes, handlers


def guard(connection: object, handler: object) -> None:
    """Lets everybody in; that it is there is what counts."""


@get("/open", sync_to_thread=False)
def unlocked() -> str:
    """No guard, and does not say that it is public."""
    return ""


@get("/said", opt={"public": True}, sync_to_thread=False)
def public() -> str:
    """Says so."""
    return ""


@get("/not", opt={"public": False}, sync_to_thread=False)
def denied() -> str:
    """Says that it is not, and has no guard."""
    return ""


class Locked(Controller):
    """Guarded as a whole."""

    path = "/locked"
    guards = (guard,)

    @get(sync_to_thread=False)
    def read(self) -> str:
        """Guarded by its controller."""
        return ""


@post("/rows", guards=[guard], sync_to_thread=False)
def takes_a_row(data: JSONBody[Publication]) -> None:
    """What no handler may do."""


@get("/rows", guards=[guard], sync_to_thread=False)
def answers_rows(request: Request) -> list[Publication]:
    """Nor this: every column would go out."""
    return []


@pytest.fixture
def app(tmp_path: Path) -> Litestar:
    """The product."""
    return create_app(Settings(var=tmp_path))


def test_product_starts(app: Litestar) -> None:
    """Whatever is open to everybody has been looked at; everything else is behind a guard."""
    bare = [(path, handler) for path, handler in handlers(app) if not handler.resolve_guards()]
    assert {(path, *sorted(handler.http_methods)) for path, handler in bare} == {
        ("/", "GET", "HEAD"),
        ("/{path:path}", "GET", "HEAD"),
        ("/livez", "GET"),
        ("/readyz", "GET"),
        ("/console/login", "GET"),
        ("/console/login", "POST"),
        ("/console/enrol", "POST"),
        ("/console/language", "POST"),
        ("/console/oidc/{tenant:str}", "GET"),
        ("/console/oidc/{tenant:str}/callback", "GET"),
        ("/live/{tenant:str}/{no:str}", "GET"),
        ("/live/{tenant:str}/{no:str}/en", "GET"),
        ("/live/{tenant:str}/{no:str}/events", "GET"),
        ("/e/{token:str}", "GET"),
        ("/e/{token:str}/confirm", "GET"),
        ("/e/{token:str}/confirm", "POST"),
        ("/e/{token:str}/rectify", "GET"),
        ("/e/{token:str}/rectify", "POST"),
        ("/e/{token:str}/rate", "GET"),
        ("/e/{token:str}/rate", "POST"),
        ("/m/offline", "GET"),
        ("/m/sw.js", "GET"),
        ("/m/manifest.webmanifest", "GET"),
        ("/metrics", "GET"),
        ("/healthz", "GET"),
        ("/callbacks/{tenant:str}/{plugin:str}/{name:str}", "GET", "POST"),
        ("/witness/{tenant:str}/add-checkpoint", "POST"),
        ("/witness/{tenant:str}/{log:str}/checkpoint", "GET"),
    }


def test_console_and_api_let_in_only_who_has_signed_in(app: Litestar) -> None:
    """By the guard of the page kit, not just any; the doors are for signing in."""
    inside = [(path, handler) for path, handler in handlers(app) if path.split("/")[1] in ("console", "api", "m")]
    assert {"/console", "/api", "/m", "/api/openapi.json", "/console/logout"} <= {path for path, _ in inside}
    bare = {path for path, handler in inside if not any(map(signs_in, handler.resolve_guards()))}
    oidc = "/console/oidc/{tenant:str}"
    shell = {"/m/offline", "/m/sw.js", "/m/manifest.webmanifest"}
    assert bare == {"/console/login", "/console/enrol", "/console/language", oidc, f"{oidc}/callback", *shell}


def signs_in(guard: Any) -> bool:
    """``signed_in`` or ``identified`` itself, or what ``may`` made, which asks the latter first."""
    function = getattr(guard, "ref", guard)
    function = getattr(function, "value", function)
    return function in (signed_in, identified) or function.__qualname__.startswith("may.<locals>")


@pytest.mark.parametrize("handler", [unlocked, denied])
def test_unlocked_route_is_refused(app: Litestar, handler: object) -> None:
    """Planted into the product itself; the error names the path."""
    app.register(handler)
    with pytest.raises(UnguardedRoute, match=r"/(open|not) "):
        check_routes(app)


def test_guarded_and_public_routes_are_accepted() -> None:
    """Guards may stand on any layer."""
    app = Litestar([public, Locked], openapi_config=None, logging_config=None)
    assert check_routes(app) is app


def test_guard_of_the_application_counts() -> None:
    """The outermost layer."""
    app = Litestar([unlocked], guards=[guard], openapi_config=None, logging_config=None)
    assert check_routes(app) is app


def rows_in(app: Litestar) -> list[str]:
    """Handlers whose signature names a table's class, however deep inside another type."""
    found = []
    for path, handler in handlers(app):
        signature = handler.parsed_fn_signature
        named = [*(field.annotation for field in signature.parameters.values()), signature.return_type.annotation]
        found += [f"{path} {handler}" for annotation in named if any(map(is_table, parts(annotation)))]
    return found


def parts(annotation: object) -> list[object]:
    """The type itself and every type inside it."""
    return [annotation, *(inner for argument in typing.get_args(annotation) for inner in parts(argument))]


def is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, SQLModel) and hasattr(kind, "__table__")


def test_no_row_in_any_signature(app: Litestar) -> None:
    """Requests and answers have types of their own."""
    assert metadata().tables
    assert rows_in(app) == []


@pytest.mark.parametrize("handler", [takes_a_row, answers_rows])
def test_row_in_a_signature_is_found(app: Litestar, handler: object) -> None:
    """The check above can fail."""
    app.register(handler)
    assert len(rows_in(app)) == 1
