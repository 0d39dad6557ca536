"""The options of this plugin, ``[options.channel-portal]`` in a ``tenant.toml``."""

from __future__ import annotations

import re

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions

_STORE = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


class Options(PluginOptions):
    """What an administrator sets."""

    address: str = Field(
        "",
        title="网址",
        description="公示网站的网址，写进回执，例如 https://gongshi.example.gov.cn；不写则回执里只有路径",
    )

    store: str = Field(
        "",
        title="对象存储",
        description="把公示网站写进 S3 兼容的对象存储，例如 s3://gongshi/site（存储桶/前缀），本机的文件夹另留一份；"
        "不写则只写在本机的文件夹",
    )
    endpoint: str = Field(
        "",
        title="存储的服务地址",
        description="对象存储的网址，例如 https://oss.example.gov.cn；http:// 开头的不加密，只用于专网",
    )
    region: str = Field("us-east-1", title="存储的区域", min_length=1, description="签名用的区域名称，按存储的说明填写")
    path_style: bool = Field(
        True,
        title="桶名写在路径里",
        description="true：服务地址/桶名/文件；false：桶名.服务地址/文件，部分公有云只认后者",
    )
    access_key_env: str = Field(
        "SHUANGSUI_PORTAL_ACCESS_KEY",
        title="存储账号变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放访问密钥编号（Access Key ID）的环境变量名称",
    )
    secret_key_env: str = Field(
        "SHUANGSUI_PORTAL_SECRET_KEY",
        title="存储密钥变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放访问密钥（Secret Access Key）的环境变量名称",
    )
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=300, description="对象存储的每次请求最多等待多少秒")

    @field_validator("store")
    @classmethod
    def _is_store(cls, value: str) -> str:
        if value and (not _STORE.fullmatch(value) or "//" in value.removeprefix("s3://") or "/." in value):
            raise PydanticCustomError(
                "store_invalid", "应写成 s3://存储桶/前缀，前缀只用字母、数字、点、下划线、连字符和斜杠"
            )
        return value

    @field_validator("address", "endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise PydanticCustomError("address_invalid", "应为以 http:// 或 https:// 开头的网址，不带问号和井号")
        return value
