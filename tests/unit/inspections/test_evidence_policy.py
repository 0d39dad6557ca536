"""Files are judged by what is in them."""

from __future__ import annotations

import io
import zipfile

import pytest

from shuangsui.errors import BadInput
from shuangsui.inspections.evidence_policy import Limits, clean_name, judge
from shuangsui.texts import sentence

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
WEBP = b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(40)
PDF = b"%PDF-1.7\n" + bytes(40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
TINY = Limits(max_bytes=100)


def bomb() -> bytes:
    """A megabyte of zeros in a thousand bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(1 << 20))
    return out.getvalue()


def refused(data: bytes, name: str, limits: Limits | None = None) -> str:
    """The code, with a sentence that can be told."""
    with pytest.raises(BadInput) as caught:
        judge(data, name, limits or Limits())
    assert "{" not in sentence(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "name", "media"),
    [
        (JPEG, "a.jpg", "image/jpeg"),
        (JPEG, "现场照片.JPEG", "image/jpeg"),
        (PNG, "a.png", "image/png"),
        (WEBP, "a.webp", "image/webp"),
        (PDF, "a.b.pdf", "application/pdf"),
    ],
)
def test_allowed_kinds(data: bytes, name: str, media: str) -> None:
    """Content and ending agree, in any case of letters."""
    assert judge(data, name, Limits()) == media


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SVG, "a.svg"), (SVG, "a.png"), (HTML, "a.jpg"), (HTML, "a.pdf"), (bomb(), "a.jpg"), (bomb(), "a.zip"),
        (b"GIF89a" + bytes(40), "a.gif"), (b"\x7fELF" + bytes(40), "a.pdf"), (b" \n" + PDF, "a.pdf"), (b"x", "a.jpg"),
        (HTML + PDF, "a.pdf"),
    ],
)  # fmt: skip
def test_hostile_and_unknown_contents_are_refused(data: bytes, name: str) -> None:
    """Script in SVG, a web page named .jpg, a packed bomb, programs: whatever the name says."""
    assert refused(data, name) == "evidence_type"


def test_polyglot_is_a_pdf_and_nothing_else() -> None:
    """A PDF that holds a web page is taken, as a PDF: under the name of a web page it is refused."""
    assert judge(PDF + HTML, "a.pdf", Limits()) == "application/pdf"
    assert refused(PDF + HTML, "a.html") == "evidence_suffix"


@pytest.mark.parametrize("name", ["a.png", "a.jpg.exe", "jpg", "a", "a."])
def test_ending_must_agree(name: str) -> None:
    """A photograph under another ending, or none."""
    assert refused(JPEG, name) == "evidence_suffix"


def test_empty_and_too_large() -> None:
    """The limit itself is allowed."""
    assert refused(b"", "a.jpg") == "evidence_empty"
    assert judge(JPEG.ljust(100, b"\0"), "a.jpg", TINY) == "image/jpeg"
    assert refused(JPEG.ljust(101, b"\0"), "a.jpg", TINY) == "evidence_too_large"


def test_setting_adds_kinds() -> None:
    """An installation may take what the default does not."""
    assert judge(b"GIF89a" + bytes(40), "a.gif", Limits(types=("image/gif",))) == "image/gif"
    assert refused(JPEG, "a.jpg", Limits(types=("image/gif",))) == "evidence_type"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/a.jpg", "a.jpg"), ("C:\\照片\\a.jpg", "a.jpg"), ("a\u202egpj.exe.jpg", "agpj.exe.jpg"),
        ("a\r\nb.jpg", "ab.jpg"), (" 现场 1.jpg ", "现场 1.jpg"),
    ],
)  # fmt: skip
def test_names_are_last_parts_without_hidden_signs(name: str, clean: str) -> None:
    """No path, no line, no turned direction of writing."""
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", ["", "..", "a/", "\u202e", "a" * 252 + ".jpg"])
def test_names_that_name_nothing(name: str) -> None:
    """Empty, dots only, too long."""
    with pytest.raises(BadInput, match="evidence_name"):
        clean_name(name)
