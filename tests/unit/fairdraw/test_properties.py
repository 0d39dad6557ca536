"""srd-1 section 16, P1: every bit of every input moves the seed. (P2 to P8 stand with their modules.)"""

from __future__ import annotations

import transcripts
from fairdraw.draw import draw_seed

MADE = transcripts.plain().made
ENTRY = MADE.entries[0].hash
REVEALS = {who: links[-1] for who, links in MADE.chains.items()}
VALUE = transcripts.DIGITS


def seed_of(entry: bytes = ENTRY, reveals: dict[str, bytes] = REVEALS, value: str = VALUE) -> bytes:
    return draw_seed(MADE.plan, entry, reveals, [value])


def bits(value: bytes) -> list[bytes]:
    """The value with each of its bits flipped."""
    return [value[: j // 8] + bytes([value[j // 8] ^ 1 << j % 8]) + value[j // 8 + 1 :] for j in range(8 * len(value))]


def test_p1_every_bit_of_every_contributor_value_moves_the_seed() -> None:
    """768 bits, 768 other seeds."""
    seeds = {seed_of(reveals=REVEALS | {who: v}) for who, value in REVEALS.items() for v in bits(value)}
    assert len(seeds) == 3 * 256
    assert MADE.draw is not None
    assert MADE.draw.seed == seed_of() not in seeds


def test_p1_every_bit_of_the_plan_entry_moves_the_seed() -> None:
    """E binds log, position, history and plan."""
    assert len({seed_of(entry=e) for e in bits(ENTRY)} - {seed_of()}) == 256


def test_p1_every_digit_of_the_event_moves_the_seed() -> None:
    """Each place, each other digit."""
    others = {VALUE[:i] + d + VALUE[i + 1 :] for i in range(len(VALUE)) for d in "0123456789"} - {VALUE}
    assert len({seed_of(value=v) for v in others} - {seed_of()}) == 180


def test_p1_contributors_cannot_exchange_their_values() -> None:
    """A value counts for who revealed it."""
    a, b, _ = REVEALS
    assert seed_of(reveals=REVEALS | {a: REVEALS[b], b: REVEALS[a]}) != seed_of()
