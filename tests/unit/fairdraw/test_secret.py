"""``python -m fairdraw.secret``: a contributor makes a value, and hands it out only when nothing can be steered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import transcripts
from fairdraw.canonical import canon
from fairdraw.messages import TEXTS
from fairdraw.secret import main
from transcripts import ORIGIN, TRUST, WITNESSES, Files, entry, inputs, object_request, person_request, plan_given

Json = dict[str, Any]
WHO = "公证处"
EARLY = transcripts.at(30)


@dataclass(frozen=True)
class Desk:
    """A contributor's desk: own files in ``base``, the published draw beside them."""

    base: Path
    capsys: pytest.CaptureFixture[str]

    def new(self, *more: object) -> tuple[int, list[str]]:
        """``secret new`` over the draft on the desk."""
        arguments = ["new", self.base / "draft.json", "--who", WHO, "--key", self.base / "key", *more]
        return main(list(map(str, arguments))), self.capsys.readouterr().out.splitlines()

    def reveal(self, files: Files, trust: str = TRUST) -> tuple[int, list[str]]:
        """``secret reveal`` over a published state."""
        folder = self.base / "draw"
        for old in folder.glob("*"):
            old.unlink()
        transcripts.write(files, folder)
        (self.base / "trust.txt").write_text(trust, "utf-8")
        options = ["--trust", self.base / "trust.txt", "--secret", self.base / "secret.json"]
        return main(list(map(str, ["reveal", folder, *options]))), self.capsys.readouterr().out.splitlines()

    def secret(self) -> Json:
        """The secret file."""
        value: Json = json.loads((self.base / "secret.json").read_text("utf-8"))
        return value

    def published(self, *more: Json, checkpoints: list[Json] | None = None, **changes: Any) -> Files:
        """The draw with this contributor's value: PLAN, event, ``more``; cosigned after PLAN."""
        own = {**transcripts.SECRETS, WHO: self.secret()["c0"]}
        log_given = [*transcripts.drawn_log()[:2], *more]
        signed = [transcripts.cosigned(1, EARLY)] if checkpoints is None else checkpoints
        return transcripts.build(inputs(**{
            "secrets": own, "plan_given": plan_given(), "log_given": log_given, "checkpoints": signed, **changes,
        })).files  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """With draft and private key, and a secret already made."""
    made = Desk(tmp_path, capsys)
    (tmp_path / "draft.json").write_bytes(draft())
    (tmp_path / "key").write_text(transcripts.private("contributor", WHO).hex() + "\n")
    status, _ = made.new("--out", tmp_path / "secret.json")
    assert status == 0
    return made


def draft(**changes: Any) -> bytes:
    """A plan as circulated before anybody has committed."""
    members = transcripts.copy(dict(transcripts.full().made.plan.members))
    for contributor in members["contributors"]:
        contributor |= {"commit": None, "sig": None}
    return canon(members | changes)


def refused(code: str) -> tuple[int, list[str]]:
    """What ``reveal`` answers when a check of the verifier fails."""
    return 1, [f"不能揭示：{TEXTS[code]}（{code}）"]


# new


def test_5_2_new_tells_what_it_takes_part_in_and_keeps_the_secret(desk: Desk) -> None:
    """Commitment and signature on the screen, the value in a file only its owner may read."""
    path = desk.base / "second.json"
    status, lines = desk.new("--out", path)
    secret = json.loads(path.read_text("utf-8"))
    assert status == 0
    assert lines[-3:] == [
        f"随机数已存入 {path}，请勿外传", f"commit {secret['commit']}", f"sig {secret['sig']}",
    ]  # fmt: skip
    assert lines[0] == "机关 test，事项 JXW-001，依据 渝经信发〔2021〕6号"
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret["c0"] not in "".join(lines)
    assert secret["c0"] != desk.secret()["c0"]
    assert (secret["who"], secret["origin"], secret["seq"], secret["length"]) == (WHO, ORIGIN, 1, 3)


