"""JSON Merge Patch (RFC 7396). Rule: neither the target nor the patch is changed."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.canonical import Json

__all__ = ["merge_patch"]


def merge_patch(target: Json, patch: Json) -> Json:
    """Give `target` with `patch` applied; what did not change is shared with `target`."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
