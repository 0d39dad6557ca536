"""Whether the platform's own functions are still its own: a plugin in this process could replace them.

This finds and undoes what is done by mistake or by habit (monkey-patching). Whoever wants to hide can: a plugin runs
with the rights of its process, which is why an operator decides which are installed (plugins/README.md).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import isclass, isfunction
from types import CodeType, FunctionType, ModuleType

PACKAGES = ("shuangsui", "fairdraw")


Place = tuple[ModuleType | type, str]
"""Where a function stands: a module or class of the platform, and its name there."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The functions of the platform as they were, by module or class and then by name, and the code of each.

    Thousands of them are looked at whenever plugins were asked, so whether all is well is told by whole dictionaries.
    """

    functions: Mapping[ModuleType | type, Mapping[str, FunctionType]]
    codes: Mapping[FunctionType, CodeType]

    def broken(self) -> list[Place]:
        """What is no longer what it was."""
        recoded = {function for function, code in self.codes.items() if function.__code__ is not code}
        changed = [one for one, known in self.functions.items() if recoded or not known.items() <= vars(one).items()]
        return [
            (holder, name)
            for holder in changed
            for name, function in self.functions[holder].items()
            if function in recoded or vars(holder).get(name) is not function
        ]

    def mend(self, places: Iterable[Place]) -> None:
        """Put the originals back."""
        for holder, name in places:
            function = self.functions[holder][name]
            function.__code__ = self.codes[function]
            setattr(holder, name, function)


def sealed() -> Seal:
    """Of all modules of the platform that are loaded now, whatever they have from elsewhere included."""
    functions: dict[ModuleType | type, dict[str, FunctionType]] = {}
    for (holder, name), found in _functions():
        functions.setdefault(holder, {})[name] = found
    return Seal(functions, {found: found.__code__ for known in functions.values() for found in known.values()})


def named(place: Place) -> str:
    """The dotted name of a place."""
    holder, name = place
    inside = holder.__name__ if isinstance(holder, ModuleType) else f"{holder.__module__}.{holder.__qualname__}"
    return f"{inside}.{name}"


def culprit(place: Place) -> str:
    """The file of what stands there now; empty if it does not say."""
    holder, name = place
    return str(getattr(getattr(vars(holder).get(name), "__code__", None), "co_filename", ""))


def _functions() -> Iterator[tuple[Place, FunctionType]]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in PACKAGES:
            yield from _inside(module, name)


def _inside(holder: ModuleType | type, module: str) -> Iterator[tuple[Place, FunctionType]]:
    """Functions of a module, and methods of the classes that it defines."""
    for name, found in list(vars(holder).items()):
        if isfunction(found):
            yield (holder, name), found
        elif isclass(found) and found.__module__ == module and isinstance(holder, ModuleType):
            yield from _inside(found, module)
