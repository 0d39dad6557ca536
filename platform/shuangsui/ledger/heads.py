"""How long a draw log has been, as somebody signed it: checkpoints in the public tree, and those of witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fairdraw.checkpoint import Note, Trust, check_signatures, read_note, read_trust, size_of
from fairdraw.failures import Failure

PLACE = "draws/*/checkpoint-*.txt"


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint whose signatures hold; ``cosigned`` by so many witnesses."""

    note: Note
    cosigned: int = 0

    @property
    def size(self) -> int:
        """Entries of the log."""
        return self.note.size


def published(folder: Path, trust: Trust) -> list[Head]:
    """The newest of an authority's ``folder`` that its log signed, and the newest that a witness of ``trust`` cosigned.

    A file that is no checkpoint, or has no valid signature of the log, says nothing: whoever can write there neither
    locks an authority nor lets an old database pass.
    """
    names, found = {key.name for key in trust.witnesses}, list[Head]()
    for note in _newest_first(folder) if trust.logs else ():
        if found and not names.intersection(name for name, _ in note.lines):
            continue
        if (head := _signed(note, trust)) and (not found or head.cosigned):
            found.append(head)
        if found and (found[-1].cosigned or not names):
            break
    return found


def stated(data: bytes, origin: str, witness: str) -> Head | None:
    """What the witness with this vkey has cosigned of the log; None for anything that is not signed by it."""
    try:
        note = read_note(data, "checkpoint")
        checked = check_signatures(note, "checkpoint", Trust(witnesses=read_trust(f"witness {witness}\n").witnesses))
    except Failure:
        return None
    return Head(note, len(checked.cosigned)) if note.origin == origin and checked.cosigned else None


def _newest_first(folder: Path) -> Iterator[Note]:
    """Each once, though every draw has the newest of its time; a file under the name of another size is none."""
    seen = set[bytes]()
    for path in sorted(folder.glob(PLACE), key=_size, reverse=True):
        try:
            note = read_note(data := path.read_bytes(), path.name)
        except (Failure, OSError):
            continue
        if size_of(path.name) == str(note.size) and data not in seen:
            seen.add(data)
            yield note


def _size(path: Path) -> int:
    return int(size_of(path.name) or 0)


def _signed(note: Note, trust: Trust) -> Head | None:
    try:
        checked = check_signatures(note, "checkpoint", trust)
    except Failure:
        return None
    return Head(note, len(checked.cosigned)) if checked.signed else None
