"""How an outside system may fail, as a switch: what it does instead of its answer, when, and how often."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = "500（任意状态码）、hang、delay:秒数、cut、garbled、wrong、lost"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; ``after`` so many good answers, for ``times`` requests or for good.

    ``status`` answers with it · ``body`` answers 200 with these bytes · ``hang`` never answers · ``delay`` answers so
    many seconds late · ``cut`` ends the connection within the answer · ``wrong`` answers in good form something that
    is not so · ``lost`` says 200 and forgets.
    """

    status: int | None = None
    body: bytes | None = None
    hang: bool = False
    delay: float = 0
    cut: bool = False
    wrong: bool = False
    lost: bool = False
    after: int = 0
    times: int | None = None

    def strikes(self, earlier: int) -> bool:
        """Whether it comes with the request before which there were ``earlier`` ones since it was switched on."""
        return earlier >= self.after and (self.times is None or earlier < self.after + self.times)


def parsed(text: str) -> Fault:
    """``text`` as a person types it; ``ValueError`` for anything but :data:`NAMES`."""
    name, _, seconds = text.partition(":")
    if name.isdigit() and 100 <= int(name) <= 599:
        return Fault(status=int(name))
    if name == "delay":
        return Fault(delay=float(seconds))
    if name == "garbled":
        return Fault(body=b"<html>\xff")
    if name in ("hang", "cut", "wrong", "lost") and not seconds:
        return Fault(hang=name == "hang", cut=name == "cut", wrong=name == "wrong", lost=name == "lost")
    raise ValueError(text)
