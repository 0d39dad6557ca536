"""One clear error with file and line for everything that can be wrong in a file or between files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from shuangsui.errors import Misconfigured
from shuangsui.tenancy import tree
from shuangsui.tenancy.schema import RoleName
from shuangsui.texts import sentence

Refused = Callable[[], Misconfigured]
Write = Callable[[str, str], Path]

CITY = "tenants/moushi/tenant.toml"
JIAQU = "tenants/moushi/districts/jiaqu/tenant.toml"
RULES = "tenants/moushi/districts/jiaqu/rules.toml"
HEAD = 'slug = "jiaqu"\nname = "甲区经济和信息化委员会"\nshort = "甲区"\n'

IN_TENANT = {
    "unknown key": ('plugin = ["alpha"]', "key_unknown", 4, "plugin", "没有这个键，是不是 plugins"),
    "unknown key in an area": (
        '[[areas]]\ncode = "990101"\nname = "甲"\nvalid_form = 1997', "key_unknown", 7, "areas.1.valid_form",
        "没有这个键，是不是 valid_from",
    ),
    "missing key in an area": (
        '[[areas]]\ncode = "990101"\nvalid_from = 1997', "key_missing", 4, "areas.1.name", "缺少这个键，请补上"
    ),
    "text instead of a list": ('plugins = "alpha"', "value_invalid", 4, "plugins", "应为列表，用方括号括起"),
    "number instead of text": ("plugins = [1]", "value_invalid", 4, "plugins.1", "应为文字，用英文引号括起"),
    "text instead of a number": (
        '[[areas]]\ncode = "990101"\nname = "甲"\nvalid_from = "1997"', "value_invalid", 7, "areas.1.valid_from",
        "应为整数，不加引号",
    ),
    "area code too short": (
        '[[areas]]\ncode = "99010"\nname = "甲"\nvalid_from = 1997', "value_invalid", 5, "areas.1.code",
        "行政区划代码是加引号的 6 位数字",
    ),
    "year out of range": (
        '[[areas]]\ncode = "990101"\nname = "甲"\nvalid_from = 19', "value_invalid", 7, "areas.1.valid_from",
        "不得小于 1949",
    ),
    "plugin listed twice": ('plugins = ["alpha", "alpha"]', "value_invalid", 4, "plugins", "同一项写了两次"),
    "plugin name in capitals": (
        'plugins = ["alpha",\n  "Beta"]', "value_invalid", 5, "plugins.2", "名称只用小写字母、数字和连字符，以字母开头"
    ),
    "hour that no clock shows": (
        'digest_at = "24:00"', "value_invalid", 4, "digest_at", "应为加引号的 24 小时制时刻，例如 08:30"
    ),
    "retention below the law's": ("retention_days = 179", "value_invalid", 4, "retention_days", "不得小于 180"),
    "unknown profile of passwords": ('passwords = "none"', "value_invalid", 4, "passwords", "只能取 dengbao3、asvs"),
    "sign-in server without encryption": (
        '[oidc]\nissuer = "http://sso.example"\nclient_id = "x"\nroles = {a = "leader"}', "value_invalid", 5,
        "oidc.issuer", "应为 https 地址，不带问号、井号和末尾的斜杠",
    ),
    "claim that stands for no role": (
        '[oidc]\nissuer = "https://sso.example"\nclient_id = "x"\n[oidc.roles]\na = "mayor"', "value_invalid", 8,
        "oidc.roles.a",
        f"只能取 {'、'.join(get_args(RoleName))}",
    ),
    "witness outside without a key": (
        '[[outside_witnesses]]\naddress = "https://w.example"\nkey = "w+00000000+BA=="', "value_invalid", 6,
        "outside_witnesses.1.key", "应为见证方的公钥（vkey）：名称+编号+公钥，请向见证方索取",
    ),
    "unknown placeholder": (
        'portal_title = "{nam}"', "value_invalid", 4, "portal_title", "花括号里只能是 name 或 short"
    ),
    "address instead of a domain": (
        'log_domain = "https://log.example"', "value_invalid", 4, "log_domain", "应为小写域名，不带 https 和斜杠"
    ),
    "fraction as an option": (
        "[options.alpha]\ntries = 1.5", "value_invalid", 5, "options.alpha.tries",
        "应为整数、true 或 false、文字，或由同一种文字、整数组成的列表",
    ),
    "option without a plugin": ("[options]\ntries = 1", "value_invalid", 5, "options.tries", "应为表"),
    "timezone is no setting": ('timezone = "Asia/Urumqi"', "key_unknown", 4, "timezone", "没有这个键"),
    "witness that is no tenant": ('witnesses = ["bingqu"]', "witness_unknown", 4, "witnesses", "没有租户 bingqu"),
    "witness of itself": ('witnesses = ["jiaqu"]', "witness_unknown", 4, "witnesses", "不能为自己见证"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "key", "problem"), IN_TENANT.values(), ids=IN_TENANT)
def test_wrong_tenant_file(
    text: str, code: str, line: int, key: str, problem: str, write: Write, refused: Refused
) -> None:
    """The error names the file, the line, the key and what is wrong there."""
    write("districts/jiaqu/tenant.toml", HEAD + text + "\n")
    error = refused()
    assert (error.code, error.params) == (code, {"file": JIAQU, "line": line, "key": key, "problem": problem})
    assert sentence(error) == f"{JIAQU} 第 {line} 行，{key}：{problem}。"


SYNTAX = {
    "no value": ("slug =", 1, "值的写法不对，文字要用英文引号括起"),
    "no equals sign": ("name 甲", 1, "键后面缺少等号"),
    "text without quotes": ("slug = jiaqu", 1, "值的写法不对，文字要用英文引号括起"),
    "unclosed quote": ('a = 1\nslug = "jiaqu\n', 2, "引号没有成对"),
    "unclosed bracket": ("a = [1,\n2\n", 2, "方括号没有成对"),
    "key twice": ('slug = "a"\n\nslug = "b"', 3, "同一个键写了两次"),
    "table twice": ("[a]\n[b]\n[a]\n", 3, "同一个表写了两次"),
    "two pairs on a line": ("a = 1 b = 2", 1, "值的后面有多余的字符"),
    "full-width quotes": ("slug = “jiaqu”", 1, "值的写法不对，文字要用英文引号括起"),
}


@pytest.mark.parametrize(("text", "line", "problem"), SYNTAX.values(), ids=SYNTAX)
def test_malformed_toml(text: str, line: int, problem: str, write: Write, refused: Refused) -> None:
    """What the TOML reader says in English reaches the administrator in Chinese, with the line."""
    write("districts/jiaqu/tenant.toml", text)
    error = refused()
    assert sentence(error).startswith(f"{JIAQU} 第 {line} 行不是有效的 TOML：{problem}")


def test_file_in_gbk_is_refused_at_its_first_wrong_line(root: Path, refused: Refused) -> None:
    """A file saved in another encoding is named as such, not read as rubbish."""
    (root / "moushi/districts/jiaqu/tenant.toml").write_bytes('slug = "jiaqu"\nname = "甲区"\n'.encode("gb18030"))
    assert sentence(refused()) == f"{JIAQU} 第 2 行不是 UTF-8 编码：请用 UTF-8 另存后再试。"


def test_byte_order_mark_is_accepted(root: Path) -> None:
    """Editors that write one do no harm."""
    path = root / "moushi/districts/jiaqu/tenant.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert tree.load(root).get("jiaqu").short == "jiaqu"


def test_rules_file_is_checked_like_the_tenant_file(write: Write, refused: Refused) -> None:
    """An entry without an article is refused: no value without a provision."""
    write("districts/jiaqu/rules.toml", '[[rule]]\nkey = "publication.days"\nvalue = 15\n')
    error = refused()
    assert (error.code, error.params["file"], error.params["line"], error.params["key"]) == (
        "key_missing",
        RULES,
        1,
        "rule.1.article",
    )


RULE_ENTRIES = {
    "mode": ('mode = "flor"', "只能取 floor、ceiling、locked、free"),
    "date as text": ('valid_from = "2027-01-01"', "应为日期，例如 2021-02-09，不加引号"),
    "date with a time": ("valid_from = 2027-01-01T08:00:00", "应为日期，例如 2021-02-09，不加引号"),
}


@pytest.mark.parametrize(("text", "problem"), RULE_ENTRIES.values(), ids=RULE_ENTRIES)
def test_wrong_rule_entry(text: str, problem: str, write: Write, refused: Refused) -> None:
    """Modes and dates are typed."""
    write("districts/jiaqu/rules.toml", f'[[rule]]\nkey = "a"\nvalue = 1\narticle = "第一条"\n{text}\n')
    error = refused()
    assert (error.code, error.params["line"], error.params["problem"]) == ("value_invalid", 5, problem)


def test_slug_other_than_the_folder(write: Write, refused: Refused) -> None:
    """The folder's name is the slug."""
    write("districts/jiaqu/tenant.toml", HEAD.replace("jiaqu", "bingqu"))
    error = refused()
    assert (error.code, error.params["line"]) == ("slug_mismatch", 1)
    assert sentence(error) == f"{JIAQU} 第 1 行，slug：与文件夹名 jiaqu 不同，两者必须一致。"


