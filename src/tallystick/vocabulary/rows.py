"""A property row in a few words. Rule: it names, and judges nothing."""

from __future__ import annotations

from tallystick.dataflow.model import Row

__all__ = ["row_type"]


def row_type(row: Row) -> str:
    """Give a row's data type in a few words."""
    if row.reference is not None:
        return f"key of {row.reference.source}"
    if row.type is None:
        return "as it is"
    if isinstance(row.type, str):
        return row.type
    return " ".join(str(part) for part in row.type if part != "_.")
