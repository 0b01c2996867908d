"""The reference connector: keeps the records of two business systems in sync."""

from __future__ import annotations

from .connector import Connector
from .errors import GaveUp
from .parts import Parts, connect

__all__ = ["Connector", "GaveUp", "Parts", "connect"]
