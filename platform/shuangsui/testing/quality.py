"""The quality list that every plugin is held to, as a program: ``shuangsui plugin check``.

Each check is a function of a :class:`Subject` that answers what is wrong, in Chinese, or nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import shuangsui
from shuangsui.called import Call
from shuangsui.contracts import DisclosureChannel
from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.extension import callbacks, handing, options, service
from shuangsui.extension.isolation import LoadedCallback, LoadedKeyStore
from shuangsui.extension.loading import host
from shuangsui.hookspecs import PROJECT
from shuangsui.settings import Settings
from shuangsui.testing.subject import Subject, heard, imports, silent_port, told
from shuangsui.testing.trial import BUNDLE, Trial
from shuangsui.texts import sentence

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SECRET = re.compile(r"(?:^|_)(?:password|passwd|secret|token)s?(?:_value)?$|口令|密钥")
CANARY = "k4n4ri-5ecret"
IMPORT_SECONDS, HOOK_SECONDS, CHECK_SECONDS = 0.5, 1.0, 5.0
"""Of processor time to import it beside the platform; for its hooks; for its look at itself."""
PATIENCE = 60.0
"""Seconds after which a system that never answers must have been given up."""
NETWORK = re.compile(r"(socket|ssl|http|urllib\.request|smtplib|ftplib|imaplib|httpx|httpcore|requests|aiohttp)\b")

MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
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


def verdicts(name: str, folder: Path, options: Mapping[str, Any]) -> Iterator[Verdict]:
    """Every check of an installed plugin; after one that does not load, or whose options are wrong, no other."""
    plugin = next((one for one in host(Settings()).plugins if one.name == name), None)
    if plugin is None:
        raise NotFound("plugin_unknown", plugin=name)
    subject = Subject(plugin, folder, options)
    for check in CHECKS:
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
    bad = [key for key in subject.plugin.options.model_fields if SECRET.search(key) and not key.endswith("_env")]
    return f"请改为 _env 结尾、只写变量名：{'、'.join(bad)}。" if bad else ""


def shallow(subject: Subject) -> str:
    """只导入平台的公开名称。"""
    allowed = {f"{PROJECT}.{name}" for name in shuangsui.__all__} | {PROJECT}
    platform = [name for name in imports(subject.sources) if name.split(".")[0] in (PROJECT, "fairdraw")]
    deep = sorted({name for name in platform if name not in allowed})
    return f"越过了公开名称：{'、'.join(deep)}。" if deep else ""


def declared(subject: Subject) -> str:
    """连网的如实声明 network，从而在单独的进程里运行。"""
    used = {name for name in imports(subject.sources) if NETWORK.match(name)}
    silent = [one for one in subject.things() if getattr(one, "network", True) is False]
    return f"声明不连网，却导入了 {'、'.join(sorted(used))}。" if used and silent else ""


def light(subject: Subject) -> str:
    """导入很快，不拖慢每一条命令。"""
    timed = f"t = time.process_time(); import {subject.plugin.module}; print(time.process_time() - t)"
    code = f"import shuangsui, time; {timed}"
    paths = os.pathsep.join(path for path in sys.path if path)
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    spent = float(said.stdout)
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
    off = Trial(subject.folder / "off", [])
    before = [one.name for one in subject.things() if hasattr(one, "name")]
    left = [
        one for one in service.channels(off.tenant, off.settings) if getattr(one, "plugin", "") == subject.plugin.name
    ]
    again = [one.name for one in subject.things() if hasattr(one, "name")]
    return "" if not left and before == again else "停用以后仍在，或者再启用变了样。"


def repeatable(subject: Subject) -> str:
    """同样的内容再送一次没有害处。"""
    for one in subject.things():
        if isinstance(one, DisclosureChannel) and one.check().ok:
            first, second = one.publish(BUNDLE), one.publish(BUNDLE)
            if (first.digest, first.reference) != (second.digest, second.reference):
                return f"{one.name} 两次的回执不同。"
            if not one.read_back(BUNDLE).confirmed:
                return f"{one.name} 送达以后读回来不一致。"
    return ""


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
    """对方一直不答时按时放弃。"""
    with silent_port() as port:
        places = _places(subject, port)
        trial = Trial(subject.folder / "silent", [subject.plugin.name], {**subject.options, **places})
        started = time.perf_counter()
        for thing in service.things(subject.plugin, trial.tenant, trial.settings):
            told(thing)
        spent = time.perf_counter() - started
    return "" if not places or spent <= PATIENCE else f"等了 {spent:.0f} 秒，应当在 {PATIENCE:.0f} 秒之内。"


CHECKS: tuple[Check, ...] = (
    loads, configured, named, bounded, described, without_secrets, shallow, declared, light, prompt, healthy, discreet,
    removable, repeatable, wary, constant, patient,
)  # fmt: skip
DECISIVE = (loads, configured)


def _places(subject: Subject, port: int) -> dict[str, Any]:
    """The options that say where the other side is, pointing at a port of this machine."""
    texts = [key for key, info in subject.plugin.options.model_fields.items() if info.annotation is str]
    hosts = {key: "127.0.0.1" for key in texts if key == "host"}
    ports = {key: port for key in subject.plugin.options.model_fields if key == "port" and hosts}
    return (
        hosts
        | ports
        | {key: f"https://127.0.0.1:{port}" for key in texts if re.fullmatch(r"(\w+_)?(address|url)", key)}
    )
