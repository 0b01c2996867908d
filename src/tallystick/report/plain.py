"""Plain text for terminals and logs. Rule: nothing that is printed can do more than be read.

Control characters are escaped where values are rendered; `harmless` sees to it that no line can be
taken for a workflow command by a CI system (`::error::`, `##[…]`, `##vso[…]`, `##teamcity[…]`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tallystick.dataflow.model import Origin
from tallystick.resources import data_root
from tallystick.vocabulary.cells import visible

__all__ = ["WIDTH", "cut", "harmless", "many", "place_text", "short_file", "wrapped"]

WIDTH: Final = 80

_COMMAND: Final = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_MARKED: Final = re.compile(r"##(?=\[|[A-Za-z]+\[)")


def harmless(text: str) -> str:
    """Give a text of several lines, none of which is a command to a CI system or a terminal."""
    lines = (visible(line) for line in text.split("\n"))
    return _MARKED.sub(r"#\#", _COMMAND.sub(r"\1:\\", "\n".join(lines)))


def cut(text: str, width: int) -> str:
    """Give a text in at most `width` characters; what is left out shows as an ellipsis."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def wrapped(text: str, width: int = WIDTH, *, indent: str = "", first: str | None = None) -> str:
    """Give a paragraph in lines of at most `width`; long words are broken."""
    return textwrap.fill(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def many(count: int, noun: str, nouns: str = "") -> str:
    """Give `1 edit`, `1,200 edits`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def short_file(file: str) -> str:
    """Give a file as it is named best here: below the working folder, or by its packaged name."""
    for root in _roots():
        try:
            return str(Path(file).resolve().relative_to(root))
        except ValueError:
            continue
    return file


def _roots() -> Iterable[Path]:
    yield Path.cwd()
    yield data_root()


def place_text(origin: Origin) -> str:
    """Give `file:line` for an origin, "" for none."""
    if not origin.file:
        return ""
    file = visible(short_file(origin.file))
    return f"{file}:{origin.line}" if origin.line else file
