"""A small dataflow of our own, in any dialects, for the tests of worlds."""

from __future__ import annotations

from tallystick.dataflow.model import Creation, Dataflow, Pair, RecordType, Row, System
from tallystick.dataflow.paths import parse_path

THING = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 40},
        "note": {"type": ["string", "null"]},
        "own": {"type": ["string", "null"]},
        "friend": {"type": ["string", "integer", "null"]},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string"}}},
        },
    },
}


def row(path):
    return Row(source=parse_path(path), target=parse_path(path), type="string")


def small(source="storefront/1", target="ledger/1", **more):
    """Things here become items there: name, note and the lines' skus."""
    return Dataflow(
        source=System(system="Shop", api=source),
        target=System(system="ERP", api=target),
        source_types={"Thing": RecordType(name="Thing", path="things", schema=THING)},
        target_types={"Item": RecordType(name="Item", path="items", schema=THING)},
        pairs=(
            Pair(
                number=1,
                source="Thing",
                target="Item",
                create=Creation(when="always"),
                rows=(row("name"), row("note"), row("lines[].sku")),
            ),
        ),
        **more,
    )
