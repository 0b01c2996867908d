"""`tallystick derive`: a checklist as Gherkin features. Rule: it touches no file but its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import click

from tallystick.cli.documents import Documents, read_documents, tell_findings
from tallystick.cli.options import agreement_option
from tallystick.derive.features import derive_features
from tallystick.errors import BadInput, Problem
from tallystick.resources import packaged

__all__ = ["derive"]

_MARK: Final = "Written by `tallystick derive`"


@click.command()
@click.argument("checklist")
@agreement_option
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the features.",
)
def derive(checklist: str, agreement: str | None, folder: Path) -> None:
    """Write one Gherkin feature for each pair of record types.

    The same documents give the same text, byte for byte. Features that an earlier run wrote and
    that are no longer derived are removed; files of anybody else are neither changed nor removed.
    """
    documents = read_documents(checklist, agreement)
    tell_findings(documents, in_full=False)
    texts = _texts(documents, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        said = _written(folder, texts)
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        remedy = "Choose a folder that can be written."
        raise BadInput(Problem(file=str(folder), text=text, remedy=remedy)) from error
    for name, what in sorted(said.items()):
        click.echo(f"{what:<9}  {folder / name}")


def _texts(documents: Documents, folder: Path) -> dict[str, str]:
    """Give the features by file name; files are named in them as seen from the folder."""
    derived = derive_features(
        documents.dataflow,
        checklist=_seen_from(folder, documents.checklist, "checklists", ".rst"),
        agreement=_seen_from(folder, documents.agreement, "agreements", ".toml"),
    )
    return {feature.file_name: feature.text for feature in derived}


def _seen_from(folder: Path, name: str, kind: str, suffix: str) -> str:
    path = Path(name)
    if not name or not path.is_file():
        return name
    if path.resolve() == packaged("fixtures", kind, path.stem + suffix).resolve():
        return path.stem
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _written(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """Write what differs, remove what is ours and no longer derived; say what became of each."""
    said = {}
    _refuse_foreign(folder, texts)
    for name, text in texts.items():
        path = folder / name
        old = path.read_bytes() if path.is_file() else None
        if old == text.encode():
            said[name] = "unchanged"
            continue
        _replace(path, text)
        said[name] = "written" if old is None else "changed"
    for path in folder.glob("*.feature"):
        if path.name not in texts and _is_ours(path):
            path.unlink()
            said[path.name] = "removed"
    return said


def _refuse_foreign(folder: Path, texts: dict[str, str]) -> None:
    foreign = [name for name in texts if (folder / name).exists() and not _is_ours(folder / name)]
    if foreign:
        remedy = "Choose another folder, or move the file away."
        text = "is there already and was not written by `tallystick derive`; nothing was changed"
        raise BadInput([Problem(file=str(folder / n), text=text, remedy=remedy) for n in foreign])


def _is_ours(path: Path) -> bool:
    return path.is_file() and _MARK in path.read_text(encoding="utf-8", errors="replace")[:2000]


def _replace(path: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
