"""``add-checkpoint`` of C2SP tlog-witness: each authority is a witness for logs that it watches, of any operator.

Submission prefix: ``/witness/<tenant>``. Open to everybody, since a log proves itself by its signature.
"""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, post
from litestar.exceptions import NotFoundException

from shuangsui import db
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.witnessing import witness_name
from shuangsui.ledger import service, submission
from shuangsui.ledger.submission import ACTOR, Answer
from shuangsui.ledger.tables import KeyRole
from shuangsui.pages.guards import house_of

Asked = Request[Any, Any, Any]
LARGEST = 64 << 10


@post("/witness/{tenant:str}/add-checkpoint", opt={"public": True}, status_code=200, request_max_body_size=LARGEST)
async def add_checkpoint(request: Asked) -> Response[str]:
    """A cosignature, or the status that says why not."""
    data = await request.body()
    answer = await to_thread.run_sync(lambda: _answer(request, data, **request.path_params))
    return Response(answer.text, status_code=answer.status, media_type=answer.kind)


HANDLERS = (add_checkpoint,)


def _answer(request: Asked, data: bytes, tenant: str) -> Answer:
    house = house_of(request)
    if tenant not in [one.slug for one in house.tree(house.today())]:
        raise NotFoundException
    with db.session(house.engine, tenant) as session:
        office = house.office(session, legal_day(db.now(session)))
        name = witness_name(office.tenant)
        return submission.add_checkpoint(
            session, lambda: service.signer(session, office.keyring, KeyRole.WITNESS, name, actor=ACTOR), data
        )
