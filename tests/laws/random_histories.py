"""Random histories: people edit on both sides, also while the ideal connector is at work.

A history is a list of plain operations, so that it can be shortened by leaving some out.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from histories import Chronicle, chance, flow, pair, row
from ideal import GaveUp, Ideal

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Side
from tallystick.dataflow.paths import parse_path, write

Op = tuple[Any, ...]

TEXTS = ("", "a", "b", "c")
NUMBERS = (0, 1, 2.5, -3)


@dataclass(frozen=True)
class Setting:
    """A dataflow, and what values its properties may have."""

    dataflow: Dataflow
    kinds: dict[str, str]  # kind of value by property name, in lower case


def value(choose: random.Random, kind: str) -> Json:
    if kind == "text":
        return choose.choice((*TEXTS, MISSING))
    if kind == "number":
        return choose.choice((*NUMBERS, MISSING))
    if kind == "flag":
        return choose.choice(("on", "off"))
    if kind == "long":
        return choose.choice(("a", "b", "far too long"))
    return MISSING


def settings() -> dict[str, Callable[[random.Random], Setting]]:
    return {
        "plain": _plain,
        "merge": _merge,
        "references": _references,
        "shapes": _shapes,
        "lists": _lists,
        "rules": _rules,
        "many pairs": _many_pairs,
        "refusals": _refusals,
        "bare": _bare,
    }


APIS = [(a, b) for a in ("storefront/1", "ledger/1") for b in ("storefront/1", "ledger/1")]


def _policies(choose: random.Random, *, both: bool = True) -> dict[str, Any]:
    return {
        "conflicts": choose.choice(("latest-wins", "latest-wins", "source-wins", "target-wins")),
        "deletions": choose.choice(("propagate", "propagate", "detach")),
        "empty": choose.choice(("propagate", "keep")),
        "create": choose.choice(("source", "both")) if both else "source",
        "apis": choose.choice(APIS),
    }


def _plain(choose: random.Random) -> Setting:
    rows = (row("name", "Name", "string"), row("n", "N", "decimal"), row("x", "X"))
    return Setting(
        flow(pair("A", "X", *rows), **_policies(choose)),
        {"name": "text", "n": "number", "x": "text"},
    )


def _merge(choose: random.Random) -> Setting:
    rows = (row("mail", "Mail", "string"), row("n", "N", "decimal"))
    made = pair("A", "X", *rows, merge=[["mail"]])
    return Setting(flow(made, **_policies(choose)), {"mail": "text", "n": "number"})


def _references(choose: random.Random) -> Setting:
    first = pair("A", "X", row("name", "Name"), merge=choose.choice(([], [["name"]])))
    second = pair(
        "B",
        "Y",
        row("title", "Title", "string"),
        row("of", "Of", ref=("A", "X")),
        row("next", "Next", ref=("B", "Y")),
    )
    chosen = (first, second) if choose.random() < 0.5 else (second, first)
    return Setting(
        flow(*chosen, **_policies(choose)),
        {"name": "text", "title": "text", "of": "ref A", "next": "ref B"},
    )


def _shapes(choose: random.Random) -> Setting:
    rows = [row("name", "First", "string"), row("name", "Second", "string")]
    rows += [row("p", "In", "string"), row("q", "In", "string")]
    rows += [row("n", "Mobile", "string", when=("target", "Kind", "on")), row("key", "No")]
    return Setting(
        flow(pair("A", "X", *rows), **_policies(choose)),
        {
            "name": "text",
            "first": "text",
            "second": "text",
            "p": "text",
            "q": "text",
            "in": "text",
            "n": "text",
            "mobile": "text",
            "kind": "flag",
        },
    )


def _lists(choose: random.Random) -> Setting:
    rows = [
        row("lines[].sku", "Lines[].Sku", "string"),
        row("lines[].n", "Lines[].N", "decimal"),
        row("phone", "Phones[].Number", "string", when=("target", "Phones[].Kind", "on")),
    ]
    return Setting(
        flow(pair("A", "X", *rows), **_policies(choose)), {"lines": "lines", "phone": "text"}
    )


def _rules(choose: random.Random) -> Setting:
    first = pair("A", "X", row("name", "Name"), when="connected", by=["B"])
    second = pair(
        "B",
        "Y",
        row("title", "Title"),
        row("of", "Of", ref=("A", "X")),
        when="condition",
        condition=[("open", "on")],
    )
    third = pair("C", "Z", row("name", "Name"), when="never", merge=[["name"]])
    return Setting(
        flow(first, second, third, **_policies(choose)),
        {"name": "text", "title": "text", "of": "ref A", "open": "flag"},
    )


def _many_pairs(choose: random.Random) -> Setting:
    first = pair("A", "X", row("name", "Name"), merge=choose.choice(([], [["name"]])))
    second = pair("A", "Y", row("name", "Title"))
    third = pair("B", "X", row("title", "Name"), merge=choose.choice(([], [[("title", "Name")]])))
    return Setting(
        flow(first, second, third, **_policies(choose, both=False)),
        {"name": "text", "title": "text"},
    )


def _refusals(choose: random.Random) -> Setting:
    short = {"type": "object", "properties": {"Name": {"type": "string", "maxLength": 4}}}
    first = pair("A", "X", row("name", "Name"), row("n", "N"))
    second = pair("B", "Y", row("title", "Title"), row("of", "Of", ref=("A", "X")))
    return Setting(
        flow(first, second, schemas={"X": short}, **_policies(choose, both=False)),
        {"name": "long", "n": "number", "title": "text", "of": "ref A"},
    )


def _bare(choose: random.Random) -> Setting:
    return Setting(flow(pair("A", "X"), pair("B", "Y"), **_policies(choose)), {})


# -- histories

Planned = list[tuple[int, Op]]


def history(choose: random.Random, setting: Setting, length: int) -> list[Op]:
    """Give operations: people's, waits, and syncs with what people do during them."""
    ops: list[Op] = []
    for _ in range(length):
        kind = choose.random()
        if kind < 0.22:
            late = [
                (choose.randrange(2, 12), _persons(choose, setting))
                for _ in range(choose.choice((0, 0, 1, 2, 4)))
            ]
            fails = choose.randrange(2, 9) if choose.random() < 0.15 else 0
            ops.append(("sync", choose.randrange(1 << 30), late, fails))
        elif kind < 0.32:
            ops.append(("wait", choose.choice((3, 400, 1500, 5000))))
        else:
            ops.append(_persons(choose, setting))
    return [*ops, *(("sync", choose.randrange(1 << 30), [], 0) for _ in range(2))]


