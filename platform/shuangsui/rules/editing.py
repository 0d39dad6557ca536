"""The form of one rule key: typed by the key table, filled in with the value in force."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from shuangsui.rules.keys import BOUNDED, KINDS, KeySpec
from shuangsui.rules.policy import RuleValue
from shuangsui.rules.revisions import Change
from shuangsui.rules.wording import MODES
from shuangsui.said import say


class Said(BaseModel):
    """What every change of a rule says besides its value."""

    article: str = Field(title="条款", description="所依据的条款，例如“第十四条”", min_length=1, max_length=200)
    own_basis: str | None = Field(
        None, title="文号", description="本级文件的文号；放宽上级办法的默认值时必须写明", max_length=200
    )
    mode: str = Field("free", title="对下级", max_length=16, description="下级机关能不能取更宽的值")
    text: str | None = Field(None, title="条款原文或者说明", max_length=200)


class Revised(Said):
    """Of whatever kind the key is; see :func:`form_of` for the one that a key has."""

    value: int | bool | str | list[int] | list[str] = Field(title="取值", description="依规则键的类型")


def form_of(spec: KeySpec, current: RuleValue) -> type[BaseModel]:
    """A model with ``value`` of the key's own type, and :class:`Said`."""
    kind, more = _TYPES[spec.kind](spec)
    unit = say("，单位：{unit}", unit=spec.unit) if spec.unit else ""
    described = say(
        "{description}（{kind}{unit}；现为 {place} 的规定）",
        description=spec.description,
        kind=KINDS[spec.kind],
        unit=unit,
        place=current.place,
    )
    default = list(current.value) if isinstance(current.value, tuple) else current.value
    value = Field(default, title="取值", description=described, **more)
    rest = {name: (info.annotation, info) for name, info in Said.model_fields.items()}
    made: type[BaseModel] = create_model("Revise", value=(kind, value), **rest)  # type: ignore[call-overload]
    return made


def modes_of(spec: KeySpec) -> dict[str, str]:
    """The ways in which a key of this kind can bind those below."""
    return {mode: name for mode, name in MODES.items() if spec.kind in BOUNDED or mode in ("free", "locked")}


def change_of(key: str, form: BaseModel) -> Change:
    """What was filled in; lists are kept as tuples."""
    said = form.model_dump()
    value = said.pop("value")
    return Change(key, "set", tuple(value) if isinstance(value, list) else value, **said)


def _integer(spec: KeySpec) -> tuple[Any, dict[str, Any]]:
    return int, {"ge": spec.limits[0], "le": spec.limits[1]}


def _set(spec: KeySpec) -> tuple[Any, dict[str, Any]]:
    item: Any = Literal.__getitem__(spec.choices) if spec.choices else Annotated[str, Field(max_length=64)]
    return list[item], {"max_length": 64}


def _counts(_spec: KeySpec) -> tuple[Any, dict[str, Any]]:
    return list[Annotated[str, Field(max_length=80)]], {"max_length": 64}


_TYPES: dict[str, Any] = {
    "integer": _integer,
    "switch": lambda _spec: (bool, {}),
    "choice": lambda spec: (Literal.__getitem__(spec.choices), {}),
    "set": _set,
    "counts": _counts,
    "steps": lambda spec: (list[Annotated[int, Field(ge=spec.limits[0], le=spec.limits[1])]], {"max_length": 64}),
    "monthday": lambda _spec: (str, {"pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}),
}
