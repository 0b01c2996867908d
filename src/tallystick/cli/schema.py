"""`tallystick schema`: the JSON Schemas of the files that go in and out."""

from __future__ import annotations

import json
from pathlib import Path

import click

import tallystick
from tallystick.errors import BadInput, Problem
from tallystick.resources import schema as load_schema

__all__ = ["schema"]

_SUFFIX = ".schema.json"


def _names() -> list[str]:
    folder = Path(tallystick.__file__).parent / "schemas"
    return sorted(path.name.removesuffix(_SUFFIX) for path in folder.glob(f"*{_SUFFIX}"))


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of a kind of file.

    The schemas are of the draft 2020-12; without a NAME the kinds are listed.
    """
    names = _names()
    if name is None:
        click.echo("\n".join(names))
    elif name in names:
        click.echo(json.dumps(load_schema(name), ensure_ascii=False, indent=2))
    else:
        raise BadInput(
            Problem(text=f"no schema is called {name!r}", remedy=f"There are: {', '.join(names)}.")
        )
