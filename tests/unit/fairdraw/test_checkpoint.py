"""srd-1 7.4: checkpoints, cosignatures, quorum."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

import transcripts
from fairdraw.verification import unix
from transcripts import AT, ORIGIN, TRUST, WITNESSES, Files

W1, W2, W3 = WITNESSES
FULL = transcripts.full().files
SIZE = len(transcripts.entries(FULL))
BEFORE, AFTER = int(unix(transcripts.at(30))), int(unix(transcripts.at(95)))
LAST = f"checkpoint-{SIZE}.txt"

Text = Callable[[str], str]


def signed(*witnesses: str, size: int = SIZE, time: int = AFTER, log: str | None = ORIGIN) -> bytes:
    """A checkpoint by the log's key and some witnesses."""
    log_line = [("log", log, 0)] if log else []
    return transcripts.note(FULL, size, *log_line, *(("witness", name, time) for name in witnesses))


def judged(trust: str | None = TRUST, **checkpoints: bytes) -> str:
    """The code or verdict with ``s1`` after PLAN and ``s<SIZE>`` over the last entry replaced."""
    files = FULL | {f"checkpoint-{name[1:]}.txt": data for name, data in checkpoints.items()}
    return transcripts.code(files, trust)


def last(data: bytes | str) -> str:
    """The code or verdict with another last checkpoint."""
    return judged(**{f"s{SIZE}": data if isinstance(data, bytes) else data.encode()})


def test_7_4_two_cosigned_checkpoints_make_it_witnessed() -> None:
    """The example itself."""
    assert transcripts.verdict(FULL, TRUST) == "VERIFIED witnessed"


def lines(edit: Callable[[list[str]], object]) -> Text:
    """An edit of the lines of a checkpoint."""

    def change(text: str) -> str:
        parts = text.split("\n")
        edit(parts)
        return "\n".join(parts)

    return change


def put(line: int, value: str) -> Text:
    return lines(lambda parts: parts.__setitem__(line, value))


FORMAT: dict[str, Text] = {
    "empty": lambda _: "",
    "only line feeds": lambda _: "\n\n\n",
    "no signature": lambda t: t[: t.index("\n\n") + 2],
    "no blank line": lambda t: t.replace("\n\n", "\n"),
    "no final LF": lambda t: t[:-1],
    "empty line at the end": lambda t: t + "\n",
    "CR LF": lambda t: t.replace("\n", "\r\n"),
    "byte order mark": lambda t: "\ufeff" + t,
    "two text lines": lines(lambda parts: parts.pop(2)),
    "empty origin": put(0, ""),
    "other origin": put(0, "other.gov.cn/log"),
    "size 0": put(1, "0"),
    "size with zero": put(1, f"0{SIZE}"),
    "size with sign": put(1, f"+{SIZE}"),
    "size in hex": put(1, hex(SIZE)),
    "size with space": put(1, f"{SIZE} "),
    "size beyond the log": put(1, str(SIZE + 1)),
    "size of many digits": put(1, "1" * 5000),
    "size in full-width digits": put(1, "２３"),
    "size of another file": put(1, str(SIZE - 1)),
    "root of 31 bytes": put(2, base64.b64encode(bytes(31)).decode()),
    "root without padding": lines(lambda parts: parts.__setitem__(2, parts[2].rstrip("="))),
    "root not base64": put(2, "根"),
    "root with stray bits": put(2, "A" * 42 + "B="),
    "hyphen for the dash": lambda t: t.replace("—", "-", 1),
    "two spaces after the dash": lambda t: t.replace("— ", "—  ", 1),
    "name with plus": lambda t: t.replace(f"— {ORIGIN}", "— a+b", 1),
    "no signature text": put(4, f"— {ORIGIN} "),
    "signature not base64": put(4, f"— {ORIGIN} !!!!"),
    "signature without padding": put(4, f"— {ORIGIN} " + "A" * 91),
    "signature of the key id alone": put(4, f"— {ORIGIN} AAAAAA=="),
    "signature trailing word": put(4, f"— {ORIGIN} AAAA x"),
    "blank line among signatures": lines(lambda parts: parts.insert(5, "")),
}


@pytest.mark.parametrize("edit", FORMAT.values(), ids=list(FORMAT))
def test_7_4_checkpoint_of_another_form_is_checkpoint_format(edit: Text) -> None:
    """Form, origin, size, base64, with or without a trust list."""
    changed = edit(FULL[LAST].decode())
    assert last(changed) == "CHECKPOINT_FORMAT"
    assert judged(trust=None, **{f"s{SIZE}": changed.encode()}) == "CHECKPOINT_FORMAT"


def test_7_4_checkpoint_that_is_no_utf_8_is_checkpoint_format() -> None:
    """Bytes of any kind."""
    assert last(b"\xff" + FULL[LAST]) == last(bytes(range(256))) == "CHECKPOINT_FORMAT"


@pytest.mark.parametrize("name", ["checkpoint-0.txt", "checkpoint-01.txt", f"checkpoint-{'9' * 5000}.txt"])
def test_7_4_file_name_names_the_size(name: str) -> None:
    """A leading zero is CHECKPOINT_FORMAT."""
    assert transcripts.code(FULL | {name: signed(W1, W2, size=1, time=BEFORE)}, TRUST) == "CHECKPOINT_FORMAT"


