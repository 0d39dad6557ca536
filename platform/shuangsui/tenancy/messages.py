"""Texts of the codes of tenants and their files; ``PROBLEMS`` says in Chinese what pydantic found."""

from __future__ import annotations

_IN_FILE = "{file} 第 {line} 行，{key}：{problem}。"

TEXTS = {
    "tenant_folder_taken": "租户代码 {slug} 已有文件夹或租户，没有改动：请换一个代码。",
    "tenant_unknown": "没有租户 {tenant}，相近的有 {suggestions}：请核对租户代码。",
    "tenants_missing": "租户目录 {file} 不存在或没有任何租户：请用环境变量 SHUANGSUI_TENANTS 指明租户目录。",
    "tenant_file_missing": "租户文件夹缺少 {file}：请补上 tenant.toml，或删去这个文件夹。",
    "file_unknown": "{file} 不是租户文件夹里的配置文件，只认 {known}：请改名或移走。",
    "toml_encoding": "{file} 第 {line} 行不是 UTF-8 编码：请用 UTF-8 另存后再试。",
    "toml_syntax": "{file} 第 {line} 行不是有效的 TOML：{problem}。",
    "key_unknown": _IN_FILE,
    "key_missing": _IN_FILE,
    "value_invalid": _IN_FILE,
    "slug_mismatch": _IN_FILE,
    "slug_reserved": _IN_FILE,
    "slug_duplicate": _IN_FILE,
    "area_shared": _IN_FILE,
    "witness_unknown": _IN_FILE,
    "exemption_loosened": _IN_FILE + "本级另有文件的，请用 own_basis 写明文号。",
}

PROBLEMS = {
    "extra_forbidden": "没有这个键{hint}",
    "missing": "缺少这个键，请补上",
    "string_type": "应为文字，用英文引号括起",
    "int_type": "应为整数，不加引号",
    "bool_type": "应为 true 或 false，不加引号",
    "date_type": "应为日期，例如 2021-02-09，不加引号",
    "date_from_datetime_inexact": "应为日期，例如 2021-02-09，不带时刻",
    "tuple_type": "应为列表，用方括号括起",
    "dict_type": "应为表",
    "model_type": "应为表",
    "literal_error": "只能取 {expected}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
}

SYNTAX = {
    "Cannot overwrite a value": "同一个键写了两次",
    "Cannot declare": "同一个表写了两次",
    "Invalid statement": "应为“键 = 值”",
    "Expected '=' after a key": "键后面缺少等号",
    "Invalid value": "值的写法不对，文字要用英文引号括起",
    "Unterminated string": "引号没有成对",
    "Illegal character": "引号没有成对，或文字里有控制字符",
    "Unclosed array": "方括号没有成对",
    "Unclosed inline table": "花括号没有成对",
    "Expected newline or end of document after a statement": "值的后面有多余的字符",
}
"""Beginnings of what ``tomllib`` says, and the same in Chinese."""