def test_5_2_commitment_and_signature_fit_the_plan(desk: Desk) -> None:
    """What ``new`` prints is what a plan with this value carries."""
    plan = json.loads(desk.published()["plan.json"])
    mine = next(c for c in plan["contributors"] if c["who"] == WHO)
    assert (mine["commit"], mine["sig"]) == (desk.secret()["commit"], desk.secret()["sig"])


def test_5_2_new_never_overwrites_a_secret(desk: Desk) -> None:
    """Status 2; the old value stays."""
    before = desk.secret()
    status, lines = desk.new("--out", desk.base / "secret.json")
    assert status == 2
    assert lines[-1].startswith("无法办理：")
    assert desk.secret() == before


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", draft(suite="md5"), draft(seq=0), draft(seq=2**32), draft(replacements=10**9),
     draft(replacements=-1), draft(origin=""), draft(snapshot=None), draft(quota=None), draft(events=[1])],
    ids=range(13),
)  # fmt: skip
def test_5_2_new_refuses_a_draft_that_is_none(desk: Desk, data: bytes) -> None:
    """Status 2 in one sentence, no secret written."""
    (desk.base / "draft.json").write_bytes(data)
    status, lines = desk.new("--out", desk.base / "second.json")
    assert (status, len(lines)) == (2, 1)
    assert not (desk.base / "second.json").exists()


@pytest.mark.parametrize("key", ["", "00", "zz" * 32, "00" * 31])
def test_5_2_new_refuses_a_key_that_is_none(desk: Desk, key: str) -> None:
    """A short key would sign, but with a key nobody knows."""
    (desk.base / "key").write_text(key)
    assert desk.new("--out", desk.base / "second.json")[0] == 2


# reveal: c_L


def test_5_2_reveal_gives_the_end_of_the_chain(desk: Desk) -> None:
    """All three conditions hold."""
    status, lines = desk.reveal(desk.published())
    made = transcripts.build(inputs(secrets={**transcripts.SECRETS, WHO: desk.secret()["c0"]}, plan_given=plan_given()))
    assert (status, lines) == (0, ["r 0", f"value {made.made.chains[WHO][-1].hex()}"])


def test_5_2_condition_1_the_plan_bytes_with_the_own_commitment(desk: Desk) -> None:
    """Missing, another plan, another value."""
    files = desk.published()
    for name in ("plan.json", "log.jsonl"):
        assert desk.reveal({n: d for n, d in files.items() if n != name}) == refused("FILE_MISSING")
    assert desk.reveal(files | {"plan.json": files["plan.json"] + b"\n"}) == refused("NOT_CANONICAL")
    other = transcripts.replan(files, lambda p: p.update(basis="别的依据"))
    assert desk.reveal(files | {"plan.json": other["plan.json"]}) == refused("PLAN_NOT_LOGGED")
    foreign = desk.published(secrets=transcripts.SECRETS)
    assert desk.reveal(foreign) == (1, ["不能揭示：方案里没有您的这份承诺（NOT_MINE）"])


def test_5_2_condition_2_a_quorum_saw_exactly_this_plan(desk: Desk) -> None:
    """No checkpoint, too few witnesses, another log, only after the event."""
    unwitnessed = (1, ["不能揭示：还没有足够见证方签名的检查点覆盖这份方案（UNWITNESSED）"])
    assert desk.reveal(desk.published(checkpoints=[])) == unwitnessed
    one = [transcripts.cosigned(1, EARLY, WITNESSES[:1])]
    assert desk.reveal(desk.published(checkpoints=one)) == unwitnessed
    assert desk.reveal(desk.published(checkpoints=[transcripts.cosigned(2, EARLY)])) == unwitnessed
    assert desk.reveal(desk.published(), TRUST + "quorum 3\n") == unwitnessed
    forked = transcripts.relog(desk.published(), lambda m: m[0].update(time=transcripts.at(2)))
    kept = forked | {"checkpoint-1.txt": desk.published()["checkpoint-1.txt"]}
    assert desk.reveal(kept) == refused("CHECKPOINT_ROOT")