@pytest.mark.parametrize("slug", ["console", "api", "static", "livez", "readyz"])
def test_slug_that_is_an_address_of_ours(root: Path, refused: Refused, slug: str) -> None:
    """Its public pages would stand where something else answers."""
    (root / "moushi" / "districts" / "jiaqu").rename(root / "moushi" / "districts" / slug)
    file = root / "moushi" / "districts" / slug / "tenant.toml"
    file.write_text(file.read_text().replace("jiaqu", slug))
    error = refused()
    assert (error.code, error.params["line"]) == ("slug_reserved", 1)
    assert error.params["problem"] == f"{slug} 是本系统自己的网址，不能用作租户代码"


def test_slug_used_twice(root: Path, refused: Refused) -> None:
    """Two cities may not both have a district of one slug: slugs are keys everywhere."""
    shutil.copytree(root / "moushi", root / "lingshi")
    city = root / "lingshi" / "tenant.toml"
    city.write_text(city.read_text().replace('"moushi"', '"lingshi"').replace("990000", "980000"))
    error = refused()
    assert (error.code, error.params["file"], error.params["line"], error.params["problem"]) == (
        "slug_duplicate",
        JIAQU,
        1,
        "tenants/lingshi/districts/jiaqu/tenant.toml 已用了代码 jiaqu",
    )


