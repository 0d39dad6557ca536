"""Signatures of Standard Webhooks, of what goes out and of what comes back."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook as Signer
from standardwebhooks import WebhookVerificationError

from shuangsui import OutsideFailed

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as the standard has them."""
NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


def signer(variable: str) -> Signer:
    """With the secret in the environment variable; :class:`OutsideFailed` for good if that holds none.

    The library takes whatever looks a little like base64, so that is looked at first.
    """
    text = os.environ.get(variable, "").strip()
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(PREFIX) or not SHORTEST <= len(secret) <= LONGEST:
        what = f"环境变量 {variable} 没有签名密钥：应为 {PREFIX} 加上 {SHORTEST} 至 {LONGEST} 个随机字节的 base64"
        raise OutsideFailed("webhook_secret", permanent=True, problem=f"{what}，请管理员设置")
    return Signer(secret)


def signed(signer: Signer, number: str, body: bytes) -> dict[str, str]:
    """The three headers for ``body``, as of now; ``number`` is the same for every attempt."""
    now = datetime.now(UTC)
    return dict(zip(NAMES, (number, str(int(now.timestamp())), signer.sign(number, now, body.decode())), strict=True))


def opened(signer: Signer, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any] | None:
    """The JSON object that was signed, not more than five minutes from now; None for anything else."""
    try:
        signer.verify(body, dict(headers), json_parse=False)
        found = json.loads(body)
    except (WebhookVerificationError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
