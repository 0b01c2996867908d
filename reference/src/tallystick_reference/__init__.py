"""The reference connector: keeps the records of two business systems in sync."""

from __future__ import annotations

from tallystick_reference.connector import Connector, Parts, connect
from tallystick_reference.errors import GaveUp

__all__ = ["Connector", "GaveUp", "Parts", "connect"]
