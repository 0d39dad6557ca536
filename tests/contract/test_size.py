"""The size budget of our own code: a mirror that is printed, with hard ends far out."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[2]
FILES = [
    f
    for folder in ("platform", "plugins")
    for f in sorted((ROOT / folder).rglob("*.py"))
    if not {"versions", "tests"} & set(f.parts)
]


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    tree = ast.parse(file.read_text("utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, decorators not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_and_functions_stay_readable(capsys) -> None:
    """Files up to 400 lines, functions up to 50; medians and 90th percentiles are printed for the reader."""
    sizes = [len(f.read_text("utf-8").splitlines()) for f in FILES]
    each = [lines(n) for f in FILES for n in functions(f)]
    with capsys.disabled():
        print(
            f"\nfiles {len(sizes)}: median {median(sizes):.0f}, p90 {quantiles(sizes, n=10)[-1]:.0f}, max {max(sizes)}"
        )
        print(f"functions {len(each)}: median {median(each):.0f}, p90 {quantiles(each, n=10)[-1]:.0f}, max {max(each)}")
    assert max(sizes) <= 400
    assert max(each) <= 50


def test_every_return_is_annotated() -> None:
    """Types are part of how the code is read."""
    bare = [f"{f.name}:{n.lineno} {n.name}" for f in FILES for n in functions(f) if n.returns is None]
    assert bare == []
