"""Faults that take weather: lost answers, refusals for a while, kills, edits made meanwhile."""

from __future__ import annotations

from tests.faulty.fault import Faulty

FAULTY: tuple[Faulty, ...] = ()
