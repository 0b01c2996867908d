"""`tallystick compile`: a checklist, with its agreement, as the contract's `dataflow.json`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tallystick.cli.documents import read_documents, tell_findings
from tallystick.cli.options import agreement_option
from tallystick.dataflow.json import save, to_json
from tallystick.report.plain import many

__all__ = ["compile_command"]


@click.command("compile")
@click.argument("checklist")
@agreement_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="dataflow.json",
    show_default=True,
    help="Where to write it; - for standard output.",
)
def compile_command(checklist: str, agreement: str | None, output: str) -> None:
    """Write the dataflow.json that a connector is given.

    What is wrong with the checklist is listed on standard error, each finding with file, line and
    remedy. Problems of the agreement stop it (exit status 2).
    """
    documents = read_documents(checklist, agreement, may_be_empty=True)
    tell_findings(documents, in_full=True)
    if output == "-":
        text = json.dumps(to_json(documents.dataflow), ensure_ascii=False, indent=1)
        click.echo(text)
        return
    save(documents.dataflow, Path(output))
    pairs = documents.dataflow.pairs
    rows = sum(len(pair.rows) for pair in pairs)
    said = f"{many(len(pairs), 'pair')} of record types, {many(rows, 'property', 'properties')}"
    click.echo(f"{output}: {said}.", err=True)
