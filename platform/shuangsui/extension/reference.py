"""``plugins/README.md``, written from the hooks and the contracts, so that it cannot say anything else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import shuangsui
from shuangsui.contracts import (
    API,
    Bundle,
    CodeReceipt,
    Context,
    DisclosureChannel,
    EnforcementSystem,
    FeedFile,
    FeedState,
    FilingReceipt,
    Health,
    MissingCode,
    PluginOptions,
    PublicFile,
    Receipt,
    RegistryFeed,
    ResultCode,
    RulePackFile,
    TaskNotice,
)
from shuangsui.disclosed import (
    Authority,
    DecisionContent,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    Exporter,
    NoticeContent,
    Package,
    ResultContent,
    RoundContent,
    WithheldContent,
)
from shuangsui.errors import ContentRefused, OutsideFailed
from shuangsui.extension import notifying
from shuangsui.extension.messages import KINDS as KIND_NAMES
from shuangsui.extension.policy import KINDS
from shuangsui.hookspecs import PROJECT, Hooks
from shuangsui.notified import Message, MessageReceipt, Notifier

VALUES = (
    Context, PublicFile, Bundle, Receipt, Disclosed, Authority, RoundContent, ResultContent, WithheldContent,
    DecisionContent, NoticeContent, DisclosedObject, DisclosedItem, DisclosedFinding, DisclosedOfficer, Package,
    RulePackFile, FeedState, FeedFile, ResultCode, TaskNotice, CodeReceipt, MissingCode, FilingReceipt, Message,
    MessageReceipt, Health, PluginOptions,
)  # fmt: skip
PROTOCOLS = (DisclosureChannel, Exporter, RegistryFeed, EnforcementSystem, Notifier)

_ROLE = re.compile(r":\w+:`[\w.]*?(\w+)`")
"""A docstring's cross-reference, of which readers of Markdown get the bare name."""

