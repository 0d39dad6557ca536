"""How an outside system may fail, as a switch: what it does instead of its answer, when, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NAMES = (
    "500（任意状态码）、down、hang、delay:秒数、cut、garbled、wrong、lost、lost:比例、again、twice、forged、fickle、"
    "late:次数、code:错误码"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; ``after`` so many good answers, for ``times`` requests or for good.

    ``status`` answers with it · ``body`` answers 200 with these bytes · ``hang`` never answers · ``delay`` answers so
    many seconds late · ``cut`` ends the connection within the answer · ``wrong`` answers in good form something that
    is not so · ``down`` breaks every connection off · ``lost`` says 200 and forgets, ``share`` of what it is given ·
    ``again``: the network delivers every ``POST`` two times · ``twice`` keeps everything two times over ·
    ``late`` shows what there is only after so many looks · ``forged`` answers in good form what somebody made up ·
    ``fickle`` answers otherwise every time it is asked · ``code`` is the error that a gateway answers with.
    """

    status: int | None = None
    body: bytes | None = None
    hang: bool = False
    delay: float = 0
    cut: bool = False
    wrong: bool = False
    lost: bool = False
    share: float = 1
    down: bool = False
    again: bool = False
    twice: bool = False
    fickle: bool = False
    late: int = 0
    forged: bool = False
    code: str = ""
    after: int = 0
    times: int | None = None

    def strikes(self, earlier: int) -> bool:
        """Whether it comes with the request before which there were ``earlier`` ones since it was switched on."""
        return earlier >= self.after and (self.times is None or earlier < self.after + self.times)


SWITCHES: Mapping[str, Fault] = {
    "down": Fault(down=True),
    "hang": Fault(hang=True),
    "cut": Fault(cut=True),
    "wrong": Fault(wrong=True),
    "lost": Fault(lost=True),
    "again": Fault(again=True),
    "twice": Fault(twice=True),
    "forged": Fault(forged=True),
    "fickle": Fault(fickle=True),
}
"""Those that need no figure."""


def parsed(text: str) -> Fault:
    """``text`` as a person types it; ``ValueError`` for anything but :data:`NAMES`."""
    name, _, figure = text.partition(":")
    if name.isdigit() and 100 <= int(name) <= 599:
        return Fault(status=int(name))
    if name == "delay":
        return Fault(delay=float(figure))
    if name == "garbled":
        return Fault(body=b"<html>\xff")
    if name == "late":
        return Fault(late=int(figure))
    if name == "code" and figure.isalnum():
        return Fault(code=figure)
    if name == "lost" and figure:
        return Fault(lost=True, share=float(figure))
    if name in SWITCHES and not figure:
        return SWITCHES[name]
    raise ValueError(text)
