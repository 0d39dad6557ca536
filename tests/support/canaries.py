"""Invented personal data, hidden in every kind of file that goes out; and clean rows that look like it."""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import uuid
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import typst
import xlsxwriter

from shuangsui.registry.uscc import id_check_char, org_check_char, uscc_check_char
from shuangsui.sample import codes

File = tuple[bytes, str]
AREAS = ("500103", "500112", "510104", "110101", "440305", "512222", "650102")
ROADS = ("民生路", "人民支路", "学府大道", "石桥村三组", "幸福小区", "八一路", "滨江花园")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def resident_id(dice: random.Random) -> str:
    """Eighteen characters with their check."""
    first = f"{dice.choice(AREAS)}{dice.randint(1930, 2012)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    first += f"{dice.randint(1, 999):03}"
    return first + id_check_char(first)


def old_id(dice: random.Random) -> str:
    """Fifteen digits, as issued before 1999."""
    day = f"{dice.randint(30, 98)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    return f"{dice.choice(AREAS)}{day}{dice.randint(1, 999):03}"


def mobile(dice: random.Random) -> str:
    """Eleven digits."""
    return f"1{dice.choice('3456789')}{dice.randint(0, 10**9 - 1):09}"


def card(dice: random.Random) -> str:
    """A bank card with its check."""
    prefix, length = dice.choice(
        [("622202", 19), ("621700", 19), ("625955", 16), ("436742", 19), ("955880", 19), ("411111", 16), ("524047", 16)]
    )
    body = prefix + "".join(dice.choice("0123456789") for _ in range(length - len(prefix) - 1))
    total = sum(sum(divmod(int(digit) * (2 - n % 2), 10)) for n, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def email(dice: random.Random) -> str:
    """An address of a person."""
    name, host = dice.choice(["zhang", "li.si", "w_wu", "z"]), dice.choice(["qq.com", "163.com", "a.example.cn"])
    return f"{name}{dice.randint(1, 9999)}@{host}"


def home(dice: random.Random) -> str:
    """A road and a house; personal only beside a sole owner's code."""
    number = dice.choice(["{}号", "{}号附1号", "{}栋2单元5-1", "{}号3-2", "{}-1号"])
    return f"重庆市渝中区{dice.choice(ROADS)}{number.format(dice.randint(1, 300))}"


KINDS: dict[str, Callable[[random.Random], str]] = {
    "resident_id": resident_id, "old_resident_id": old_id, "mobile": mobile, "bank_card": card, "email": email,
    "home_address": home,
}  # fmt: skip


def sole_owner(n: int) -> str:
    """A credit code of a 个体工商户."""
    return codes.uscc("canaries", "2", "500103", n)


def planted(value: str, code: str) -> dict[str, str]:
    """A row in which the value stands where nobody expects it."""
    return {"名称": "某某副食店", "代码": code, "备注": f"联系{value}即可", "结果": "未发现问题"}


def as_text(value: str, code: str) -> File:
    return f"公示\n{code} 联系人:{value}。\n完".encode(), "text/plain"


def as_gb18030(value: str, code: str) -> File:
    return f"公示\n{code} 联系人{value}，完".encode("gb18030"), "text/plain; charset=gb18030"


def as_json(value: str, code: str) -> File:
    return json.dumps({"rows": [planted("无", "x"), {"a": [planted(value, code)]}]}).encode(), "application/json"


def as_escapes(value: str, code: str) -> File:
    hidden = "".join(f"\\u{ord(char):04x}" for char in value)
    return f'{{"row": {{"code": "{code}", "note": "{hidden}"}}}}'.encode(), "application/json; charset=utf-8"


def as_key(value: str, code: str) -> File:
    return json.dumps({"code": code, value: 1}, ensure_ascii=False).encode(), "application/json"


def as_csv(value: str, code: str) -> File:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, planted("", ""))
    writer.writeheader()
    writer.writerows([planted("无", "x"), planted(value, code)])
    return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def as_xlsx(value: str, code: str) -> File:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("结果")
        number = int(value) if value.isdigit() and len(value) < 16 else value
        for n, row in enumerate([list(planted("", "")), ["", code, number, ""]]):
            sheet.write_row(n, 0, row)
    return out.getvalue(), XLSX


def as_comment(value: str, code: str) -> File:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_comment("B2", f"{code}，{value}")
    return out.getvalue(), XLSX


def as_html(value: str, code: str) -> File:
    middle = len(value) // 2
    inside = f"{value[:middle]}<b>{''.join(f'&#{ord(char)};' for char in value[middle:])}</b>"
    return f"<table><tr><td>{code}</td><td>{inside}</td></tr></table>".encode(), "text/html; charset=utf-8"


def as_attribute(value: str, code: str) -> File:
    return f'<ul><li data-code="{code}"><a title="{value}">某店</a></li></ul>'.encode(), "text/html"


def as_svg(value: str, code: str) -> File:
    return f"<svg><text>{code} <tspan>{value}</tspan></text></svg>".encode(), "image/svg+xml"


