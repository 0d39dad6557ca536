"""The options of this plugin, ``[options.channel-webdav]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui import PluginOptions

_URL = r"^https?://[^\s/?#@]+(?:/[^\s?#]*)?$"


class Options(PluginOptions):
    """What an administrator sets; the password itself stands in the environment."""

    place: str = Field(
        title="写入的网址",
        pattern=_URL,
        description="网站平台给本机关的 WebDAV 目录，例如 https://dav.example.gov.cn/jxw，本机的文件夹另留一份；"
        "http:// 的不加密，只用于专网",
    )
    address: str = Field(
        "",
        title="网址",
        pattern=rf"^$|{_URL}",
        description="公众看到这个目录的网址，例如 https://www.example.gov.cn/jxw；写明后从这里读回核对，并写进回执",
    )
    user: str = Field("", title="用户名", max_length=200, description="WebDAV 的用户名；不写则以令牌（Bearer）登录")
    password_env: str = Field(
        "SHUANGSUI_WEBDAV_PASSWORD",
        title="口令变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放口令或者令牌的环境变量名称",
    )
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=300, description="每次请求最多等待多少秒")
