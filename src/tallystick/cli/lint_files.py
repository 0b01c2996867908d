"""Which files `tallystick lint` is about. Rule: two directions of one pair are one task."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tallystick.checklist.lint import title_of
from tallystick.checklist.names import bare_name
from tallystick.errors import BadInput, Problem
from tallystick.resources import packaged

__all__ = ["Task", "found_files", "tasks_of"]

Task = tuple[str, ...]
"""One file, or the two directions of one pair of systems."""

_SUFFIX: Final = ".rst"
_REMEDY: Final = (
    "Give checklists (.rst), folders with such files, or patterns such as 'a/**/*.rst'."
)

_Key = tuple[str, str, str]
"""A folder and the two systems of a title."""


def found_files(given: Iterable[str]) -> list[str]:
    """Give the files that paths, packaged names, folders and patterns mean, each once.

    BadInput for what means none.
    """
    files: dict[str, None] = {}
    problems = []
    for name in given:
        found = list(_meant(name))
        if not found:
            is_folder = Path(name).is_dir()
            text = "no checklist is in this folder" if is_folder else "no such file is there"
            problems.append(Problem(file=name, text=text, remedy=_REMEDY))
        files.update(dict.fromkeys(found))
    if problems:
        raise BadInput(problems)
    return list(files)


def _meant(name: str) -> Iterator[str]:
    path = Path(name)
    if path.is_dir():
        yield from (str(one) for one in sorted(path.rglob(f"*{_SUFFIX}")) if one.is_file())
    elif path.exists():
        yield name
    elif packaged("fixtures", "checklists", f"{name}{_SUFFIX}").is_file():
        yield str(packaged("fixtures", "checklists", f"{name}{_SUFFIX}"))
    else:
        for one in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - absolute ones, too
            yield from _meant(one)


def tasks_of(files: Sequence[str]) -> list[Task]:
    """Put the two directions of a pair together where each stands once in its folder.

    Two files alone belong together wherever they are: lint finds out whether they fit.
    """
    if len(files) == 2:
        return [tuple(files)]
    keys = {file: _key(file) for file in files}
    standing: dict[_Key, list[str]] = {}
    for file, key in keys.items():
        if key:
            standing.setdefault(key, []).append(file)
    tasks: list[Task] = []
    done: set[str] = set()
    for file, key in keys.items():
        if file in done:
            continue
        opposite = standing.get((key[0], key[2], key[1]), []) if key else []
        alone = key and key[1] != key[2] and len(opposite) == 1 and len(standing[key]) == 1
        tasks.append((file, *opposite) if alone else (file,))
        done.update(tasks[-1])
    return tasks


def _key(file: str) -> _Key | None:
    names = title_of(file)
    return (str(Path(file).parent), bare_name(names[0]), bare_name(names[1])) if names else None
