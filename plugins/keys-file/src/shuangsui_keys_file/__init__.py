"""Key store 密钥文件: one file for each key, in a folder of the authority that nobody else may read."""

from __future__ import annotations

from pathlib import Path

from shuangsui import Context, KeyStore, hookimpl
from shuangsui_keys_file.folder import Folder
from shuangsui_keys_file.options import Options

__all__ = ["Options", "api", "register_key_stores"]

api = 1


@hookimpl
def register_key_stores(context: Context[Options]) -> list[KeyStore]:
    """The one store of the tenant: ``FOLDER/TENANT``."""
    options = context.options
    return [Folder(Path(options.folder) / context.tenant, context.tenant, only_opens=options.only_opens)]
