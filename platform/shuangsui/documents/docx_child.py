"""The child process that fills a DOCX template: ``python -m shuangsui.documents.docx_child MEMORY SECONDS``.

A template is written by an administrator and judged like any input: it sees the form's values and nothing else, may
not write a file, and a template that eats memory or time takes only this process with it. In: one JSON document
``{template, picture, data}``, the first two in base64. Out: the DOCX, or one JSON document ``{problem}``.
"""

from __future__ import annotations

import json
import resource
import sys
from base64 import b64decode
from io import BytesIO
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

OUT_OF_MEMORY = 70
WIDTH = Mm(18)


class Picture:
    """The QR code as ``{{ qr }}``; a template cannot reach the objects behind it."""

    __slots__ = ("_image",)

    def __init__(self, image: InlineImage) -> None:
        self._image = image

    def __html__(self) -> str:
        """The drawing, which autoescape leaves alone."""
        return str(self._image)


def main(memory: int, seconds: int) -> int:
    """Fill one template; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = filled(json.load(sys.stdin.buffer))
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - whatever a template provokes is the template's fault
        answer = json.dumps({"problem": problem(error)}).encode()
    sys.stdout.buffer.write(answer)
    return 0


def filled(asked: dict[str, Any]) -> bytes:
    """The template with its values."""
    template = DocxTemplate(BytesIO(b64decode(asked["template"])))
    picture = b64decode(asked["picture"])
    qr = Picture(InlineImage(template, BytesIO(picture), width=WIDTH)) if picture else ""
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    template.render({**asked["data"], "qr": qr}, jinja_env=environment)
    out = BytesIO()
    template.save(out)
    return out.getvalue()


def problem(error: Exception) -> str:
    """What is wrong with the template, for its administrator."""
    match error:
        case SecurityError():
            return f"用了不允许的表达式（{error}）"
        case UndefinedError():
            return f"用了这份文书没有的变量（{error}）"
        case TemplateSyntaxError():
            return f"模板标记写得不对（{error.message}）"
        case _:
            return f"不是可以填写的 DOCX 模板（{type(error).__name__}）"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
