"""The quality list that every plugin is held to, as a program: ``shuangsui plugin check``.

Each check is a function of a :class:`Subject` that answers what is wrong, in Chinese, or nothing.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any
from unittest.mock import patch

import shuangsui
from shuangsui.called import Call
from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.extension import callbacks, handing, options
from shuangsui.extension.isolation import LoadedCallback, LoadedKeyStore
from shuangsui.extension.loading import host
from shuangsui.extension.secrecy import sealed_options
from shuangsui.hookspecs import PROJECT
from shuangsui.settings import Settings
from shuangsui.testing import deliveries
from shuangsui.testing.deliveries import MIDNIGHT
from shuangsui.testing.subject import Subject, alone, heard, imports, powers, told, variables
from shuangsui.texts import sentence

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CANARY = "k4n4ri-5ecret"
IMPORT_SECONDS, HOOK_SECONDS, CHECK_SECONDS = 0.5, 1.0, 5.0
"""Of processor time to import it beside the platform; for its hooks; for its look at itself."""
PATIENCE = 60.0
"""Seconds of one step after which a system that never answers must have been given up."""
NETWORK = re.compile(r"(socket|ssl|http|urllib\.request|smtplib|ftplib|imaplib|httpx|httpcore|requests|aiohttp)\b")
STRANGERS = (
    Call("GET", {}, {}, b"", MIDNIGHT),
    Call("POST", {"token": ""}, {"authorization": "Bearer ", "content-type": "application/json"}, b"{}", MIDNIGHT),
    Call("POST", {"token": "x"}, {"authorization": "Bearer x", "x-signature": "x"}, b"\xff", MIDNIGHT),
)
"""Calls that prove nothing."""

Check = Callable[[Subject], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the list; ``problem`` empty if there is none."""

    check: str
    title: str
    problem: str


def verdicts(
    name: str, folder: Path, options: Mapping[str, Any], checks: Sequence[Check] | None = None
) -> Iterator[Verdict]:
    """Every check of an installed plugin; after one that does not load, or whose options are wrong, no other."""
    plugin = next((one for one in host(Settings()).plugins if one.name == name), None)
    if plugin is None:
        raise NotFound("plugin_unknown", plugin=name)
    subject = Subject(plugin, folder, options)
    for check in CHECKS if checks is None else checks:
        problem = _said(check, subject)
        yield Verdict(check.__name__, _title(check), problem)
        if problem and check in DECISIVE:
            return


def titles() -> list[str]:
    """What is checked, in order."""
    return [_title(check) for check in CHECKS]


def _title(check: Check) -> str:
    return (check.__doc__ or "").strip()


def _said(check: Check, subject: Subject) -> str:
    try:
        return check(subject)
    except ShuangsuiError as error:
        return sentence(error)
    except CalledProcessError as error:
        return f"在单独的进程里意外中断（退出状态 {error.returncode}）。"
    finally:
        handing.pool.close()


def loads(subject: Subject) -> str:
    """能够载入，声明的接口版本相符。"""
    return sentence(subject.plugin.fault.error) if subject.plugin.fault else ""


def configured(subject: Subject) -> str:
    """选项齐全有效，钩子都有应答。"""
    options.checked(subject.trial.tenant, subject.plugin)
    subject.things()
    return ""


def named(subject: Subject) -> str:
    """安装包和模块的名称带平台的前缀。"""
    distribution, module = subject.distribution.name, subject.plugin.module.partition(".")[0]
    bare = distribution.removeprefix(f"{PROJECT}-")
    own = bare != distribution and module == distribution.replace("-", "_")
    if own and (subject.plugin.name == bare or subject.plugin.name.startswith(f"{bare}-")):
        return ""
    wanted = f"{PROJECT}-{subject.plugin.name}"
    return f"应当是 {wanted}、{wanted.replace('-', '_')}，现在是 {distribution}、{module}。"


def bounded(subject: Subject) -> str:
    """写明适用的平台版本，有上限。"""
    needs = [one for one in subject.distribution.requires or () if re.match(rf"{PROJECT}\b(?!-)", one)]
    return "" if any("<" in one or "~=" in one for one in needs) else "请在 dependencies 里写 shuangsui>=…,<…。"


def described(subject: Subject) -> str:
    """说明和每个选项的说明都是中文。"""
    fields = subject.plugin.options.model_fields.items()
    bare = [key for key, info in fields if not CHINESE.search(info.description or "")]
    if not CHINESE.search(subject.distribution.metadata["Summary"] or ""):
        bare.insert(0, "description")
    return f"没有中文说明：{'、'.join(bare)}。" if bare else ""


def without_secrets(subject: Subject) -> str:
    """选项里没有口令，口令放在 _env 所指的环境变量里。"""
    bad = sorted(sealed_options(subject.plugin.options))
    return f"请改为 _env 结尾、只写变量名：{'、'.join(bad)}。" if bad else ""