_TEXT = """\
# 插件

本文由 `shuangsui plugin reference > plugins/README.md` 生成，请勿手改。读者：插件的开发者。
英文说明逐字取自代码：`platform/shuangsui/hookspecs.py`、
`platform/shuangsui/contracts.py`、`platform/shuangsui/disclosed.py` 和 `platform/shuangsui/notified.py`。

插件是一个普通的 Python 安装包，在入口点组 `{group}` 里登记一个模块。`plugins/channel-portal` 是完整的样例。
只能导入 `shuangsui` 的公开名称：{names}。

## 最小的插件

`pyproject.toml`：

```toml
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "shuangsui-channel-notice"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["shuangsui>=0.1,<1"]

[project.entry-points.{group}]
channel-notice = "shuangsui_channel_notice"

[tool.hatch.build.targets.wheel]
packages = ["src/shuangsui_channel_notice"]
```

`src/shuangsui_channel_notice/__init__.py`：

```python
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from shuangsui import Bundle, Context, DisclosureChannel, Health, PluginOptions, Receipt, hookimpl

api = {api}


class Options(PluginOptions):
    file: str = Field("notice.txt", description="公告文件的名称")


@dataclass(frozen=True)
class Notice:
    file: Path
    name: str = "notice"
    network: bool = False

    def publish(self, bundle: Bundle) -> Receipt:
        self.file.write_text(bundle.digest)
        return Receipt(self.name, str(self.file), bundle.digest, confirmed=False)

    def read_back(self, bundle: Bundle) -> Receipt:
        digest = self.file.read_text()
        return Receipt(self.name, str(self.file), digest, confirmed=digest == bundle.digest)

    def check(self) -> Health:
        return Health(self.file.parent.is_dir(), f"公告写在 {{self.file}}。")


@hookimpl
def register_disclosure_channels(context: Context[Options]) -> list[DisclosureChannel]:
    return [Notice(context.public / context.options.file)]
```

安装后在 `tenants/<租户>/tenant.toml` 启用，选项写在同一文件；`shuangsui plugin list --tenant <租户>` 显示是否正常：

```toml
plugins = ["channel-notice"]

[options.channel-notice]
file = "notice.txt"
```

## 与外部系统打交道的插件

凡是连网的都在单独的子进程里运行，限时、限内存：名录来源的 `fetch`，`network` 为真的公示渠道的 `publish`、`read_back`
和 `check`，报送系统的 `send`、`read_back` 和 `check`，通知方式的 `send` 和 `check`。子进程挂起、崩溃或者超限，只算
这个插件的一次失败。口令放在环境变量里，选项只写变量名：名称以 `_env` 结尾的选项所指的变量才会传进子进程（列表型的每条
可以写成 `名称=变量名`），它们的值不会出现在台账、提醒和日志里。一个完整的例子，实际使用的见 `plugins/feed-registrar`：

```python
import os
from dataclasses import dataclass
from datetime import date

import httpx
from pydantic import Field

from shuangsui import Context, FeedFile, FeedState, Health, OutsideFailed, PluginOptions, RegistryFeed, hookimpl

api = {api}


class Options(PluginOptions):
    address: str = Field(description="名单的网址")
    token_env: str = Field("SHUANGSUI_LIST_TOKEN", description="存放令牌的环境变量")


@dataclass(frozen=True)
class Register:
    options: Options
    name: str = "list"
    kind: str = "objects"

    def fetch(self, last: FeedState | None) -> FeedFile:
        headers = {{"Authorization": f"Bearer {{os.environ[self.options.token_env]}}"}}
        query = {{"format": "csv", "size": "100000"}}
        try:
            answer = httpx.get(self.options.address, params=query, headers=headers).raise_for_status()
        except httpx.HTTPError as error:
            raise OutsideFailed("list_failed", problem=f"没有取到名单（{{type(error).__name__}}）") from error
        return FeedFile(date.fromisoformat(answer.headers["X-Data-Date"]), answer.content, complete=True)

    def check(self) -> Health:
        return Health(self.options.token_env in os.environ, f"令牌在环境变量 {{self.options.token_env}} 里。")


@hookimpl
def register_registry_feeds(context: Context[Options]) -> list[RegistryFeed]:
    return [Register(context.options)]
```

```toml
plugins = ["channel-notice", "feed-list"]

[options.feed-list]
address = "http://127.0.0.1:8090/registrar/objects"
```

真正的系统不在手边时，用 `shuangsui mock-sink` 在本机扮演登记机关（`/registrar`）、执法监督应用（`/zhifa`）、门户
（`/portal`）、信用信息系统（`/credit`）、企业微信（`/wecom`）和短信网关（`/sms`）。它列出收到的请求，也能按要求出错；
故障可以用 `--fault` 预设，也可以随时用 HTTP 切换。测试里用 `shuangsui.testing.sink.Sink`。

```bash
shuangsui mock-sink --port 8090 --token secret --objects objects.csv
export SHUANGSUI_LIST_TOKEN=secret
shuangsui registry feed list --check --tenant moushi
shuangsui registry feed pull --tenant moushi --as lead
curl -X PUT -d hang http://127.0.0.1:8090/_sink/faults/registrar
shuangsui registry feed pull --seconds 5 --tenant moushi --as lead
shuangsui watch --tenant moushi
```

最后一次拉取以退出状态 3 结束：名录没有改动，台账多一行，`watch` 多一条提醒。

部门结果代码（`register_result_codes`）不与外部系统打交道，只返回 `ResultCode` 的列表，见 `plugins/results-market`。

报送到信用、监管系统的插件（`register_exporters`）把同样的内容写成对方的表：`convert` 不连网，缺项或者有误时抛出
`ContentRefused("字段", "一句中文")`；`send` 交出去，`read_back` 看对方现在公示的是什么。现成的有
`plugins/exporter-gsxt`、`plugins/exporter-credit-china` 和 `plugins/exporter-supervision`，共用的收发和校验在
`plugins/exporter-kit`。对着 `mock-sink` 试用时，租户的选项是：

```toml
plugins = ["exporter-gsxt", "exporter-credit-china", "exporter-supervision"]

[options.exporter-gsxt]
address = "http://127.0.0.1:8090/credit/gsxt"

[options.exporter-credit-china]
address = "http://127.0.0.1:8090/credit/credit-china"
form = "xlsx"

[options.exporter-supervision]
address = "http://127.0.0.1:8090/credit/supervision"
department = "JXW01"
```

公示内容也可以用同一个钩子交给信用系统以外的接收方：`plugins/channel-webhook` 按 Standard Webhooks 签名推送，只连公网
地址，对方签名的回执才算送达；`plugins/channel-email` 把依法不予公开的结果只通报给指定的单位。`plugins/channel-portal`
设置了 `store` 就把公示网站写进 S3 兼容的对象存储。

```toml
plugins = ["channel-portal", "channel-webhook", "channel-email"]

[options.channel-portal]
address = "https://gongshi.example.gov.cn"
store = "s3://gongshi/site"
endpoint = "https://oss.example.gov.cn"
region = "cq-1"

[options.channel-webhook]
receivers = ["shuju=https://hook.example.gov.cn/shuangsui"]
secrets_env = ["shuju=SHUJU_WEBHOOK_SECRET"]

[options.channel-email]
host = "smtp.example.gov.cn"
user = "sss"
sender = "sss@jxw.example.gov.cn"
contact = "监管处 023-12345678"
addresses = ["某市公安局=tb@gaj.example.gov.cn"]
```

推送的接收方用 Standard Webhooks 的任何一个库验签，按 `webhook-id` 去重，再用同一密钥给答复签名，正文至少写明收到的是
哪一份：`{{"external_id": "…", "revision": 1, "digest": "请求正文的 SHA-256（十六进制）"}}`。

{notifying}## 约定

- 模块写明 `api = {api}`；选项是 `PluginOptions` 的子类 `Options`，没有选项就不写。口令不放在选项里。
- 租户按 `plugins` 的顺序启用；没有启用的插件不起任何作用。
- 环境变量 `SHUANGSUI_PLUGINS` 是全系统的允许名单，名单之外的不导入。
- 导入失败、钩子名写错、参数不对、包装器（`wrapper`）、`api` 不符的插件列为“不能载入”，其他插件照常工作。
- 每个钩子、每个对象逐个调用：抛出异常或返回了别的类型，只记在这个插件名下。
- 外部系统没有办成，抛出 `OutsideFailed("代码", problem="一句中文")`；再试也没有用时加 `permanent=True`。
- 公开材料的每一份都会重复交给渠道，重复办理不得有害；只有读回核对一致的回执才算公开。

## 钩子

{hooks}

## 对象

{protocols}

## 值

{values}
"""