def test_area_code_of_two_tenants_in_one_year(write: Write, refused: Refused) -> None:
    """An area belongs to one tenant at a time."""
    write("districts/jiaqu/tenant.toml", HEAD + '[[areas]]\ncode = "990101"\nname = "甲"\nvalid_from = 1997\n')
    text = '[[areas]]\ncode = "990101"\nname = "乙"\nvalid_from = 2011\n'
    write("districts/yiqu/tenant.toml", HEAD.replace("jiaqu", "yiqu") + text)
    error = refused()
    assert (error.code, error.params["problem"]) == ("area_shared", "yiqu 的区划代码 990101 同一时期已属于 jiaqu")


def test_area_code_may_pass_to_another_tenant(root: Path, write: Write) -> None:
    """A code used again after the old area ended is fine."""
    ended = 'code = "990101"\nname = "甲"\nvalid_from = 1997\nvalid_to = 2010\n'
    write("districts/jiaqu/tenant.toml", HEAD + "[[areas]]\n" + ended)
    text = '[[areas]]\ncode = "990101"\nname = "乙"\nvalid_from = 2011\n'
    write("districts/yiqu/tenant.toml", HEAD.replace("jiaqu", "yiqu") + text)
    assert [tree.load(root).get(slug).area_on(2010) is None for slug in ("jiaqu", "yiqu")] == [False, True]


def test_folder_without_a_tenant_file(root: Path, refused: Refused) -> None:
    """A forgotten file is no silent omission of a tenant."""
    (root / "moushi" / "districts" / "bingqu").mkdir()
    assert sentence(refused()) == (
        "租户文件夹缺少 tenants/moushi/districts/bingqu/tenant.toml：请补上 tenant.toml，或删去这个文件夹。"
    )


def test_misspelt_file_name(write: Write, refused: Refused) -> None:
    """``rule.toml`` would otherwise be ignored in silence."""
    write("districts/jiaqu/rule.toml", "")
    assert sentence(refused()) == (
        "tenants/moushi/districts/jiaqu/rule.toml 不是租户文件夹里的配置文件，"
        "只认 tenant.toml、rules.toml、caps.toml、exemptions.toml：请改名或移走。"
    )


def test_no_tenants(tmp_path: Path) -> None:
    """A wrong path is said, not an empty platform started."""
    with pytest.raises(Misconfigured) as caught:
        tree.load(tmp_path / "nowhere")
    assert caught.value.code == "tenants_missing"


@pytest.mark.parametrize("key", ["plugins", "log_domain", "portal_title"])
def test_setting_that_nobody_gives(key: str, root: Path, refused: Refused) -> None:
    """A root folder has nobody to inherit from."""
    path = root / "moushi" / "tenant.toml"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith(key)))
    error = refused()
    assert (error.code, error.params["file"], error.params["key"]) == ("key_missing", CITY, key)


def test_first_fault_of_several_is_the_one_shown(write: Write, refused: Refused) -> None:
    """One error at a time, from the top of the file."""
    write("districts/jiaqu/tenant.toml", HEAD + 'portal_title = 1\nplugins = "x"\n')
    assert refused().params["line"] == 4