def shallow(subject: Subject) -> str:
    """只导入平台的公开名称。"""
    allowed = {f"{PROJECT}.{name}" for name in shuangsui.__all__} | {PROJECT}
    platform = [name for name in imports(subject.sources) if name.split(".")[0] in (PROJECT, "fairdraw")]
    deep = sorted({name for name in platform if name not in allowed})
    return f"越过了公开名称：{'、'.join(deep)}。" if deep else ""


def modest(subject: Subject) -> str:
    """权限写在明处：只读选项指明的环境变量，不另开进程，不碰数据库。"""
    read, used = sorted(set(variables(subject.sources))), sorted(set(powers(subject.sources)))
    if read:
        return f"环境变量的名称写死在代码里，请改为 _env 结尾的选项：{'、'.join(read)}。"
    return f"用到了插件不该有的权限：{'、'.join(used)}。" if used else ""


def declared(subject: Subject) -> str:
    """连网的如实声明 network，从而在单独的进程里运行。"""
    used = {name for name in imports(subject.sources) if NETWORK.match(name)}
    silent = [one for one in subject.things() if getattr(one, "network", True) is False]
    return f"声明不连网，却导入了 {'、'.join(sorted(used))}。" if used and silent else ""


def light(subject: Subject) -> str:
    """导入很快，不拖慢每一条命令。"""
    timed = f"t = time.process_time(); import {subject.plugin.module}; print(time.process_time() - t)"
    spent = float(alone("-c", f"import shuangsui, time; {timed}"))
    return "" if spent <= IMPORT_SECONDS else f"导入用了 {spent:.2f} 秒处理器时间，应当在 {IMPORT_SECONDS} 秒之内。"


def prompt(subject: Subject) -> str:
    """钩子立即应答，要等的事情留给对象的方法。"""
    started = time.perf_counter()
    subject.things()
    spent = time.perf_counter() - started
    return "" if spent <= HOOK_SECONDS else f"用了 {spent:.1f} 秒，应当在 {HOOK_SECONDS} 秒之内。"


def healthy(subject: Subject) -> str:
    """有 check()，很快，用一句中文说明情况。"""
    started = time.perf_counter()
    said = [message for thing in subject.things() for message in told(thing)]
    spent = time.perf_counter() - started
    if foreign := [message for message in said if not CHINESE.search(message)]:
        return f"不是中文：{foreign[0]}"
    return "" if spent <= CHECK_SECONDS else f"用了 {spent:.1f} 秒，应当在 {CHECK_SECONDS} 秒之内。"


def discreet(subject: Subject) -> str:
    """口令不出现在日志、输出、说明和错误里。"""
    names = options.secrets(options.checked(subject.trial.tenant, subject.plugin))
    with patch.dict(os.environ, dict.fromkeys(names, CANARY)), heard() as lines:
        for thing in subject.things():
            lines.extend(told(thing))
    return "口令出现了。" if any(CANARY in one for one in lines) else ""


def removable(subject: Subject) -> str:
    """停用以后不留痕迹，再启用还是原样。"""
    stated = json.dumps(dict(subject.options))
    said = alone("-m", "shuangsui.testing.traces", subject.plugin.name, str(subject.folder / "traces"), stated)
    problem: str = json.loads(said.splitlines()[-1])
    return problem


def repeatable(subject: Subject) -> str:
    """同样的内容再送一次没有害处：公示渠道、报送系统、通知方式各送两次，地址指向 mock-sink 的就送给它。"""
    return deliveries.repeated(subject)


def wary(subject: Subject) -> str:
    """回调认不出对方时拒绝，什么也不报告。"""
    names = options.secrets(options.checked(subject.trial.tenant, subject.plugin))
    with patch.dict(os.environ, dict.fromkeys(names, CANARY)):
        for one in subject.things():
            for call in STRANGERS if isinstance(one, LoadedCallback) else ():
                reply = callbacks.asked(subject.trial.tenant, one, call, subject.trial.settings)
                if reply.status not in (401, 403, 404) or reply.reports:
                    return f"{one.name} 对来历不明的 {call.method} 答复 {reply.status}，应当是 401 或者 403。"
    return ""


def constant(subject: Subject) -> str:
    """密钥库的密钥始终不变，各个用途不相同。"""
    for one in subject.things():
        if not isinstance(one, LoadedKeyStore) or not one.check().ok or not (key := one.current()):
            continue
        first, again, other = [one.derive(key, purpose) for purpose in ("a.b", "a.b", "a.c")]
        if first != again or first == other:
            return f"{one.name} 的密钥两次不同，或者两个用途相同。"
    return ""


def patient(subject: Subject) -> str:
    """对方一直不答时，检查和送达都按时放弃。"""
    return deliveries.given_up(subject, PATIENCE)


CHECKS: tuple[Check, ...] = (
    loads, configured, named, bounded, described, without_secrets, shallow, modest, declared, light, prompt, healthy,
    discreet, removable, repeatable, wary, constant, patient,
)  # fmt: skip
DECISIVE = (loads, configured)