def test_5_2_condition_3_every_event_is_logged(desk: Desk) -> None:
    """Before it, the value could still steer."""
    given = transcripts.drawn_log()[:1]
    assert desk.reveal(desk.published(log_given=given)) == refused("EVENT")


def test_5_2_abandoned_draw_needs_no_value(desk: Desk) -> None:
    """It would only be wasted."""
    end = entry("ABANDON", 65, r=0, reason="event-failed", by=["a", "b"])
    assert desk.reveal(desk.published(end)) == (1, ["不能揭示：本次抽取已作废，不必揭示（ABANDONED）"])


def test_5_2_value_already_logged(desk: Desk) -> None:
    """Once is enough."""
    said = (1, ["不能揭示：您的随机数已经登记（REVEALED）"])
    assert desk.reveal(desk.published(*transcripts.reveals(62))) == said
    others = transcripts.reveals(62, who=["综合处", "纪检监察组"])
    assert desk.reveal(desk.published(*others))[0] == 0


# reveal: links


def drawn(*requests: list[Json]) -> list[Json]:
    """The rest of the draw after its event, then requests."""
    return [*transcripts.drawn_log()[2:], *(line for request in requests for line in request)]


def test_11_2_link_of_the_open_request(desk: Desk) -> None:
    """``c_{L-j}`` for the j-th person, objects not counted."""
    files = desk.published(*drawn(person_request(1, 70, task=1), object_request(2, 75, 2), person_request(3, 80)[:2]))
    links = transcripts.build(
        inputs(secrets={**transcripts.SECRETS, WHO: desk.secret()["c0"]}, plan_given=plan_given())
    ).made.chains[WHO]
    assert desk.reveal(files) == (0, ["r 3", f"value {links[1].hex()}"])


def test_11_2_no_link_without_an_open_request(desk: Desk) -> None:
    """Drawn, closed, an object's, or already said."""
    nothing = (1, ["不能揭示：没有等待您揭示的替换申请（NOTHING_OPEN）"])
    assert desk.reveal(desk.published(*drawn())) == nothing
    assert desk.reveal(desk.published(*drawn(person_request(1, 70, task=1)))) == nothing
    assert desk.reveal(desk.published(*drawn(object_request(1, 70, 2)[:1]))) == nothing
    assert desk.reveal(desk.published(*drawn(person_request(1, 70, task=1)[:4]))) == nothing


# usage


@pytest.mark.parametrize(
    "secret",
    [b"", b"[]", b"{}", b"null", b'{"c0":"00"}', b"\xff"],
    ids=range(6),
)
def test_5_2_file_that_is_no_secret_is_status_2(desk: Desk, secret: bytes) -> None:
    """Nothing is handed out of it."""
    files = desk.published()
    (desk.base / "secret.json").write_bytes(secret)
    status, lines = desk.reveal(files)
    assert (status, len(lines)) == (2, 1)


def test_7_4_malformed_trust_list_is_status_2(desk: Desk) -> None:
    """No list, no condition 2."""
    assert desk.reveal(desk.published(), "log nonsense\n")[0] == 2


def test_somebody_the_draft_does_not_name_gets_no_secret(desk: Desk) -> None:
    """A slip in one's own name would otherwise show only when the link is refused."""
    status, said = desk.new("--who", "别人", "--out", desk.base / "other.json")
    assert (status, said[-1].startswith("无法办理：草案里没有名为“别人”的贡献方")) == (2, True)
    assert not (desk.base / "other.json").exists()


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    """As a process."""
    assert transcripts.run("secret").status == 2
    ran = transcripts.run("secret", "new", tmp_path / "none", "--who", "x")
    assert (ran.status, ran.errors) == (2, "")
