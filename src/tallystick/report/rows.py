"""A property row in a few words, for the renderers here."""

from __future__ import annotations

from tallystick.vocabulary.rows import row_type

__all__ = ["row_type"]