def _persons(choose: random.Random, setting: Setting) -> Op:
    pairs = setting.dataflow.pairs
    letter = choose.randrange(len(pairs))
    side: Side = choose.choice(SIDES)
    number = choose.randrange(1, 4)
    if choose.random() < 0.12:
        return ("delete", side, letter, number)
    return ("edit", side, letter, number, _values(choose, setting, pairs[letter], side))


def _values(choose: random.Random, setting: Setting, of: Pair, side: Side) -> list[Any]:
    texts = {r.path(side).text for r in of.rows if not r.path(side).is_key}
    texts |= {c.path.text for r in of.rows for c in r.when if c.side == side}
    texts |= {c.path.text for c in of.create.condition if side == "source"}
    heads = sorted({text.split("[]")[0] for text in texts}) or []
    chosen = [h for h in heads if choose.random() < 0.6]
    found: list[Any] = []
    for head in chosen:
        kind = setting.kinds.get(head.lower(), head.lower())
        if kind == "lines":
            names = ("sku", "n") if side == "source" else ("Sku", "N")
            items = [
                {
                    k: v
                    for k, v in zip(
                        names, (value(choose, "text"), value(choose, "number")), strict=True
                    )
                    if v is not MISSING
                }
                for _ in range(choose.randrange(3))
            ]
            found.append((head, items))
        elif kind == "phones":
            items = [
                {"Number": choose.choice(TEXTS[1:]), "Kind": k}
                for k in choose.choice(((), ("on",), ("off",), ("off", "on")))
            ]
            found.append((head, items))
        elif kind.startswith("ref "):
            found.append(
                (
                    head,
                    ("ref", kind[4:], choose.randrange(1, 4)) if choose.random() < 0.8 else MISSING,
                )
            )
        else:
            found.append((head, value(choose, kind)))
    if choose.random() < 0.15:
        found.append(("free", choose.choice(TEXTS)))
    return found