@pytest.mark.parametrize("name", ["checkpoint-.txt", "checkpoint-x.txt", "checkpoint-1.txt.bak", "checkpoint--1.txt"])
def test_7_4_other_file_names_are_ignored(name: str) -> None:
    """Not even read."""
    assert transcripts.verdict(FULL | {name: b"rubbish"}, TRUST) == "VERIFIED witnessed"


def test_7_4_files_are_taken_in_ascending_byte_order() -> None:
    """checkpoint-10 comes before checkpoint-2."""
    line = transcripts.verdict(FULL | {"checkpoint-2.txt": b"", "checkpoint-10.txt": b""}, TRUST)
    assert line == "FAIL CHECKPOINT_FORMAT checkpoint-10.txt"


def test_7_4_other_root_is_checkpoint_root() -> None:
    """After the syntax of all signature lines, before any signature."""
    other = base64.b64encode(bytes(32)).decode()
    assert last(put(2, other)(FULL[LAST].decode())) == "CHECKPOINT_ROOT"
    broken = put(2, other)(FULL[LAST].decode()) + "— x !!!!\n"
    assert last(broken) == "CHECKPOINT_FORMAT"


def test_7_4_extension_lines_are_signed_too() -> None:
    """More text lines are allowed; the signatures must cover them."""
    text = FULL[LAST].decode()
    head = text[: text.index("\n\n") + 1] + "extension\n"
    lines_ = [transcripts.signature(head, "log", ORIGIN, 0)]
    lines_ += [transcripts.signature(head, "witness", name, AFTER) for name in (W1, W2)]
    assert last(head + "\n" + "".join(lines_)) == "VERIFIED witnessed"
    assert last(text.replace("\n\n", "\nextension\n\n")) == "CHECKPOINT_SIG"


def test_7_4_unknown_names_and_ids_are_ignored() -> None:
    """Signatures of strangers neither help nor hurt."""
    stranger = "— stranger.example/witness " + base64.b64encode(b"abcd" + bytes(72)).decode() + "\n"
    assert last(FULL[LAST].decode() + stranger) == "VERIFIED witnessed"
    assert last(FULL[LAST].decode().replace(f"— {W2} ", "— w9.test/witness ")) == "VERIFIED unwitnessed"


def _payload(line: int, edit: Callable[[bytes], bytes]) -> str:
    """The last checkpoint with the base64 of one signature line edited."""
    parts = FULL[LAST].decode().split("\n")
    head, encoded = parts[line].rsplit(" ", 1)
    parts[line] = f"{head} {base64.b64encode(edit(base64.b64decode(encoded))).decode()}"
    return "\n".join(parts)


LOG_LINE, W1_LINE = 4, 5


@pytest.mark.parametrize("line", [LOG_LINE, W1_LINE], ids=["log", "witness"])
@pytest.mark.parametrize(
    "edit",
    [lambda p: p[:-1] + bytes([p[-1] ^ 1]), lambda p: p + b"\x00", lambda p: p[:-1], lambda p: p[:4] + p[5:] + p[4:5]],
    ids=["flipped", "longer", "shorter", "rotated"],
)
def test_7_4_bad_signature_of_a_known_key_is_checkpoint_sig(line: int, edit: Callable[[bytes], bytes]) -> None:
    """Wrong length included."""
    assert last(_payload(line, edit)) == "CHECKPOINT_SIG"
    unknown = judged(trust=None, **{f"s{SIZE}": _payload(line, edit).encode()})
    assert unknown == "VERIFIED unwitnessed"


def test_7_4_cosignature_covers_its_time() -> None:
    """Another time is another message."""
    assert last(_payload(W1_LINE, lambda p: p[:4] + (AFTER - 1).to_bytes(8, "big") + p[12:])) == "CHECKPOINT_SIG"


def test_7_4_trusted_log_key_must_have_signed() -> None:
    """Once the reader lists a log key of this origin; without one the verdict is unwitnessed at best."""
    assert last(signed(W1, W2, log=None)) == "CHECKPOINT_SIG"
    witnesses_only = "".join(transcripts.vkey_line("witness", name) for name in WITNESSES)
    assert judged(trust=witnesses_only) == "VERIFIED unwitnessed"
    other = transcripts.vkey_line("log", "other.gov.cn/log", b"\x07" * 32)
    assert judged(trust=witnesses_only + other) == "VERIFIED unwitnessed"


def test_7_4_forged_checkpoint_by_an_untrusted_key_fails() -> None:
    """The log's name with another key is no signature of the log."""
    text = FULL[LAST].decode()[: FULL[LAST].decode().index("\n\n") + 1]
    forged = transcripts.signature(text, "log", ORIGIN, 0, b"\x66" * 32)
    cosigned = "".join(transcripts.signature(text, "witness", name, AFTER, b"\x67" * 32) for name in WITNESSES)
    assert last(text + "\n" + forged + cosigned) == "CHECKPOINT_SIG"


