"""The options of this plugin, ``[options.notify-http]`` in a ``tenant.toml``."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

import httpx
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions
from shuangsui_notify_http import template as templates
from shuangsui_notify_http.template import FIELDS, TOKEN

_URL = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?][!-~]*)?")
_VARIABLE = re.compile(r"([a-z][a-z0-9_]{0,30})=([A-Z][A-Z0-9_]*)")
_HEADER = re.compile(r"([A-Za-z0-9-]{1,60}): ?([ -~]{1,500})")
_PATH, _CONDITION = r"^[A-Za-z0-9_.-]{0,100}$", re.compile(r"(?:[A-Za-z0-9_.-]{1,100}=[^=]{1,100})?")
_OWN = ("host", "content-length", "content-type", "transfer-encoding", "connection")


class Options(PluginOptions):
    """What an administrator sets; the secrets themselves stand in the environment."""

    name: str = Field("http", title="名称", pattern=r"^[a-z][a-z0-9-]{0,30}$", description="例如 wecom、sms")
    address_kind: Literal["email", "phone", "wecom"] = Field(
        title="地址种类", description="用每个人的哪一种地址：phone 手机号码、wecom 企业微信账号、email 电子邮件地址"
    )
    address: str = Field(title="网址", description="网关的网址；密钥写成 {名称}，名称见 secrets_env")
    method: Literal["POST", "PUT", "GET"] = Field("POST", title="方法", description="HTTP 方法")
    headers: tuple[str, ...] = Field((), title="请求头", description="每条写成 名称: 值，值里可以用密钥的 {名称}")
    secrets_env: tuple[str, ...] = Field(
        (), title="密钥变量", description="每条写成 名称=环境变量名称，例如 key=WECOM_ROBOT_KEY"
    )
    form: Literal["json", "form", "query"] = Field(
        "json", title="正文格式", description="json；form 表单；query 写在网址的参数里，没有正文"
    )
    template: str = Field(
        '{"to": "{address}", "title": "{title}", "text": "{text}", "id": "{id}"}',
        title="正文模板",
        description="一个 JSON 对象；文字里可以用 {title}、{text}、{address}、{id}、{link}、{level} 和密钥的 {名称}",
    )
    success: str = Field("", title="成功的标志", description="答复里的路径=值，例如 errcode=0；不写则答复 2xx 就算成功")
    permanent: tuple[str, ...] = Field(
        (), title="不必再试的错误", description="该路径上的这些值表示再试也没有用，其余的值过后再试"
    )
    reference: str = Field("", title="回执的路径", pattern=_PATH, description="答复里对方编号的路径，例如 msgid")
    token_address: str = Field(
        "", title="取令牌的网址", description="先取访问令牌的网关：用 GET 取得令牌，在其他各处写成 {token}"
    )
    token_path: str = Field("access_token", title="令牌的路径", pattern=_PATH, description="取令牌的答复里令牌的路径")
    token_expired: tuple[str, ...] = Field(
        (), title="令牌失效的错误", description="这些值表示令牌失效：另取一个，当即再试一次"
    )
    longest: int = Field(
        2000, title="最长字节数", ge=70, le=8000, description="{text} 最多多少字节（UTF-8），超出的截去"
    )
    console: str = Field(
        "",
        title="管理端网址",
        pattern=r"^(?:https?://[A-Za-z0-9.-]+(?::\d{1,5})?)?$",
        description="{link} 以它开头，例如 https://sss.jxw.example.gov.cn；不写则 {link} 为空",
    )
    report_token_env: str = Field(
        "", title="回执的口令变量", pattern=r"^(?:[A-Z][A-Z0-9_]*)?$",
        description="网关用这个环境变量里的口令回报送没送到：地址后面写 ?token=口令，"
        "或者放在 Authorization: Bearer 里；不写则不接收回报",
    )  # fmt: skip
    report_list: str = Field(
        "", title="回报列表的路径", pattern=_PATH, description="回报是列表时它的路径；整个正文就是则不写"
    )
    report_message: str = Field(
        "out_id",
        title="回报里的编号",
        pattern=_PATH,
        description="我们的编号（{id}）或者对方的编号（回执）在回报里的路径",
    )
    report_success: str = Field(
        "success=True",
        title="送到的标志",
        description="回报里的路径=值，例如 report_status=SUCCESS；JSON 的 true 写作 True",
    )
    report_detail: str = Field("err_code", title="回报里的原因", pattern=_PATH, description="没有送到的原因代码的路径")
    report_reply: str = Field(
        '{"code": 0}', title="对回报的答复", max_length=500, description="网关要求的答复，一段 JSON"
    )
    timeout_seconds: int = Field(20, title="等待秒数", ge=1, le=50, description="每次请求最多等待多少秒")
    allow_private: bool = Field(
        False,
        title="允许内网地址",
        description="允许连接内网、本机等非公网地址。打开后，能改选项的人可以让本机去连内网的任何端口，"
        "只在网关确实在内网时打开",
    )
    allow_http: bool = Field(
        False, title="允许不加密", description="允许 http:// 网址：密钥和号码途中人人可见，只用于测试和专网"
    )

    def body(self) -> Any:
        """The template as a JSON value."""
        return json.loads(self.template)

    def variables(self) -> dict[str, str]:
        """Environment variables by the names of the secrets."""
        return dict(text.split("=", 1) for text in self.secrets_env)

    def named_headers(self) -> dict[str, str]:
        """Templates of values, by header."""
        return {found[1]: found[2] for text in self.headers if (found := _HEADER.fullmatch(text))}

    @field_validator("address", "token_address")
    @classmethod
    def _is_url(cls, value: str) -> str:
        bare = re.sub(r"\{[a-z][a-z0-9_]*\}", "x", value)
        start = value.partition("{")[0]
        if value and not (_URL.fullmatch(bare) and not re.search(r"[#\\]", bare) and _reads(bare) and _has_host(start)):
            raise PydanticCustomError(
                "url_invalid", "应以 https:// 开头，不带用户名、井号、空格和反斜杠；{名称} 只能写在主机名之后"
            )
        return value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = [_HEADER.fullmatch(text) for text in value]
        if not all(one and one[1].lower() not in _OWN for one in found):
            raise PydanticCustomError(
                "headers_invalid", "应写成 名称: 值，只用 ASCII 字符；正文格式、长度等请求头不能写"
            )
        return value

    @field_validator("secrets_env")
    @classmethod
    def _are_variables(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = [_VARIABLE.fullmatch(text) for text in value]
        taken = [one[1] for one in found if one]
        if len(taken) < len(value) or len(set(taken)) < len(taken) or set(taken) & {*FIELDS, TOKEN}:
            raise PydanticCustomError(
                "secrets_invalid",
                "应写成 名称=环境变量名称，名称不能重复，也不能是 title、text、token 等模板自有的名称",
            )
        return value

    @field_validator("success", "report_success")
    @classmethod
    def _is_condition(cls, value: str) -> str:
        if not _CONDITION.fullmatch(value):
            raise PydanticCustomError("success_invalid", "应写成 路径=值，例如 errcode=0")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Options:
        self._check_template()
        secrets = {*self.variables(), *([TOKEN] if self.token_address else [])}
        used = {*templates.names(self.address), *templates.names(list(self.headers))}
        if unknown := (used - secrets) | (set(templates.names(self.token_address)) - {*self.variables()}):
            raise PydanticCustomError("name_unknown", "网址或者请求头里用了 secrets_env 中没有的名称：{names}",
                                      {"names": "、".join(sorted(unknown))})  # fmt: skip
        if unknown := set(templates.names(self.body())) - secrets - {*FIELDS}:
            raise PydanticCustomError(
                "name_unknown", "正文模板里用了不认识的名称：{names}", {"names": "、".join(sorted(unknown))}
            )
        if not self.allow_http and any(one.startswith("http:") for one in (self.address, self.token_address)):
            raise PydanticCustomError("url_plain", "网址应以 https:// 开头；确需 http:// 时打开 allow_http")
        return self

    def _check_template(self) -> None:
        try:
            body = self.body()
        except ValueError:
            body = None
        if not isinstance(body, dict) or not (self.form == "json" or templates.is_flat(body)):
            raise PydanticCustomError(
                "template_invalid", "正文模板应是一个 JSON 对象；form 和 query 的只能有文字和数，不能再套一层"
            )
        if (self.form == "query") is not (self.method == "GET"):
            raise PydanticCustomError("method_invalid", "GET 只能与 query 一起用，query 也只能用 GET")
        if self.report_token_env and not (self.report_message and self.report_success):
            raise PydanticCustomError("report_invalid", "要接收回报，就要写明 report_message 和 report_success")
        if self.permanent and not self.success:
            raise PydanticCustomError("permanent_invalid", "写了 permanent 就要写 success：值在同一路径上看")


def _reads(address: str) -> bool:
    try:
        return bool(httpx.URL(address).host)
    except httpx.InvalidURL:
        return False


def _has_host(start: str) -> bool:
    """Whether host and port are over before the first placeholder begins."""
    return bool(re.match(r"https?://[^/?]+(?:[/?]|$)", start))
