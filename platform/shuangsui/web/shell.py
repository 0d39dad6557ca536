"""What lets the phone's pages work without a network: a shell that knows nobody, the worker that hands it out, the
manifest; and the page of what waits on the phone."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get

from shuangsui.pages import here_of, may
from shuangsui.web.errors import answer_json
from shuangsui.web.frame import HTML, answered
from shuangsui.web.languages import language_of
from shuangsui.web.phone import around
from shuangsui.web.rendering import STATIC, render, static_url, static_version

PUBLIC = {"public": True}
TEMPLATE = "phone/outbox.html"
SAID = {"notice": None, "once": None, "problem": None}


@get("/m/outbox", guards=[may("inspect")])
async def outbox(request: Request[Any, Any, Any]) -> Response[Any]:
    """What waits to be sent; the list is the phone's own."""

    def work() -> Response[Any]:
        with here_of(request) as here:
            return answered(request, TEMPLATE, {**around(request, here), **SAID, "title": "待送内容"})

    return await to_thread.run_sync(work)


@get("/m/offline", opt=PUBLIC, sync_to_thread=False)
def shell(request: Request[Any, Any, Any]) -> Response[Any]:
    """The same without anybody: kept by the worker for the time without a network."""
    nobody = {"tenant": {"name": "双随机、一公开监管平台"}, "who": "", "csrf": "", "ahead": None}
    text = render(TEMPLATE, language_of(request), **nobody, **SAID, actor=None, at=static_version(), title="离线填写")
    return Response(text, media_type=HTML)


@get("/m/sw.js", opt=PUBLIC, sync_to_thread=False)
def worker() -> Response[Any]:
    """Below ``/m`` itself: a worker reaches no further than its own folder."""
    return Response((STATIC / "js" / "phone" / "worker.js").read_text("utf-8"), media_type="text/javascript")


@get("/m/manifest.webmanifest", opt=PUBLIC, sync_to_thread=False)
def manifest() -> Response[Any]:
    """For the phone's first screen."""
    icon = {"src": static_url("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    said = {
        "name": "双随机现场检查", "short_name": "双随机", "lang": "zh-CN", "start_url": "/m/", "scope": "/m/",
        "display": "standalone", "theme_color": "#0a3f86", "background_color": "#f3f5f9", "icons": [icon],
    }  # fmt: skip
    answer = answer_json(said)
    answer.media_type = "application/manifest+json"
    return answer


HANDLERS = (outbox, shell, worker, manifest)
