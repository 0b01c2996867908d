"""`dataflow.json` in and out. Rule: the published schema is enforced at both ends.

What the contract does not ask for (origins, statements, reasons) travels as additional names,
which connectors ignore; so the file holds the whole `Dataflow`, and reading gives it back.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any, Final

from tallystick import resources
from tallystick.canonical import Json
from tallystick.dataflow.model import (
    POLICY_CHOICES,
    SIDES,
    Condition,
    Creation,
    Dataflow,
    FieldEquals,
    MergeTerm,
    Origin,
    Pair,
    Policies,
    RecordType,
    Reference,
    Row,
    Side,
    Statement,
    System,
)
from tallystick.dataflow.paths import KEY, Path, parse_path
from tallystick.dataflow.schemas import check_schema, compile_schema
from tallystick.errors import BadInput, HarnessFault, Problem

__all__ = ["FORMAT", "from_json", "load", "save", "to_json"]

FORMAT: Final = "tallystick-dataflow/1"
_REMEDY: Final = "Write the file with `tallystick compile`, or mend it by the contract's page."


def to_json(dataflow: Dataflow) -> dict[str, Json]:
    """Give the contract's `dataflow.json` of `dataflow`; HarnessFault if it would be invalid."""
    given = _write_dataflow(dataflow)
    wrong = _problems(given, "dataflow.json")
    if wrong:
        raise HarnessFault("\n".join(str(problem) for problem in wrong))
    return given


def from_json(given: Mapping[str, Json], *, file: str = "dataflow.json") -> Dataflow:
    """Give the Dataflow that a `dataflow.json` holds.

    `file` is named in problems only. Raises BadInput with every problem of the document.
    """
    wrong = _problems(given, file)
    if wrong:
        raise BadInput(wrong)
    return _read_dataflow(given)


