"""Which tests prove which requirement: read from names, written as a table into tests/README.md.

``python tests/requirements.py`` rewrites the table; a contract test asks whether that was done.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "tests" / "README.md"
BEGIN, END = "<!-- requirements: begin -->", "<!-- requirements: end -->"
NUMBERED = re.compile(r"test_r(\d+)_(\d+)_.")
CLAIMS = re.compile(r"test_r\d")
"""Names that look as if they carried a number; all of them must."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One number of ``requirements.toml``."""

    number: str
    says: str
    reason: str = ""
    open: bool = False
    missing: str = ""

    @property
    def article(self) -> int:
        """The article of the Measures."""
        return int(self.number[1:].split(".")[0])


@dataclass(frozen=True, slots=True)
class Test:
    """One test function or method."""

    file: str
    name: str

    @property
    def number(self) -> str | None:
        """The requirement its name carries."""
        found = NUMBERED.match(self.name)
        return f"R{found[1]}.{found[2]}" if found else None

    @property
    def is_unreadable(self) -> bool:
        """Whether it looks numbered and is not."""
        return self.number is None and CLAIMS.match(self.name) is not None


def requirements(file: Path = ROOT / "tests" / "requirements.toml") -> list[Requirement]:
    """The committed list, in the order of the Measures."""
    listed = tomllib.loads(file.read_text("utf-8"))["requirements"]
    return [Requirement(number, **said) for number, said in listed.items()]


def found_in(root: Path = ROOT) -> list[Test]:
    """Every test of the project and of its plugins, parametrised ones once."""
    folders = [root / "tests", *sorted(root.glob("plugins/*/tests"))]
    files = (file for folder in folders for file in sorted(folder.rglob("test_*.py")))
    return [Test(file.relative_to(root).as_posix(), name) for file in files for name in names(file)]


def names(file: Path) -> Iterator[str]:
    """Test functions at the top of a module and test methods in its classes, as pytest collects them."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in _functions(tree.body):
        if node.name.startswith("test_"):
            yield node.name


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _functions(node.body)


def proofs(found: list[Test]) -> dict[str, list[Test]]:
    """Tests by the number in their name."""
    by_number: dict[str, list[Test]] = {}
    for test in found:
        if test.number:
            by_number.setdefault(test.number, []).append(test)
    return by_number


def table(listed: list[Requirement], found: list[Test]) -> str:
    """The table between the markers, a row for every number."""
    by_number = proofs(found)
    rows = [f"| {r.number} | {r.says} | {_where(r, by_number.get(r.number, []))} |" for r in listed]
    return "\n".join(["| number | in short | tests |", "|---|---|---|", *rows])


def _where(requirement: Requirement, found: list[Test]) -> str:
    files = dict.fromkeys(test.file.removeprefix("tests/") for test in found)
    return "<br>".join(f"`{file}`" for file in files) or f"none: {requirement.reason or requirement.missing}"


def written(text: str) -> str:
    """What stands between the markers of a text."""
    return text.split(BEGIN)[1].split(END, maxsplit=1)[0].strip()


def rewritten(text: str, new: str) -> str:
    """A text with another table."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{new}\n{END}{rest.split(END)[1]}"


def main() -> None:
    """Rewrite the table."""
    README.write_text(rewritten(README.read_text("utf-8"), table(requirements(), found_in())), "utf-8")


if __name__ == "__main__":
    main()
