"""Ed25519 after RFC 8032 section 5.1: verification without cofactor, and signing for a contributor's own tool.

Plain integers: nothing here runs in constant time. Sign with it on a machine of your own only.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""

_ZERO: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


@lru_cache(maxsize=64)
def _doublings(p: Point) -> tuple[Point, ...]:
    """``p, 2p, 4p …`` for scalars of 255 bits: the base point and a reader's few keys come again and again."""
    points = [p]
    for _ in range(254):
        points.append(_add(points[-1], points[-1]))
    return tuple(points)


def _multiply(n: int, p: Point) -> Point:
    q = _ZERO
    for i, point in enumerate(_doublings(p)):
        if n >> i & 1:
            q = _add(q, point)
    return q


def _recover_x(y: int, sign: int) -> int | None:
    """The x of a point with this y and this low bit, None if there is none."""
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _ROOT % _P
    if (x * x - x2) % _P:
        return None
    return _P - x if x & 1 != sign else x


def _decode(data: bytes) -> Point | None:
    """The point of 32 canonical bytes, None for any other bytes."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = _recover_x(y, sign) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _encode(p: Point) -> bytes:
    z = pow(p[2], -1, _P)
    x, y = p[0] * z % _P, p[1] * z % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _base() -> Point:
    y = 4 * pow(5, -1, _P) % _P
    x = _recover_x(y, 0)
    assert x is not None
    return x, y, 1, x * y % _P


_B = _base()


def _scalar(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _L


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 5.1.7 without cofactor, S < L, canonical A and R (srd-1 7.4)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = _decode(public), _decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _L:
        return False
    k = _scalar(signature[:32], public, message)
    return _encode(_multiply(s, _B)) == _encode(_add(r, _multiply(k, a)))


def _secret_scalar(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    clamped = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    return clamped, digest[32:]


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte private seed (5.1.5)."""
    return _encode(_multiply(_secret_scalar(seed)[0], _B))


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of ``message`` (5.1.6), deterministic."""
    scalar, prefix = _secret_scalar(seed)
    public = _encode(_multiply(scalar, _B))
    nonce = _scalar(prefix, message)
    r = _encode(_multiply(nonce, _B))
    s = (nonce + _scalar(r, public, message) * scalar) % _L
    return r + s.to_bytes(32, "little")
