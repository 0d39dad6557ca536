"""DOCX from templates that administrators may replace: a limited child process without environment fills each."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

import shuangsui
from shuangsui.documents.values import Form
from shuangsui.errors import BadInput

_SOURCE_ROOT = Path(shuangsui.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Limits:
    """What filling one template may cost: bytes of the file, bytes of memory, seconds."""

    file: int = 5 << 20
    memory: int = 1 << 30
    seconds: int = 10


@dataclass(frozen=True, slots=True)
class Template:
    """A DOCX with Jinja marks; ``name`` is how messages call it."""

    name: str
    data: bytes


def docx(form: Form, template: Template, limits: Limits | None = None) -> bytes:
    """The form in ``template``; :class:`BadInput` ``document_template`` names the file and what is wrong with it."""
    limits = limits or Limits()
    if len(template.data) > limits.file:
        raise _refused(template, f"文件超过 {limits.file >> 20} MB")
    answer = _child(template, _asked(form, template), limits)
    if answer.startswith(b"PK"):
        return answer
    raise _refused(template, _told(answer))


def _asked(form: Form, template: Template) -> bytes:
    """What the child is told."""
    picture = _png(form.address)
    binary = {"template": template.data, "picture": picture}
    return json.dumps(
        {name: b64encode(data).decode() for name, data in binary.items()} | {"data": printable(form.as_data())}
    ).encode()


def _png(address: str) -> bytes:
    """The QR code as a picture; empty for no address."""
    out = BytesIO()
    if address:
        segno.make(address, error="m", micro=False).save(out, kind="png", scale=8, border=0)
    return out.getvalue()


def printable(value: Any) -> Any:
    """The same values without control characters, which XML cannot hold; line feeds stay."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) != "Cc")
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value


def _child(template: Template, asked: bytes, limits: Limits) -> bytes:
    """What the child answers; its death names the limit it met."""
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                "-s",
                "-m",
                "shuangsui.documents.docx_child",
                f"{limits.memory}",
                f"{limits.seconds}",
            ],
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_SOURCE_ROOT)},
            timeout=limits.seconds * 3,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused(template, _beyond(limits)) from None
    if done.returncode:
        raise _refused(template, _beyond(limits))
    return done.stdout


def _beyond(limits: Limits) -> str:
    """Whether the processor's time or, on a busy machine, that of the clock came to its end."""
    return f"超出 {limits.seconds} 秒或 {limits.memory >> 20} MB 内存的限制"


def _told(answer: bytes) -> str:
    """The child's problem; anything else it says is none of a template's business."""
    try:
        return str(json.loads(answer)["problem"])
    except (ValueError, KeyError, TypeError):
        return "填写时中断"


def _refused(template: Template, problem: str) -> BadInput:
    return BadInput("document_template", file=template.name, problem=problem)
