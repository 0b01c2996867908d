"""An agreement to be filled in. Rule: untouched it changes nothing; settings stand behind a `#`.

Whatever a document leaves open is named with its line; below stands a setting that would settle it,
as a guess. Prose stands behind `# `, a setting behind `#` alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tallystick.checklist.agreement import Agreement
from tallystick.checklist.build import build_dataflow
from tallystick.checklist.cells import is_hub_id, looks_like_reference
from tallystick.checklist.document import Cell, Document, PropertyRow, Section
from tallystick.checklist.findings import Finding
from tallystick.checklist.lint import lint_document
from tallystick.checklist.names import bare_name
from tallystick.checklist.patterns import triggers
from tallystick.checklist.rules import creation_of
from tallystick.dataflow.model import DEFAULT_POLICIES, POLICY_CHOICES, Expression, Pair
from tallystick.dataflow.paths import LIST_MARK, Path

__all__ = ["agreement_skeleton"]

_WIDTH: Final = 99
_UNFIT: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLURAL: Final = re.compile(r".*[^sui]s", re.IGNORECASE)
_HEAD: Final = """\
# What is agreed where this checklist is silent. A line that begins with `#` and a blank is for
# people; one that begins with `#` alone is a setting: take the `#` away, and put in what holds.
"""
_POLICIES: Final = {
    "conflicts": "both sides edited one property",
    "deletions": "a record was deleted on one side",
    "empty": "a property was emptied on one side",
    "create": "on which side new records may come from",
}
_ROW_CODES: Final = {
    "hidden-conversion",
    "opaque-data-type",
    "repaired-data-type",
    "same-target-types",
    "lossy-data-type",
    "reference-to-value",
    "mapped-key",
    "trigger-source",
    "row-not-judged",
    "value-and-object",
    "assumed-list",
    "dependency-blank",
    "dependency-hub-id",
    "dependency-contradictory",
}
_WHEN_CODES: Final = {"dependency-blank", "dependency-hub-id", "dependency-contradictory"}
_CREATE_CODES: Final = {
    "missing-lead",
    "condition-in-prose",
    "connected-without-section",
    "connected-without-reference",
    "nothing-links",
}
_MERGE_CODES: Final = {
    "merge-without-row",
    "merge-blank-cell",
    "merge-not-used",
    "merge-on-key",
    "nothing-links",
}


def agreement_skeleton(document: Document, older: Document | None = None) -> str:
    """Give the TOML text of an agreement that leaves open what `document` leaves open.

    Conversions that are hidden now are proposed as an `older` checklist printed them.
    """
    return "\n".join(_Skeleton(document, older).lines()) + "\n"


class _Skeleton:
    def __init__(self, document: Document, older: Document | None) -> None:
        nothing = Agreement(file="")
        self._older = _types_of(older) if older else {}
        self._document = document
        self._pairs = build_dataflow(document, nothing)[0].pairs
        self._findings = lint_document(document, nothing)

    def lines(self) -> Iterator[str]:
        document = self._document
        yield from _HEAD.splitlines()
        yield f"checklist = {_text(f'{document.source} to {document.target}')}"
        yield from self._systems()
        yield from self._policies()
        yield from self._types()
        yield from self._meanings()
        ends = [one.heading.line for one in document.sections[1:]] + [len(document.lines) + 1]
        for section, pair, end in zip(document.sections, self._pairs, ends, strict=False):
            about = range(section.heading.line, end)
            yield from self._pair(section, pair, [x for x in self._findings if x.line in about])

    def _systems(self) -> Iterator[str]:
        for side, name in (("source", self._document.source), ("target", self._document.target)):
            if not name:
                yield from ("", f"[systems.{side}]", "# The title leaves out the system's name.")
                yield f"#name = {_text('…')}"

    def _policies(self) -> Iterator[str]:
        yield from ("", "[policies]", "# What holds unless something else is agreed.")
        for name, value in DEFAULT_POLICIES.items():
            choices = ", ".join(POLICY_CHOICES[name])
            yield f"#{f'{name} = {_text(value)}':<28} # {_POLICIES[name]}: {choices}"

    def _types(self) -> Iterator[str]:
        yield ""
        yield "# JSON Schemas tell lists, numbers and texts apart, where the checklist can't:"
        for side in ("source", "target"):
            names = [
                one.source_type if side == "source" else one.target_type
                for one in self._document.sections
            ]
            for name in dict.fromkeys(names):
                yield _prose(f'[types.{side}.{_key(name)}]  schema = "….json"')

    def _meanings(self) -> Iterator[str]:
        cells = (
            cell
            for section in self._document.sections
            for row in section.properties
            for cell in (row.source, row.target)
        )
        values = (one.value for cell in cells for one in cell.dependencies)
        ids = list(dict.fromkeys(value for value in values if is_hub_id(value)))
        if ids:
            yield from ("", "[meanings]", "# What ids of the hub are in the records.")
            yield from (f"#{_text(one)} = {_text('…')}" for one in ids)

    # -- pairs

    def _pair(self, section: Section, pair: Pair, found: Sequence[Finding]) -> Iterator[str]:
        settings = [
            *_translations(found),
            *self._creation(section, found),
            *self._merge(found),
            *self._properties(found),
            *self._amendments(section, pair, found),
        ]
        if not settings:
            return
        yield from ("", "")
        yield _prose(f"{section.heading.text} (line {section.heading.line})")
        yield "[[pairs]]"
        yield f"source = {_text(section.source_type)}"
        yield f"target = {_text(section.target_type)}"
        if self._is_repeated(section):
            yield f"number = {section.number}"
        yield from settings

    def _is_repeated(self, section: Section) -> bool:
        types = (section.source_type, section.target_type)
        among = [(one.source_type, one.target_type) for one in self._document.sections]
        return among.count(types) > 1

    def _creation(self, section: Section, found: Sequence[Finding]) -> Iterator[str]:
        told = [one for one in found if one.code in _CREATE_CODES]
        if not told:
            return
        yield from _reasons(told)
        rule = creation_of(section, self._document).rule
        if rule == "condition":
            yield '#create = { when = "condition", condition = [{ path = "…", equals = true }] }'
        elif rule == "connected":
            yield f'#create = {{ when = "connected", by = [{_text(section.source_type)}] }}'
            yield "# The row that refers to the other record needs a `reference`, as below `amend`."
        else:
            yield '#create = { when = "always" }'

    def _merge(self, found: Sequence[Finding]) -> Iterator[str]:
        told = [one for one in found if one.code in _MERGE_CODES]
        if told:
            yield from _reasons(told)
            yield from ("merge = [", '#{ source = "…", target = "…" },', "]")

    def _properties(self, found: Sequence[Finding]) -> Iterator[str]:
        told = [one for one in found if one.code == "empty-property-table"]
        if told:
            yield from _reasons(told)
            yield "properties = ["
            yield '#{ source = "…", target = "…", type = "string" },'
            yield "]"

    # -- rows

    def _amendments(self, section: Section, pair: Pair, found: Sequence[Finding]) -> Iterator[str]:
        marked = {row.origin.line: row for row in (*pair.rows, *pair.left_out)}
        many = triggers(section.properties)
        done: set[tuple[str, str]] = set()
        items: list[str] = []
        for row in section.properties:
            told = [one for one in found if one.line == row.line and one.code in _ROW_CODES]
            key = (row.source.path, row.target.path)
            if key in done or row.line not in marked:
                continue
            known = (marked[row.line].source, marked[row.line].target)
            paths = [_with_list(path) for path in known]
            hints = [
                _prose(f"line {row.line}: {path.plain!r} may pass a list, which `[]` would mark")
                for path, text in zip(known, paths, strict=True)
                if text != path.text
            ]
            if not (told or hints or row.source.path in many):
                continue
            done.add(key)
            items += [*_reasons(told), *hints]
            items.append(f"#{{ {', '.join(self._settings(section, row, paths, told))} }},")
        if items:
            yield from ("amend = [", *items, "]")

    def _settings(
        self, section: Section, row: PropertyRow, paths: Sequence[str], told: Sequence[Finding]
    ) -> Iterator[str]:
        codes = {one.code for one in told}
        yield f"source = {_text(paths[0])}"
        yield f"target = {_text(paths[1])}"
        if "mapped-key" in codes:
            yield f"reference = {_text(self._referred(row))}"
        else:
            known = row.type.expression
            if known == "unknown":
                known = self._older.get(_place(section, row), known)
            yield f"type = {_type(known)}"
        if codes & _WHEN_CODES:
            terms = [*_terms("source", row.source), *_terms("target", row.target)]
            yield f"when = [{', '.join(terms)}]"

    def _referred(self, row: PropertyRow) -> str:
        """Guess to which source type a key belongs: `customerId` to `Customers`."""
        names = list(dict.fromkeys(one.source_type for one in self._document.sections))
        for path in (row.source.path, row.target.path):
            segments = path.split(".")
            word = re.sub(r"(?:Id|Key|gid|id)$", "", segments[-1]) or "".join(segments[-2:-1])
            for name in names:
                if (
                    looks_like_reference(path)
                    and word
                    and bare_name(name).startswith(bare_name(word))
                ):
                    return name
        return names[0]


def _place(section: Section, row: PropertyRow) -> tuple[str, ...]:
    """Give what finds a row again in another checklist of the same systems."""
    return section.source_type, section.target_type, row.source.path, row.target.path


def _types_of(document: Document) -> dict[tuple[str, ...], Expression]:
    return {
        _place(section, row): row.type.expression
        for section in document.sections
        for row in section.properties
        if row.type.expression != "unknown"
    }


def _with_list(path: Path) -> str:
    """Mark what may be a list by its name: `lines[].price`; it is a guess."""
    parts = path.plain.split(".")
    plural = [n for n, part in enumerate(parts[:-1]) if _PLURAL.fullmatch(part)]
    if path.in_list or not plural:
        return path.text
    parts[plural[0]] += LIST_MARK
    return ".".join(parts)


def _terms(side: str, cell: Cell) -> Iterator[str]:
    for one in cell.dependencies:
        value = one.value if one.value and not is_hub_id(one.value) else "…"
        yield f'{{ side = "{side}", path = {_text(one.path or "…")}, equals = {_text(value)} }}'


def _translations(found: Iterable[Finding]) -> Iterator[str]:
    if any(one.code == "reference-to-value" for one in found):
        yield '# A translation: type = ["if", ["eq", "_.", "NO"], "Norway", "_."]'


def _reasons(found: Iterable[Finding]) -> list[str]:
    return [_prose(f"line {one.line}: {one.text}") for one in dict.fromkeys(found)]


def _prose(text: str) -> str:
    line = f"# {_UNFIT.sub(' ', text)}"
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _text(value: str) -> str:
    """Write a TOML text."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _type(known: Expression) -> str:
    """Write a data type; a guess where it isn't known, or can't be written in TOML."""
    text = _toml(known)
    return _text("string") if known == "unknown" or "null" in text else text


def _toml(value: Expression) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)
