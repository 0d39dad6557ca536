"""C2SP tlog-witness: each authority is a witness for logs that it watches, of any operator.

Submission and monitoring prefix: ``/witness/<tenant>``. Open to everybody: a log proves itself by its signature, and
what was cosigned is for everybody to know.
"""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from shuangsui import db
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger import service, submission, witness
from shuangsui.ledger.submission import ACTOR, TEXT, Answer
from shuangsui.ledger.tables import KeyRole
from shuangsui.ledger.witness import witness_name
from shuangsui.pages.guards import House, house_of

Asked = Request[Any, Any, Any]
LARGEST = 64 << 10


@post("/witness/{tenant:str}/add-checkpoint", opt={"public": True}, status_code=200, request_max_body_size=LARGEST)
async def add_checkpoint(request: Asked) -> Response[str]:
    """A cosignature, or the status that says why not."""
    data = await request.body()
    answer = await to_thread.run_sync(lambda: _answer(request, data, **request.path_params))
    return Response(answer.text, status_code=answer.status, media_type=answer.kind)


@get("/witness/{tenant:str}/{log:str}/checkpoint", opt={"public": True})
async def cosigned_checkpoint(request: Asked) -> Response[str]:
    """What was cosigned last of a log, by the SHA-256 of its origin; not found if that is nothing."""
    text = await to_thread.run_sync(lambda: _cosigned(request, **request.path_params))
    return Response(text, media_type=TEXT, headers={"Cache-Control": "no-store"})


HANDLERS = (add_checkpoint, cosigned_checkpoint)


def _cosigned(request: Asked, tenant: str, log: str) -> str:
    house = _house(request, tenant)
    with db.session(house.engine, tenant, readonly=True) as session:
        office = house.office(session, legal_day(db.now(session)))
        found = witness.newest(session, office.keyring, witness_name(office.tenant), log)
    if found is None:
        raise NotFoundException
    return found


def _house(request: Asked, tenant: str) -> House:
    """Of a tenant that there is."""
    house = house_of(request)
    if tenant not in [one.slug for one in house.tree(house.today())]:
        raise NotFoundException
    return house


def _answer(request: Asked, data: bytes, tenant: str) -> Answer:
    house = _house(request, tenant)
    with db.session(house.engine, tenant) as session:
        office = house.office(session, legal_day(db.now(session)))
        name = witness_name(office.tenant)
        return submission.add_checkpoint(
            session, lambda: service.signer(session, office.keyring, KeyRole.WITNESS, name, actor=ACTOR), data
        )
