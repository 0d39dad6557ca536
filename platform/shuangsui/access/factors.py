"""The second factor: codes of the minute (TOTP, RFC 6238) from a secret that the master key seals, and recovery codes.

A secret that nobody has confirmed yet is stored nowhere: it travels, sealed and dated, in the form that confirms it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from pyotp import TOTP, random_base32

from shuangsui.access import service
from shuangsui.access.passwords import ALPHABET
from shuangsui.access.policy import check_factor_reset
from shuangsui.access.tables import SecondFactor, User
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, Misconfigured, NotAllowed, NotFound
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import record

STEP = 30
DRIFT = (0, -1, 1)
"""Steps by which a telephone's clock may differ."""
RECOVERY = 8
PATIENCE = timedelta(minutes=15)
"""How long a secret may wait for its first code."""
EVERYWHERE = "*"
"""Where the secrets are sealed for: a person has one, whatever the authority."""

Passed = Literal["totp", "recovery"]
Where = Literal["door", "inside"]
"""Where a draft is confirmed. One that was shown within a session opens none: whoever reads it may be a program."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A new secret for somebody's telephone; ``address`` is what its QR code says."""

    secret: str
    address: str
    ticket: str


def draft(keyring: Keyring, user: User, moment: datetime, *, label: str, where: Where) -> Draft:
    """A fresh secret, to be confirmed within a quarter of an hour while the password stays the same."""
    secret = random_base32()
    kept = {"secret": secret, "label": label, "until": (moment + PATIENCE).isoformat(), "password": _mark(user)}
    sealed = keyring.seal(json.dumps(kept).encode(), **_draft_place(user, where))
    return _shown(user, secret, label, urlsafe_b64encode(sealed).decode())


def again(keyring: Keyring, user: User, ticket: str, moment: datetime, where: Where) -> Draft:
    """The draft behind a ticket.

    :class:`BadInput` ``factor_over`` for one that is too old, altered, another's, or to be confirmed elsewhere.
    """
    try:
        sealed = urlsafe_b64decode(ticket)
        kept = json.loads(keyring.open(sealed, **_draft_place(user, where)))
    except (ValueError, Misconfigured):
        raise BadInput("factor_over") from None
    if moment > datetime.fromisoformat(kept["until"]) or kept["password"] != _mark(user):
        raise BadInput("factor_over")
    return _shown(user, kept["secret"], kept["label"], ticket)


def reopened(session: TenantSession, keyring: Keyring, login: str, ticket: str) -> Draft:
    """The draft of somebody who has not signed in; :class:`BadInput` ``factor_over`` for nobody's as well."""
    user = service.user_of(session, login)
    if user is None:
        raise BadInput("factor_over")
    return again(keyring, user, ticket, now(session), "door")


def enrol(session: TenantSession, keyring: Keyring, user: User, ticket: str, code: str, where: Where) -> list[str]:
    """Keep the ticket's secret once its first code is right; the recovery codes, shown now and never again.

    Ends every session that was begun without it, in every authority. The caller writes the ledger.
    :class:`NotAllowed` ``factor_held`` for somebody who has one; :class:`BadInput` ``factor_code_wrong``.
    """
    if held(session, user):
        raise NotAllowed("factor_held", login=user.login)
    moment = now(session)
    made = again(keyring, user, ticket, moment, where)
    step = _step_of(made.secret, _typed(code), moment, after=0)
    if step is None:
        raise BadInput("factor_code_wrong")
    codes = [_recovery_code() for _ in range(RECOVERY)]
    sealed = keyring.seal(made.secret.encode(), **_place(user))
    kept = [_digest(one) for one in codes]
    session.add(SecondFactor(user_id=user.id, sealed=sealed, since=moment, step=step, recovery=kept))
    user.sessions_after = moment
    session.add(user)
    session.flush()
    return codes


def passed(session: TenantSession, keyring: Keyring, factor: SecondFactor, user: User, code: str) -> Passed | None:
    """Which kind of code it is, if it is right; it is used up by that, in every authority at once."""
    session.refresh(factor, with_for_update=True)
    typed, digest = _typed(code), _digest(code)
    step = _step_of(keyring.open(factor.sealed, **_place(user)).decode(), typed, now(session), after=factor.step)
    if step is None and digest not in factor.recovery:
        return None
    session.add(factor)
    if step is not None:
        factor.step = step
        return "totp"
    factor.recovery = [one for one in factor.recovery if one != digest]
    return "recovery"


def held(session: TenantSession, user: User) -> SecondFactor | None:
    """The person's second factor."""
    return session.get(SecondFactor, user.id)


def reset(session: TenantSession, login: str, *, by: str) -> None:
    """Forget somebody's second factor, whose telephone is lost; ends every session of theirs.

    By a security administrator of the authority that gave the password out, and never by the person.
    :class:`NotAllowed` ``self_factor``, ``password_other_home``; :class:`NotFound` ``factor_missing``.
    """
    lock_tenant(session)
    service.require(session, by, "manage_users")
    check_factor_reset(login=login, by=by)
    user = service.existing(session, login)
    service.check_home(session, user)
    session.refresh(user, with_for_update=True)
    factor = held(session, user)
    if factor is None:
        raise NotFound("factor_missing", login=login)
    session.delete(factor)
    user.sessions_after = now(session)
    session.add(user)
    record(session, "factor.reset", actor=by, subject=login, payload={})


def _step_of(secret: str, code: str, moment: datetime, *, after: int) -> int | None:
    """Which step's code it is; one that is not newer than ``after`` has been used."""
    totp, now_ = TOTP(secret), int(moment.timestamp()) // STEP
    right = [now_ + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(now_ + drift), code)]
    return next((step for step in right if step > after), None)


def _typed(code: str) -> str:
    """As people type it, with spaces in the middle; anything but digits is no code of the minute."""
    plain = "".join(code.split())
    return plain if plain.isascii() else ""


def _recovery_code() -> str:
    """79 bits in four groups: too many to be tried out, hence hashed without salt or cost."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _digest(code: str) -> str:
    return sha256("".join(code.lower().split()).encode()).hexdigest()


def _mark(user: User) -> str:
    """Which password the draft was made for."""
    return sha256((user.password_hash or "").encode()).hexdigest()


def _place(user: User) -> dict[str, str]:
    return {"tenant": EVERYWHERE, "purpose": "second-factor", "row": str(user.id)}


def _draft_place(user: User, where: Where) -> dict[str, str]:
    return {"tenant": EVERYWHERE, "purpose": f"factor-draft-{where}", "row": str(user.id)}


def _shown(user: User, secret: str, label: str, ticket: str) -> Draft:
    return Draft(secret, TOTP(secret).provisioning_uri(name=user.login, issuer_name=label), ticket)