def render() -> str:
    """The whole Markdown text; the same bytes for the same product."""
    return _TEXT.format(
        group=PROJECT,
        api=API,
        notifying=notifying.TEXT.format(),
        names="、".join(f"`{name}`" for name in shuangsui.__all__),
        hooks="\n\n".join(_hook(hook) for hook in KINDS),
        protocols="\n\n".join(_protocol(kind) for kind in PROTOCOLS),
        values="\n\n".join(_value(kind) for kind in (*VALUES, OutsideFailed, ContentRefused)),
    )


def _hook(name: str) -> str:
    hook = getattr(Hooks, name)
    return f"### `{_signature(hook)}`\n\n{KIND_NAMES[KINDS[name]]}。{_doc(hook)}"


def _protocol(kind: type) -> str:
    methods = "\n".join(f"- `{head}`：{_doc(member)}" for head, member in _members(kind))
    return f"### `{kind.__name__}`\n\n{_doc(kind)}\n\n{methods}"


def _members(kind: type) -> Iterator[tuple[str, object]]:
    """In the order of the source; a property shows as an attribute."""
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"{name}: {_type(member.fget, 'return')}", member
        elif inspect.isfunction(member):
            yield _signature(member), member


def _value(kind: type) -> str:
    if not is_dataclass(kind):
        return f"### `{kind.__name__}`\n\n{_doc(kind)}"
    head = ", ".join(f"{field.name}: {field.type}" for field in fields(kind))
    return f"### `{kind.__name__}({head})`\n\n{_doc(kind)}"


def _signature(function: Callable[..., object]) -> str:
    arguments = [name for name in inspect.signature(function).parameters if name != "self"]
    stated = ", ".join(f"{name}: {_type(function, name)}" for name in arguments)
    return f"{function.__name__}({stated}) -> {_type(function, 'return')}"


def _type(function: Any, name: str) -> str:
    return str(function.__annotations__[name])


def _doc(thing: object) -> str:
    words = " ".join((inspect.getdoc(thing) or "").split())
    return _ROLE.sub(r"`\1`", words).replace("``", "`")
