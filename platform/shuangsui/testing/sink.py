"""A local HTTP server that plays the outside systems: it records what it received, and fails as it is told.

``/registrar/…``, ``/directory/…``, ``/zhifa/…``, ``/portal/…``, ``/credit/…``, ``/drand/…``, ``/wecom/…``, ``/sms`` and
``/hook`` are the systems. ``GET /_sink/received`` lists what came in, ``DELETE`` forgets it; ``PUT
/_sink/faults/SYSTEM`` with a fault's name as body switches it on, ``DELETE`` off. Loopback only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from shuangsui.testing.credit import Credit
from shuangsui.testing.drand import Drand
from shuangsui.testing.faults import Fault, parsed
from shuangsui.testing.gateways import Hook, Sms, WeCom
from shuangsui.testing.systems import Answer, Directory, Portal, Registrar, Request, System, Zhifa, as_json

HOST = "127.0.0.1"
SYSTEMS = ("registrar", "directory", "zhifa", "portal", "credit", "drand", "wecom", "sms", "hook")
TOKEN = "secret"  # noqa: S105 - it guards nothing but a mock
OWN_DOORS = ("drand", "wecom", "hook")
"""Systems that anybody may ask, or that look at a secret of their own."""
HIDDEN = ("key", "corpsecret", "access_token")
"""Their parameters that nobody is shown."""
_LONGEST = 64 << 20


@dataclass(slots=True)
class _Switched:
    fault: Fault
    seen: int = 0


@dataclass(slots=True)
class Sink:
    """The server; a context manager. ``token`` must come as ``Bearer``; ``tell`` hears of every request."""

    token: str = TOKEN
    port: int = 0
    tell: Callable[[Request, int], None] = lambda _request, _status: None
    zhifa: Zhifa = field(default_factory=Zhifa)
    registrar: Registrar = field(default_factory=Registrar)
    directory: Directory = field(default_factory=Directory)
    portal: Portal = field(default_factory=Portal)
    credit: Credit = field(default_factory=Credit)
    drand: Drand = field(default_factory=Drand)
    wecom: WeCom = field(default_factory=WeCom)
    sms: Sms = field(default_factory=Sms)
    hook: Hook = field(default_factory=Hook)
    received: list[Request] = field(default_factory=list)
    _faults: dict[str, _Switched] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Sink:
        """Listen, in threads that end with the process."""
        handler = type("Handler", (_Handler,), {"sink": self})
        self._server = ThreadingHTTPServer((HOST, self.port), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening; whoever hangs is let go."""
        self._over.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def url(self, system: str) -> str:
        """The address of a system."""
        return f"http://{HOST}:{self.port}/{system}"

    def fail(self, system: str, fault: Fault | None) -> None:
        """Switch a fault of a system on, or off with None."""
        with self._lock:
            self._faults.pop(system, None)
            if fault:
                self._faults[system] = _Switched(fault)

    def wait(self, seconds: float | None = None) -> None:
        """Stay until the end or for a while."""
        self._over.wait(seconds)

    def taken(self, request: Request) -> tuple[Answer | None, bool]:
        """The answer to a request and whether to break off within it; None for no answer at all."""
        if request.system == "_sink":
            return self._ordered(request), False
        with self._lock:
            self.received.append(request)
            fault = self._fault(request.system)
        if fault and fault.down:
            return None, False
        if fault and (fault.hang or fault.delay):
            self.wait(None if fault.hang else fault.delay)
            if fault.hang:
                return None, False
        if fault and (fault.status or fault.body is not None):
            return Answer(fault.status or 200, fault.body or b"{}"), False
        return self._answer(request, fault), bool(fault and fault.cut)

    def doubled(self) -> bool:
        """Whether anything is held more than once of all that one and the same thing was handed over for."""
        return bool(self.credit.counts()["duplicates"]) or len(self.sms.held) > 1 or len(self.hook.held) > 1

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        systems: dict[str, System] = {name: getattr(self, name) for name in SYSTEMS}
        if request.system not in systems:
            return as_json({}, 404)
        if not request.authorised and request.system not in OWN_DOORS:
            return as_json({}, 401)
        with self._lock:
            answer = systems[request.system].answer(request, fault)
            if fault and fault.again and request.method == "POST":
                systems[request.system].answer(request, fault)
            return answer

    def _fault(self, system: str) -> Fault | None:
        switched = self._faults.get(system)
        if switched is None:
            return None
        switched.seen += 1
        return switched.fault if switched.fault.strikes(switched.seen - 1) else None

    def _ordered(self, request: Request) -> Answer:
        """The sink's own addresses."""
        match request.method, request.path.split("/")[1:]:
            case "GET", ["received"]:
                return as_json([_shown(one) for one in self.received])
            case "DELETE", ["received"]:
                self.received.clear()
            case "PUT", ["faults", system]:
                try:
                    self.fail(system, parsed(request.body.decode()))
                except ValueError:
                    return as_json({}, 422)
            case "DELETE", ["faults", system]:
                self.fail(system, None)
            case _:
                return as_json({}, 404)
        return as_json({"ok": "yes"})


def _shown(request: Request) -> dict[str, object]:
    """A received request without its headers: the token stays where it is."""
    return {
        "system": request.system,
        "method": request.method,
        "path": request.path,
        "query": {name: "***" if name in HIDDEN else value for name, value in request.query.items()},
        "authorised": request.authorised,
        "body": request.body.decode(errors="replace"),
    }


class _Handler(BaseHTTPRequestHandler):
    """HTTP around :meth:`Sink.taken`."""

    sink: Sink
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        request = self._request()
        answer, cut = self.sink.taken(request)
        if answer is None:
            self.close_connection = True
            return
        self.sink.tell(request, answer.status)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        self.close_connection = self.close_connection or cut

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names of the standard library

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        _, system, *rest = parts.path.split("/")
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST)
        headers = {name.lower(): value for name, value in self.headers.items()}
        authorised = headers.get("authorization") == f"Bearer {self.sink.token}"
        path, query = "/" + "/".join(rest), dict(parse_qsl(parts.query))
        body, base = self.rfile.read(length), self.sink.url(system)
        return Request(system, self.command, path, query, headers, body, authorised, base)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Quiet: ``tell`` hears of requests."""
