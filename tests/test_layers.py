"""Who may import whom. Rule: an allow-list; an import inside a function counts like any other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "tallystick"

GROUND = {"errors", "canonical", "clock", "resources", "toml_lines", "__init__"}
MEANING = GROUND | {"dataflow"}
WORDS = MEANING | {"vocabulary"}
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "canonical": set(),
    "clock": set(),
    "resources": set(),
    "toml_lines": set(),
    "dataflow": GROUND,
    "checklist": MEANING,
    "vocabulary": MEANING,
    "derive": WORDS | {"checklist"},
    "journal": WORDS,
    "systems": WORDS,
    "connectors": WORDS,
    "laws": WORDS | {"journal"},
    "run": WORDS | {"checklist", "derive", "journal", "systems", "connectors", "laws"},
    "levels": WORDS | {"laws"},
    "results": WORDS | {"journal", "laws", "levels"},
    "report": WORDS | {"checklist", "journal", "laws", "levels", "results"},
}
ALLOWED["recording"] = ALLOWED["report"] | {"connectors", "report", "run"}
SHELLS = {"steps", "plugin", "cli", "sandbox", "__main__"}
ONLY_ROOMS = {
    "docutils": {"checklist"},
    "hypothesis": {"derive", "run"},
    "respx": {"systems"},
    "pytest": {"plugin", "steps"},
    "pytest_bdd": {"plugin", "steps"},
    "click": {"cli"},
    "gherkin": {"vocabulary"},
    "h11": {"systems"},
    "jinja2": {"report", "sandbox"},
    "cucumber_messages": {"report"},
    "jsonschema": {"dataflow", "checklist"},
}
"""Libraries that only certain rooms know."""


def rooms() -> list[str]:
    return sorted(
        path.stem if path.suffix == ".py" else path.name
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").is_file())
    )


def modules(room: str) -> list[Path]:
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Give every module that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def own_room(name: str) -> str | None:
    """Give the room of one of our modules, None for somebody else's."""
    if name == "tallystick":
        return "__init__"
    return name.split(".")[1] if name.startswith("tallystick.") else None


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = ALLOWED.get(room)
    assert allowed is not None or room in SHELLS, f"{room} has no place in the house"
    for path in modules(room):
        for name, line in imported(path):
            place = f"{path.relative_to(ROOT)}:{line}"
            assert not name.startswith("."), f"{place}: imports are absolute here"
            own = own_room(name)
            if own is None:
                library = name.split(".")[0]
                assert room in ONLY_ROOMS.get(library, {room}), f"{place} knows {library}"
            elif own != room and allowed is not None:
                assert own in allowed, f"{place}: {room} may not import {own}"
            else:
                assert own == room or own not in SHELLS or room in SHELLS, place


def test_nothing_imports_the_reference_or_the_faulty_connectors() -> None:
    for room in rooms():
        for path in modules(room):
            for name, line in imported(path):
                assert not name.startswith(("tallystick_reference", "tests")), f"{path}:{line}"


def test_the_reference_imports_nothing_of_the_harness() -> None:
    for path in (ROOT / "reference").rglob("*.py"):
        for name, line in imported(path):
            assert own_room(name) is None, f"{path}:{line}"


def test_no_module_stands_in_a_cycle() -> None:
    graph = {
        _module_name(path): {name for name, _ in imported(path) if name.startswith("tallystick")}
        for room in rooms()
        for path in modules(room)
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name in done or name not in graph:
            return
        for other in sorted(graph[name]):
            visit(other, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def _module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
