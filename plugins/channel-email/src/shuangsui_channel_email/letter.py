"""The notice as people read it, and as a message; both are pure.

What is kept and looked at before it goes out names the bodies only; their addresses come from the options when the
message is made. The same notice makes the same message, whose ``Message-ID`` tells receivers a repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from shuangsui import ContentRefused, Disclosed, DisclosedObject, NoticeContent
from shuangsui_exporter_kit import beijing
from shuangsui_outbound_kit import letter, line

_BEIJING = timezone(timedelta(hours=8))
_TITLES = {"publish": "定向通报", "correct": "定向通报（更正）", "withdraw": "定向通报（撤回）"}
_OPENINGS = {
    "publish": "现将下列抽查结果仅向你单位通报",
    "correct": "此前向你单位通报的下列抽查结果现予更正，以本件为准",
    "withdraw": "此前向你单位通报的下列抽查结果现予撤回，请不再使用",
}


def notice(item: Disclosed, content: NoticeContent, contact: str) -> dict[str, Any]:
    """What is told, to whom, under which number."""
    recipients = [line(one) for one in content.recipients]
    return {
        "number": f"{item.external_id}-{item.revision}",
        "recipients": list(dict.fromkeys(recipients)),
        "subject": f"{_TITLES[item.action]}：双随机抽查结果 {line(item.key)}",
        "text": "\n".join(_lines(item, content, contact)) + "\n",
        "date": item.published_on.isoformat(),
    }


def message(told: Mapping[str, Any], sender: str, book: Mapping[str, str]) -> EmailMessage:
    """To the bodies that are told and nobody else; :class:`ContentRefused` for one that the address book lacks."""
    to = [Address(line(whose), addr_spec=found(whose, book)) for whose in told["recipients"]]
    at = datetime.combine(date.fromisoformat(told["date"]), time(), tzinfo=_BEIJING)
    return letter(sender, to, told["subject"], told["text"], number=told["number"], at=at)


def found(whose: str, book: Mapping[str, str]) -> str:
    """The body's address."""
    if whose not in book:
        problem = f"里的“{whose}”在通讯录里没有地址，请管理员在 options.channel-email 的 addresses 里补上"
        raise ContentRefused("通报对象（recipients）", problem)
    return book[whose]


def _lines(item: Disclosed, content: NoticeContent, contact: str) -> Iterator[str]:
    result = content.result
    yield f"{'、'.join(line(one) for one in content.recipients)}："
    yield ""
    yield f"{line(item.authority.name)}开展“双随机、一公开”监管，{_OPENINGS[item.action]}。"
    yield from _fields(
        [("说明", item.note), ("检查任务", f"{result.task_name}（{result.task_no}）"), ("抽查计划", result.plan_name),
         ("抽取编号", result.draw_no), ("抽查事项", result.item.name), ("检查对象", _named(result.object)),
         ("检查时间", f"{beijing(result.ended_at):%Y-%m-%d %H:%M}（北京时间）")]
    )  # fmt: skip
    for number, one in enumerate(result.findings, 1):
        yield f"检查结果{f' {number}' if len(result.findings) > 1 else ''}：{line(one.text)}"
    yield from _fields([("后续处理", result.follow_up), ("不予公开的依据", content.basis), ("通报范围", content.scope)])
    yield ""
    yield "依照上述规定，本结果不向社会公开，只供收件单位依法履行职责使用，请勿转发或者公开。"
    yield f"如有疑问，请联系：{line(contact)}"
    yield ""
    yield line(item.authority.name)
    yield item.published_on.isoformat()
    yield f"通报编号：{line(item.key)}，第 {item.revision} 版"


def _fields(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is empty is left out."""
    return (f"{name}：{line(text)}" for name, text in pairs if line(text))


def _named(thing: DisclosedObject) -> str:
    return f"{thing.name}（{thing.code}）" if thing.code else thing.name