def load(path: str | FilePath) -> Dataflow:
    """Read the file at `path`; BadInput where it can't be read, or is no valid `dataflow.json`."""
    try:
        given = json.loads(FilePath(path).read_text(encoding="utf-8"))
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=str(path), text=text, remedy="Check the path.")) from error
    except json.JSONDecodeError as error:
        text = f"is no JSON: {error.msg} (column {error.colno})"
        raise BadInput(
            Problem(file=str(path), line=error.lineno, text=text, remedy=_REMEDY)
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(Problem(file=str(path), text="is not in UTF-8", remedy=_REMEDY)) from error
    return from_json(given, file=str(path))


def save(dataflow: Dataflow, path: str | FilePath) -> None:
    """Write `dataflow` to `path`, all of it or nothing: readers never see half a file.

    Raises BadInput where the folder can't be written.
    """
    text = json.dumps(to_json(dataflow), ensure_ascii=False, indent=1) + "\n"
    place = FilePath(path)
    try:
        handle, draft = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            FilePath(draft).replace(place)
        except BaseException:
            FilePath(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise BadInput(
            Problem(file=str(path), text=reason, remedy="Choose a folder that can be written.")
        ) from error


# -- checking


def _problems(given: Json, file: str) -> list[Problem]:
    wrong = compile_schema(resources.schema("dataflow")).violations(given)
    found = [(path, message) for path, message in wrong] or list(_meaning_problems(given))
    return [
        Problem(file=file, text=f"{path or 'the document'}: {message}", remedy=_REMEDY)
        for path, message in found
    ]


def _meaning_problems(given: Mapping[str, Json]) -> Iterable[tuple[str, str]]:
    """Check what no JSON Schema can: paths parse, types exist, schemas are schemas."""
    for side in SIDES:
        for name, entry in given["types"][side].items():
            wrong = check_schema(entry.get("schema", {}))
            if wrong:
                yield f"types.{side}.{name}.schema", wrong
    for index, pair in enumerate(given["pairs"]):
        place = f"pairs[{index}]"
        for side in SIDES:
            if pair[side] not in given["types"][side]:
                yield f"{place}.{side}", f"{pair[side]!r} is not among types.{side}"
        for where, text in _paths(pair):
            try:
                parse_path(text)
            except ValueError as error:
                yield f"{place}.{where}", str(error)


def _paths(pair: Mapping[str, Json]) -> Iterable[tuple[str, str]]:
    for index, term in enumerate(pair["create"].get("condition", ())):
        yield f"create.condition[{index}].path", term["path"]
    for index, terms in enumerate(pair.get("merge", ())):
        yield from ((f"merge[{index}].{side}", term[side]) for term in terms for side in SIDES)
    for name in ("properties", "left_out"):
        for index, row in enumerate(pair.get(name, ())):
            place = f"{name}[{index}]"
            texts = ((f"{place}.{side}", row[side]) for side in SIDES)
            yield from ((where, text) for where, text in texts if isinstance(text, str))
            yield from ((f"{place}.when", term["path"]) for term in row.get("when", ()))


# -- writing


def _write_dataflow(dataflow: Dataflow) -> dict[str, Json]:
    types = {
        side: {
            name: {"path": entry.path, "schema": _plain(entry.schema)}
            for name, entry in dataflow.types(side).items()
        }
        for side in SIDES
    }
    given: dict[str, Json] = {"format": FORMAT}
    for side in SIDES:
        system = dataflow.system(side)
        given[side] = {"system": system.system, "api": system.api}
    given["types"] = types
    given["pairs"] = [_write_pair(pair) for pair in dataflow.pairs]
    given["policies"] = _write_policies(dataflow.policies)
    if dataflow.numbers:
        given["numbers"] = dataflow.numbers
    return given


def _write_policies(policies: Policies) -> dict[str, Json]:
    given: dict[str, Json] = {name: getattr(policies, name) for name in POLICY_CHOICES}
    if policies.agreed:
        given["agreed"] = {name: _write_origin(at) or {} for name, at in policies.agreed.items()}
    return given


def _write_pair(pair: Pair) -> dict[str, Json]:
    merge = [
        [{"source": term.source.text, "target": term.target.text} for term in terms]
        for terms in pair.merge
    ]
    statements = [
        {"kind": statement.kind, "text": statement.text}
        | _filled(
            {
                "origin": _write_origin(statement.origin),
                "unspecified": statement.unspecified,
            }
        )
        for statement in pair.statements
    ]
    return _filled(
        {
            "number": pair.number,
            "source": pair.source,
            "target": pair.target,
            "create": _write_creation(pair.create),
            "merge": merge,
            "properties": [_write_row(row) for row in pair.rows],
            "left_out": [_write_row(row) for row in pair.left_out],
            "statements": statements,
            "origin": _write_origin(pair.origin),
        }
    )


def _write_creation(create: Creation) -> dict[str, Json]:
    condition = [
        {"path": term.path.text, "equals": _plain(term.equals)} for term in create.condition
    ]
    return _filled(
        {
            "when": create.when,
            "condition": condition,
            "by": list(create.by),
            "unspecified": create.unspecified,
        }
    )


def _write_row(row: Row) -> dict[str, Json]:
    when = [
        {"side": term.side, "path": term.path.text, "equals": _plain(term.equals)}
        for term in row.when
    ]
    reference = row.reference and {"source": row.reference.source, "target": row.reference.target}
    return _filled(
        {
            "source": _write_path(row.source),
            "target": _write_path(row.target),
            "type": _plain(row.type),
            "when": when,
            "reference": reference,
            "origin": _write_origin(row.origin),
            "unspecified": row.unspecified,
        }
    )


def _write_path(path: Path) -> Json:
    return {"key": True} if path.is_key else path.text


def _write_origin(origin: Origin) -> dict[str, Json] | None:
    if origin == Origin():
        return None
    return {"file": origin.file, "line": origin.line, "by": origin.by}


def _filled(given: dict[str, Json]) -> dict[str, Json]:
    """Leave out what stands at its default."""
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def _plain(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


# -- reading


def _read_dataflow(given: Mapping[str, Json]) -> Dataflow:
    return Dataflow(
        source=System(**_only(given["source"], "system", "api")),
        target=System(**_only(given["target"], "system", "api")),
        source_types=_read_types(given, "source"),
        target_types=_read_types(given, "target"),
        pairs=tuple(_read_pair(pair, n) for n, pair in enumerate(given["pairs"], 1)),
        policies=_read_policies(given.get("policies", {})),
        numbers=given.get("numbers", ""),
    )


def _only(given: Mapping[str, Json], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _read_types(given: Mapping[str, Json], side: Side) -> dict[str, RecordType]:
    return {
        name: RecordType(name=name, path=entry["path"], schema=entry.get("schema", {}))
        for name, entry in given["types"][side].items()
    }


def _read_policies(given: Mapping[str, Json]) -> Policies:
    agreed = {name: _read_origin(at) for name, at in given.get("agreed", {}).items()}
    return Policies(**_only(given, *POLICY_CHOICES), agreed=agreed)


def _read_origin(given: Mapping[str, Json] | None) -> Origin:
    return Origin(**_only(given or {}, "file", "line", "by"))


def _read_pair(given: Mapping[str, Json], number: int) -> Pair:
    return Pair(
        number=given.get("number", number),
        source=given["source"],
        target=given["target"],
        create=_read_creation(given["create"]),
        merge=tuple(tuple(map(_read_term, terms)) for terms in given.get("merge", ())),
        rows=tuple(_read_row(row) for row in given.get("properties", ())),
        left_out=tuple(_read_row(row) for row in given.get("left_out", ())),
        statements=tuple(_read_statement(item) for item in given.get("statements", ())),
        origin=_read_origin(given.get("origin")),
    )


def _read_term(given: Mapping[str, Json]) -> MergeTerm:
    return MergeTerm(source=parse_path(given["source"]), target=parse_path(given["target"]))


def _read_statement(given: Mapping[str, Json]) -> Statement:
    return Statement(
        kind=given["kind"],
        text=given["text"],
        origin=_read_origin(given.get("origin")),
        unspecified=given.get("unspecified", ""),
    )


def _read_creation(given: Mapping[str, Json]) -> Creation:
    return Creation(
        when=given["when"],
        condition=tuple(
            FieldEquals(path=parse_path(term["path"]), equals=term["equals"])
            for term in given.get("condition", ())
        ),
        by=tuple(given.get("by", ())),
        unspecified=given.get("unspecified", ""),
    )


def _read_row(given: Mapping[str, Json]) -> Row:
    reference = given.get("reference")
    return Row(
        source=_read_path(given["source"]),
        target=_read_path(given["target"]),
        type=given.get("type"),
        when=tuple(
            Condition(side=term["side"], path=parse_path(term["path"]), equals=term["equals"])
            for term in given.get("when", ())
        ),
        reference=reference and Reference(source=reference["source"], target=reference["target"]),
        origin=_read_origin(given.get("origin")),
        unspecified=given.get("unspecified", ""),
    )


def _read_path(given: Json) -> Path:
    return KEY if isinstance(given, Mapping) else parse_path(given)