def test_7_4_quorum_counts_distinct_witness_keys() -> None:
    """One witness twice is one; three of three more than enough."""
    assert last(signed(W1)) == "VERIFIED unwitnessed"
    assert last(signed(W1, W1)) == "VERIFIED unwitnessed"
    assert last(signed(W1, W3)) == "VERIFIED witnessed"
    assert last(signed(W1, W2, W3)) == "VERIFIED witnessed"


@pytest.mark.parametrize(("quorum", "verdict"), [(1, "witnessed"), (2, "witnessed"), (3, "unwitnessed")])
def test_7_4_explicit_quorum(quorum: int, verdict: str) -> None:
    """Both checkpoints carry two cosignatures."""
    assert judged(trust=TRUST + f"quorum {quorum}\n") == f"VERIFIED {verdict}"


def test_7_4_one_key_under_two_names_is_one_witness() -> None:
    """Distinct public keys, not distinct names."""
    seed = transcripts.private("witness", W1)
    alias = transcripts.vkey_line("witness", "w1b.test/witness", seed)
    trust = transcripts.vkey_line("log", ORIGIN) + transcripts.vkey_line("witness", W1) + alias
    text = FULL[LAST].decode()
    head = text[: text.index("\n\n") + 1]
    both = "".join(transcripts.signature(head, "witness", n, AFTER, seed) for n in (W1, "w1b.test/witness"))
    log_line = transcripts.signature(head, "log", ORIGIN, 0)
    early = signed(W1, size=1, time=BEFORE)
    data = {f"s{SIZE}": (head + "\n" + log_line + both).encode(), "s1": early}
    assert judged(trust=trust, **data) == "VERIFIED unwitnessed"
    assert judged(trust=trust + "quorum 1\n", **data) == "VERIFIED witnessed"


def test_7_4_witness_that_is_the_log_key_does_not_count() -> None:
    """A witness run by the log's owner proves nothing."""
    seed = transcripts.private("log", ORIGIN)
    own = transcripts.vkey_line("witness", "own.test/witness", seed)
    trust = transcripts.vkey_line("log", ORIGIN) + own + "quorum 1\n"

    def cosigned(size: int, time: int) -> bytes:
        text = transcripts.note(FULL, size).decode()[:-1]
        own_line = transcripts.signature(text, "witness", "own.test/witness", time, seed)
        return (text + "\n" + transcripts.signature(text, "log", ORIGIN, 0) + own_line).encode()

    assert judged(trust=trust, s1=cosigned(1, BEFORE), **{f"s{SIZE}": cosigned(SIZE, AFTER)}) == "VERIFIED unwitnessed"


def without_first() -> Files:
    return {name: data for name, data in FULL.items() if name != "checkpoint-1.txt"}


def test_12_1_plan_must_be_cosigned_before_the_event() -> None:
    """Size at most the index of the first EVENT; times before the smallest ``at``."""
    event = unix(AT)
    assert transcripts.code(without_first(), TRUST) == "VERIFIED unwitnessed"
    late = {"checkpoint-2.txt": signed(W1, W2, size=2, time=BEFORE)}
    assert transcripts.code(without_first() | late, TRUST) == "VERIFIED unwitnessed"
    assert judged(s1=signed(W1, W2, size=1, time=int(event) - 1)) == "VERIFIED witnessed"
    assert judged(s1=signed(W1, W2, size=1, time=int(event))) == "VERIFIED unwitnessed"


def test_12_1_last_entry_of_the_draw_must_be_covered() -> None:
    """A checkpoint one entry short does not count."""
    files = {name: data for name, data in FULL.items() if name != LAST}
    assert transcripts.code(files, TRUST) == "VERIFIED unwitnessed"
    short = {f"checkpoint-{SIZE - 1}.txt": signed(W1, W2, size=SIZE - 1)}
    assert transcripts.code(files | short, TRUST) == "VERIFIED unwitnessed"


def test_7_4_cosignature_of_the_last_second_of_64_bits_is_shown() -> None:
    """A witness may write any time; the report must not break on it."""
    time = 2**64 - 1
    files = FULL | {LAST: signed(W1, W2, time=time)}
    assert transcripts.verdict(files, TRUST) == "VERIFIED witnessed"
    assert transcripts.counts_of(files, TRUST)[-1] == f"状态截至 Unix {time}，日志长度 {SIZE}；之后可能还有记录"


def test_7_4_sm3_log_has_checkpoints_of_the_same_form() -> None:
    """Only the tree's hash differs."""
    given = transcripts.inputs(log_suite="sm3", checkpoints=[transcripts.cosigned(1, transcripts.at(30))])
    given["checkpoints"].append(transcripts.cosigned(len(given["log_given"]), transcripts.at(95)))
    assert transcripts.verdict(transcripts.build(given).files, TRUST) == "VERIFIED witnessed"


def test_7_4_a_line_repeated_a_thousand_times_is_checked_once() -> None:
    """One valid cosignature cannot be used to keep a verifier busy."""
    line = FULL[LAST].decode().split("\n")[W1_LINE] + "\n"
    assert last(FULL[LAST].decode() + line * 20_000) == "VERIFIED witnessed"
