"""Dataflows for the tests of `derive`: the fixtures' own, and small ones made by hand."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path as FilePath

from tallystick.dataflow.model import (
    SIDES,
    Condition,
    Creation,
    Dataflow,
    FieldEquals,
    MergeTerm,
    Pair,
    RecordType,
    Reference,
    Row,
    System,
)
from tallystick.dataflow.paths import KEY, parse_path

FIXTURES = FilePath(__file__).parents[2] / "fixtures"


def row(source, target, type_=None, **more):
    paths = {
        "source": parse_path(source) if source else KEY,
        "target": parse_path(target) if target else KEY,
    }
    return Row(**paths, type=type_, **more)


def when(side, path, equals):
    return (Condition(side=side, path=parse_path(path), equals=equals),)


def only_if(path, equals):
    return Creation(
        when="condition", condition=(FieldEquals(path=parse_path(path), equals=equals),)
    )


def merge(source, target):
    return ((MergeTerm(source=parse_path(source), target=parse_path(target)),),)


def dataflow(*rows, source=None, target=None, numbers="", **pair):
    """One pair `Thing` of two types with these schemas."""
    pair.setdefault("create", Creation(when="always"))
    return Dataflow(
        source=System(system="Shop", api="storefront/1"),
        target=System(system="ERP", api="ledger/1"),
        source_types={"Thing": RecordType(name="Thing", path="things", schema=source or {})},
        target_types={"Thing": RecordType(name="Thing", path="things", schema=target or {})},
        pairs=(Pair(number=1, source="Thing", target="Thing", rows=rows, **pair),),
        numbers=numbers,
    )


def record(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


@cache
def webshop():
    """The fixtures' agreement, read without the checklist reader."""
    file = FIXTURES / "agreements/customwebshop-customerp.toml"
    given = tomllib.loads(file.read_text("utf-8"))
    types = {
        side: {
            name: RecordType(
                name=name,
                path=known["path"],
                schema=json.loads((file.parent / known["schema"]).read_text("utf-8")),
            )
            for name, known in given["types"][side].items()
        }
        for side in SIDES
    }
    pairs = tuple(
        Pair(
            number=number,
            source=pair["source"],
            target=pair["target"],
            create=Creation(when="always"),
            rows=tuple(map(_row, pair["properties"])),
        )
        for number, pair in enumerate(given["pairs"], 1)
    )
    return Dataflow(
        source=System(system="CustomWebshop", api="storefront/1"),
        target=System(system="CustomERP", api="ledger/1"),
        source_types=types["source"],
        target_types=types["target"],
        pairs=pairs,
    )


def _row(given):
    ends = {
        side: KEY if isinstance(given[side], dict) else parse_path(given[side]) for side in SIDES
    }
    name = given.get("reference")
    reference = Reference(source=name, target=name) if isinstance(name, str) else None
    return Row(**ends, type=given.get("type"), reference=reference)
