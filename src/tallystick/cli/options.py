"""Options that several commands have. Rule: one name, one meaning, one help text."""

from __future__ import annotations

from typing import Final

import click

__all__ = ["agreement_option", "connector_option"]

agreement_option: Final = click.option(
    "--agreement", metavar="FILE", help="What was agreed where the checklist is silent."
)
connector_option: Final = click.option(
    "--connector",
    metavar="ADDRESS",
    default="reference",
    show_default=True,
    help="The connector under test: reference, python:package.module:factory, command:COMMAND,"
    " poll:COMMAND, attach:SOURCEPORT,TARGETPORT, or the path of a connector.toml.",
)
