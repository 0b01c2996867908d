"""The command line. Rule: each command composes rooms and decides nothing itself."""

from __future__ import annotations

from tallystick.cli.commands import main

__all__ = ["main"]