class Stage:
    """Plays a history; names of records people mean are found in it as they come."""

    def __init__(self, setting: Setting, *, make: Any = Ideal, without: Any = ()) -> None:
        self.world = Chronicle(setting.dataflow, without=without)
        self.ideal = make(self.world, chance(0))

    def play(self, ops: list[Op]) -> Chronicle:
        for op in ops:
            self.do(op)
            if self.world.violations:
                break
        return self.world

    def do(self, op: Op) -> None:
        getattr(self, f"_{op[0]}")(*op[1:])

    def _wait(self, ms: int) -> None:
        self.world.tick(ms)

    def _name(self, side: Side, letter: int, number: int) -> str:
        """Numbers mean the n-th record of a type, whoever made it, or one to be made."""
        of = self.world.dataflow.pairs[letter]
        known = self.world.all(side, of.type_on(side))
        if number <= len(known):
            return known[number - 1]
        mark = "" if letter == 0 else "abcdef"[letter]
        return f"{side[0]}{mark}{len(known) + 100 * (letter + 1) + 1}"

    def _delete(self, side: Side, letter: int, number: int) -> None:
        name = self._name(side, letter, number)
        if self.world.live(name):
            self.world.person_deletes(name)

    def _edit(self, side: Side, letter: int, number: int, values: list[Any]) -> None:
        name = self._name(side, letter, number)
        if name in self.world.states and not self.world.live(name):
            name = f"{name}{len(self.world.states)}"
        data = self.world.data(name) if name in self.world.states else {}
        for text, given in values:
            data = write(data, parse_path(text).head, self._resolved(side, given))
        kind = self.world.dataflow.types(side)[self.world.type(name)]
        limit = kind.schema.get("properties", {}).get("Name", {}).get("maxLength", 99)
        if len(str(data.get("Name", ""))) > limit:
            return
        self.world.person(name, data)

    def _resolved(self, side: Side, given: Any) -> Json:
        if not (isinstance(given, tuple) and given[0] == "ref"):
            return given
        pairs = [p for p in self.world.dataflow.pairs if p.source == given[1]]
        known = self.world.all(side, pairs[0].type_on(side))
        return self.world.keys[known[given[2] - 1]] if given[2] <= len(known) else MISSING

    def _sync(self, seed: int, late: Planned, fails: int) -> None:
        self.ideal.choose = chance(seed)
        self.ideal.odds = self.ideal.choose.choice((0.0, 0.3, 0.7))
        planned, count = list(late), 0

        def meddle() -> None:
            nonlocal count
            count += 1
            for at, op in list(planned):
                if at <= count:
                    planned.remove((at, op))
                    self.do(op)
            if fails and count >= fails:
                raise GaveUp

        self.world.meddle = meddle
        try:
            self.ideal.sync()
        finally:
            self.world.meddle = None


def shortened(ops: list[Op], fails: Callable[[list[Op]], bool]) -> list[Op]:
    """Leave out operations, late ones and values for as long as it fails."""
    changed = True
    while changed:
        changed = False
        for candidate in _shorter(ops):
            if fails(candidate):
                ops, changed = candidate, True
                break
    return ops


def _shorter(ops: list[Op]) -> Any:
    for at in range(len(ops) - 1, -1, -1):
        yield ops[:at] + ops[at + 1 :]
    for at, op in enumerate(ops):
        if op[0] == "sync":
            for gone in range(len(op[2])):
                yield [
                    *ops[:at],
                    ("sync", op[1], op[2][:gone] + op[2][gone + 1 :], op[3]),
                    *ops[at + 1 :],
                ]
            if op[3]:
                yield [*ops[:at], ("sync", op[1], op[2], 0), *ops[at + 1 :]]
            for lag, (k, each) in enumerate(op[2]):
                if each[0] == "edit":
                    for gone in range(len(each[4])):
                        less = (*each[:4], each[4][:gone] + each[4][gone + 1 :])
                        late = [*op[2][:lag], (k, less), *op[2][lag + 1 :]]
                        yield [*ops[:at], ("sync", op[1], late, op[3]), *ops[at + 1 :]]
        if op[0] == "edit":
            for gone in range(len(op[4])):
                yield [*ops[:at], (*op[:4], op[4][:gone] + op[4][gone + 1 :]), *ops[at + 1 :]]
