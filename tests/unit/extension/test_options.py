"""Options are checked by the plugin's own model; a fault names file, line and key."""

from __future__ import annotations

import pytest

from shuangsui.contracts import PluginOptions
from shuangsui.errors import Misconfigured
from shuangsui.extension.options import checked
from shuangsui.extension.policy import Plugin


class Options(PluginOptions):
    """What the plugin of these tests takes."""

    code: int
    word: str = "none"
    many: tuple[str, ...] = ()
    token_env: str = "GATE_TOKEN"
    more_env: tuple[str, ...] = ()


PLUGIN = Plugin("gate", "1.0", "loaded", options=Options)


def fault(tenant, options: str) -> tuple[str, str, int, str]:
    with pytest.raises(Misconfigured) as caught:
        checked(tenant(["gate"], options=options), PLUGIN)
    params = caught.value.params
    return caught.value.code, params["file"], params["line"], params["key"]


def test_options_are_typed(tenant):
    """Lists come as tuples, what is left out has its default."""
    found = checked(tenant(["gate"], options='[options.gate]\ncode = 3\nmany = ["a", "b"]\n'), PLUGIN)
    assert found == Options(code=3, many=("a", "b"))


def test_unknown_option_names_its_line(tenant):
    """A misspelt key would otherwise be ignored in silence."""
    answer = fault(tenant, "[options.gate]\ncode = 3\nworb = 'x'\n")
    assert answer == ("key_unknown", "tenants/moushi/tenant.toml", 9, "options.gate.worb")


def test_wrong_type_names_its_line(tenant):
    """The second key is wrong, the first is not."""
    answer = fault(tenant, "[options.gate]\nword = 'x'\ncode = 'three'\n")
    assert answer == ("value_invalid", "tenants/moushi/tenant.toml", 9, "options.gate.code")


def test_missing_option_names_the_line_that_switches_the_plugin_on(tenant):
    """There is no line of its own to name."""
    answer = fault(tenant, "")
    assert answer == ("key_missing", "tenants/moushi/tenant.toml", 6, "options.gate.code")


def test_inherited_option_names_the_file_it_stands_in(tenant, settings):
    """The district's file says nothing about it; the city's does."""
    tenant(["gate"], options="[options.gate]\ncode = 'three'\n")
    folder = settings.tenants / "moushi" / "districts" / "mouqu"
    folder.mkdir(parents=True)
    (folder / "tenant.toml").write_text('slug = "mouqu"\nname = "某区"\nshort = "某区"\n', encoding="utf-8")
    from shuangsui.tenancy import tree

    with pytest.raises(Misconfigured) as caught:
        checked(tree.load(settings.tenants).get("mouqu"), PLUGIN)
    assert caught.value.params["file"] == "tenants/moushi/tenant.toml"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token_env", "'SHUANGSUI_DATABASE_URL'"),
        ("token_env", "' shuangsui_backup_url'"),
        ("more_env", "['GATE_OTHER', 'whose=SHUANGSUI_METRICS_TOKEN']"),
    ],
)
def test_variable_of_the_platform_itself_is_no_secret_of_a_plugin(tenant, key, value):
    """Whoever sets options at the console also says where the plugin sends its secret."""
    answer = fault(tenant, f"[options.gate]\ncode = 3\n{key} = {value}\n")
    assert answer == ("value_invalid", "tenants/moushi/tenant.toml", 9, f"options.gate.{key}")