def as_pdf(value: str, code: str) -> File:
    source = f'#set text(font: "Source Han Sans SC")\n#raw("{code}，{value}")'
    return bytes(typst.compile(source.encode())), "application/pdf"


def as_docx(value: str, code: str) -> File:
    runs = "".join(f"<w:r><w:t>{char}</w:t></w:r>" for char in value)
    text = f"<w:document {_W}><w:body><w:p><w:r><w:t>{code} </w:t></w:r>{runs}</w:p></w:body></w:document>"
    return _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": text.encode()}), DOCX


def as_zip(value: str, code: str) -> File:
    return _zipped({"a/结果.csv": as_csv(value, code)[0], "b.json": b"{}"}), "application/zip"


def as_base64(value: str, code: str) -> File:
    wrapped = base64.b64encode(f"{code}: {value}".encode()).decode()
    return json.dumps({"payload": wrapped}).encode(), "application/json"


def as_address(value: str, code: str) -> File:
    return f"来源 https://a.example/?q={quote(code + ' ' + value)}&p=1".encode(), "text/plain"


def as_mail(value: str, code: str) -> File:
    message = EmailMessage()
    message["Subject"] = "公示"
    message.set_content(f"{code} 请联系 {value} 处理", cte="base64")
    return message.as_bytes(), "message/rfc822"


def as_utf16(value: str, code: str) -> File:
    return f"{code}\t{value}\n".encode("utf-16"), "text/plain"


PLACES = (
    as_text, as_gb18030, as_json, as_escapes, as_key, as_csv, as_xlsx, as_comment, as_html, as_attribute, as_svg,
    as_pdf, as_docx, as_zip, as_base64, as_address, as_mail, as_utf16,
)  # fmt: skip


def spaced(value: str) -> str:
    """In groups, as people write numbers."""
    if not value[:-1].isdigit():
        return value
    if len(value) == 11:
        return f"+86 {value[:3]}-{value[3:7]}-{value[7:]}"
    if len(value) == 18:
        return f"{value[:6]} {value[6:14]} {value[14:]}"
    return " ".join(value[n : n + 4] for n in range(0, len(value), 4)) if len(value) in (16, 19) else value


def widened(value: str) -> str:
    """Full-width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in value)


def veiled(value: str) -> str:
    """Zero-width spaces between all characters."""
    return "\u200b".join(value)


DISGUISES: tuple[Callable[[str], str], ...] = (str, spaced, widened, veiled)


def clean_row(dice: random.Random, n: int) -> dict[str, Any]:
    """What the platform publishes, with numbers of every length in it."""
    digest = sha256(str(n).encode()).hexdigest()
    kind = dice.choice("112")
    return {
        "任务编号": f"RW2026-{n % 10_000:04}", "抽取编号": f"2026-{n % 10_000:04}",
        "代码": codes.uscc("clean", kind, "500103", n) if n % 5 else _public_body(dice),
        "旧注册号": codes.registration_number("clean", "500103", n) if kind == "2" else "",
        "名称": f"某某第{n}经营部",
        "地址": "重庆市渝中区民生路***" if kind == "2" else f"重庆市渝中区民生路{n % 300}号",
        "执法证号": codes.certificate("clean", n), "证号": f"50{dice.randint(0, 10**9 - 1):09}",
        "摘要": digest, "短摘要": digest[:16], "标识": str(uuid.UUID(digest[:32])), "种子": digest.upper(),
        "时间": f"2026-11-{n % 28 + 1:02}T08:{n % 60:02}:00Z", "时刻": 1_795_716_429_000 + n,
        "时刻2": f"202611{n % 28 + 1:02}0807{n % 60:02}", "微秒": (1_795_716_429_000 + n) * 1000,
        "文号": f"渝经信罚〔2026〕{n % 400}号", "许可": f"（渝）XK13-{n % 1000:03}-{n % 100_000:05}",
        "电话": f"023-{dice.randint(60_000_000, 69_999_999)}", "热线": "12345、12315、400-810-9888",
        "总机": f"+86 23 {dice.randint(6000, 6999)} {dice.randint(0, 9999):04}",
        "金额": f"{dice.uniform(0, 10**11):.2f}", "万元": f"{dice.uniform(0, 10**6):,.4f} 万元", "比例": dice.random(),
        "期间": f"2026-11-{n % 28 + 1:02} 至 2026-12-{n % 28 + 1:02}", "行号": f"{n} {n + 7} {n + 20} {n + 31}",
        "签名": base64.b64encode(sha256(digest.encode()).digest()).decode(),
    }  # fmt: skip


def _public_body(dice: random.Random) -> str:
    """A credit code of digits alone, as institutions of the state have; none that is somebody's ID number."""
    while True:
        body = f"{dice.randint(40_000_000, 79_999_999)}"
        first = f"12500{dice.randint(0, 243):03}{body}{org_check_char(body)}"
        if (first + (last := uscc_check_char(first))).isdigit():
            return first + last


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
