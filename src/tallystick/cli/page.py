"""Printing with rich: with colours on a terminal, without trailing blanks elsewhere."""

from __future__ import annotations

from rich.console import Console, RenderableType

__all__ = ["show"]


def show(console: Console, page: RenderableType) -> None:
    """Print something that rich lays out; a file or a pipe gets plain lines."""
    if console.is_terminal:
        console.print(page)
        return
    with console.capture() as captured:
        console.print(page)
    for line in captured.get().splitlines():
        console.print(line.rstrip(), soft_wrap=True)
