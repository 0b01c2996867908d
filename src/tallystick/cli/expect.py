"""`tallystick expect`: the file of expected failures. Rule: only a whole run says what fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from tallystick.connectors.declaration import is_declaration
from tallystick.errors import BadInput, Problem
from tallystick.recording.declared import EXPECTED
from tallystick.report.plain import harmless
from tallystick.results.events import Expected
from tallystick.results.expectations import expectations_text, load_expectations
from tallystick.results.files import load_verdict, refuse_incomplete
from tallystick.results.result import RunResult

__all__ = ["expect"]

_DAYS: Final = 30
_FAILS: Final = ("violated", "expected")


@click.group()
def expect() -> None:
    """Keep the file of checks that are known to fail."""


@expect.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--reason", help="Why the checks fail that are new in the file, and who mends them.")
@click.option(
    "--until",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help=f"The last day on which they may fail (default: {_DAYS} days after the run).",
)
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file to write (default: {EXPECTED} beside the run's connector.toml).",
)
def update(results: Path, reason: str | None, until: datetime | None, path: Path | None) -> None:
    """Record what failed in RESULTS, a complete run's verdict.json or folder.

    Checks that fail are added, those that no longer fail are taken out, and those that were not put
    to the test stay. Reasons and dates that stand there are kept.
    """
    verdict = load_verdict(results)
    refuse_incomplete(verdict, results)
    file = path or _beside(verdict, results)
    old = {entry.check: entry for entry in load_expectations(file)} if file.exists() else {}
    statuses = {check.id: check.status for check in verdict.checks}
    fails = [check for check, status in statuses.items() if status in _FAILS]
    new = [check for check in fails if check not in old]
    if new and not reason:
        said = "".join(f"\n  {check}" for check in new)
        raise click.UsageError(harmless(f"Say with --reason why these fail:{said}"))
    gone = [check for check in old if statuses.get(check) == "holds"]
    last = until.date() if until else _day(verdict) + timedelta(days=_DAYS)
    kept = [_extended(entry, until) for entry in old.values() if entry.check not in gone]
    added = [Expected(check=check, reason=reason or "", until=last.isoformat()) for check in new]
    _write(file, [*kept, *added])
    for mark, checks in (("+", new), ("-", gone)):
        for check in checks:
            click.echo(harmless(f"{mark} {check}"))
    click.echo(f"{file}: {len(kept) + len(added)} expected failures.", err=True)


def _extended(entry: Expected, until: datetime | None) -> Expected:
    """Give an entry with a new last day, where one was asked for."""
    return replace(entry, until=until.date().isoformat()) if until else entry


def _day(verdict: RunResult) -> date:
    return date.fromisoformat(verdict.about.date[:10])


def _beside(verdict: RunResult, results: Path) -> Path:
    address = verdict.about.connector.address
    if is_declaration(address):
        return Path(address).parent / EXPECTED
    remedy = "Write a connector.toml (`tallystick init`), or name the file with --file."
    text = f"the run's connector {address!r} has no connector.toml"
    raise BadInput(Problem(file=str(results), text=text, remedy=remedy))


def _write(path: Path, entries: Sequence[Expected]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(expectations_text(entries), encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        remedy = "Name another file with --file."
        raise BadInput(Problem(file=str(path), text=text, remedy=remedy)) from error
