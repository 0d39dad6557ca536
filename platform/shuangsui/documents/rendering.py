"""Forms as PDF by Typst, with the packaged fonts alone; :mod:`filling` makes the editable DOCX."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from shuangsui.documents.glyphs import FONTS, missing
from shuangsui.documents.values import Form

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Printed:
    """A file of a form; ``missing`` are characters of its values that the fonts cannot show (empty boxes on paper)."""

    data: bytes
    missing: str = ""


def pdf(form: Form) -> Printed:
    """The form on A4; equal forms give equal bytes, for the document's date is the form's own."""
    data = form.as_data()
    values = {"data": json.dumps(data, ensure_ascii=False), "qr": qr_svg(form.address)}
    made = typst.compile(
        str(TEMPLATES / f"{form.kind}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs=values,
    )
    assert isinstance(made, bytes)
    return Printed(made, missing("".join(texts(data))))


def qr_svg(address: str) -> str:
    """The QR code of an address as SVG; empty for no address."""
    if not address:
        return ""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def texts(value: Any) -> Iterator[str]:
    """Every text inside a form's data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
