"""A tiny language for journals, so that a law's test is one line. It knows no system, no connector.

    tell("s1 . t1:name=x .")

| word | what happens |
|---|---|
| `s1`, `t1` | a person creates, or edits, record 1 in the source (target), with a value of its own |
| `s1:name=x;n=3` | with these values (JSON, or bare text; `-`: not there; `@t2`: the key of t2) |
| `-s1` | a person deletes it |
| `[` `[[` | a sync begins, and the connector lists all that there is; without listing |
| `]` `]x` | it ends, and the world settles; it gives up, without a settle |
| `>t1` | the connector makes t1 agree with s1: creates it, or writes the whole of it |
| `>t1<s2` | the same, out of s2 |
| `>t1:name=x` | the connector writes these values; after `<s1`, over what s1 gives |
| `>=t1` `>-t1` `>?t1` `>!t1` | it writes t1 as it is; deletes; reads; has a write of it refused |
| `.` | `[`, what an ideal connector does, `]` |
| `2s`, `5ms` | time passes |

Records of the second pair are `sb1`, `tb1`, of the third `sc1`, `tc1`. Time moves by 1 ms a word.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from typing import Any

from tallystick.canonical import MISSING, Json, same
from tallystick.clock import EPOCH_MS, time_text, whole_second_text
from tallystick.dataflow.model import (
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
    other_side,
)
from tallystick.dataflow.paths import KEY, parse_path, read, write
from tallystick.dataflow.projection import projected
from tallystick.journal.journal import Header, Journal
from tallystick.laws.judge import Judge
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    Settled,
    Snapshot,
    Started,
    SyncBegan,
    SyncEnded,
)

# -- dataflows, in few words

STATEMENTS = (
    "lead-always",
    "connected",
    "no-match",
    "merge",
    "in-sync",
    "properties",
)


def path(text: str) -> Any:
    return KEY if text == "key" else parse_path(text)


def row(source: str, target: str = "", kind: Any = None, *, ref: Any = None, when: Any = ()) -> Row:
    """`row("name")` is `name ↔ Name`; `when` is `(side, path, value)` or several of them."""
    whens = (when,) if when and isinstance(when[0], str) else when
    return Row(
        source=path(source),
        target=path(target or source.title()),
        type=kind,
        reference=Reference(source=ref[0], target=ref[1]) if ref else None,
        when=tuple(Condition(side=s, path=parse_path(p), equals=v) for s, p, v in whens),
    )


def pair(
    source: str = "A",
    target: str = "X",
    *rows: Row,
    when: Any = "always",
    condition: Any = (),
    by: Any = (),
    merge: Any = (),
) -> Pair:
    """`merge` is a list of lists of `"name"` (`name` = `Name`) or `("mail", "EMail")`."""
    terms = [
        [(t, t.title()) if isinstance(t, str) else t for t in alternative] for alternative in merge
    ]
    return Pair(
        number=0,
        source=source,
        target=target,
        rows=rows,
        merge=tuple(
            tuple(MergeTerm(source=parse_path(s), target=parse_path(t)) for s, t in alternative)
            for alternative in terms
        ),
        create=Creation(
            when=when,
            condition=tuple(FieldEquals(path=parse_path(p), equals=v) for p, v in condition),
            by=tuple(by),
        ),
    )


def flow(
    *pairs: Pair,
    apis: Any = ("storefront/1", "ledger/1"),
    schemas: Any = (),
    types: Any = (),
    **policies: Any,
) -> Dataflow:
    """A dataflow of `pairs` (default: A ↔ X with `name` and `n`). `types`: more types, `("target", "Z")`."""
    pairs = pairs or (pair("A", "X", row("name"), row("n")),)
    numbered = tuple(
        replace(
            each,
            number=number,
            origin=Origin(file="list.rst", line=10 * number),
            rows=tuple(
                replace(r, origin=Origin(file="list.rst", line=10 * number + 1 + at))
                for at, r in enumerate(each.rows)
            ),
            statements=tuple(
                Statement(
                    kind=kind,
                    text=kind,
                    origin=Origin(file="list.rst", line=1000 * number + at),
                )
                for at, kind in enumerate(STATEMENTS)
            ),
        )
        for number, each in enumerate(pairs, 1)
    )
    of_side: dict[Side, dict[str, RecordType]] = {}
    for side in SIDES:
        names = [each.type_on(side) for each in pairs] + [n for s, n in types if s == side]
        of_side[side] = {
            name: RecordType(name=name, path=name.lower(), schema=dict(schemas).get(name, {}))
            for name in names
        }
    return Dataflow(
        source=System(system="Shop", api=apis[0]),
        target=System(system="Office", api=apis[1]),
        source_types=of_side["source"],
        target_types=of_side["target"],
        pairs=numbered,
        policies=Policies(**policies),
    )


# -- journals


def chance(seed: int) -> random.Random:
    """Random choices that are the same for the same seed."""
    return random.Random(seed)


_WORD = re.compile(r"([st])([a-z]?)(\d+)")
Name = str  # "s1", "tb2"


class Chronicle:
    """A journal in the making, judged as it grows. What people and the connector do are methods."""

    def __init__(self, dataflow: Dataflow | None = None, *, without: Any = ()) -> None:
        self.dataflow = dataflow or flow()
        self.judge = Judge(self.dataflow, without=without)
        self.events: list[Event] = []
        self.violations: list[Violation] = []
        self.now_ms = EPOCH_MS
        self.keys: dict[Name, str | int] = {}
        self.names: dict[tuple[Side, str, str | int], Name] = {}
        self.states: dict[Name, Snapshot] = {}
        self.read_states: dict[Name, Snapshot] = {}
        self.syncing = False
        self.meddle: Any = None  # called before each of the connector's requests
        self._fresh = self._requests = self._syncs = self._settles = self._counter = 0
        self.ideal: Any = None
        self.emit(Started(at_ms=self.now_ms, process=1))

    def emit(self, event: Event) -> None:
        self.events.append(event)
        self.violations += self.judge.feed(event)

    def tick(self, ms: int = 1) -> None:
        self.now_ms += ms

    @property
    def journal(self) -> Journal:
        return Journal(Header(dataflow=self.dataflow), list(self.events), complete=True)

    # names

    def side(self, name: Name) -> Side:
        return "source" if name[0] == "s" else "target"

    def pair_of(self, name: Name) -> Pair:
        letter = _WORD.fullmatch(name)[2] or "a"  # type: ignore[index]
        return self.dataflow.pairs["abcdef".index(letter)]

    def type(self, name: Name) -> str:
        return self.pair_of(name).type_on(self.side(name))

    def mate(self, name: Name) -> Name:
        return ("t" if name[0] == "s" else "s") + name[1:]

    def live(self, name: Name) -> bool:
        return name in self.states and self.states[name].live

    def data(self, name: Name) -> Json:
        return self.states[name].data

    def all(self, side: Side, type_name: str) -> list[Name]:
        return [n for (s, t, _), n in self.names.items() if (s, t) == (side, type_name)]

    # what happens to records

    def _change(self, name: Name, data: Json, *, gone: bool = False) -> Change:
        side, kind = self.side(name), self.type(name)
        before = self.states.get(name)
        if before is None:
            self._counter += 1
            storefront = self.dataflow.system(side).api == "storefront/1"
            key = f"{kind.lower()}-{self._counter:04d}" if storefront else 1000 + self._counter
            self.keys[name] = key
            self.names[side, kind, key] = name
        after = Snapshot(
            data=data,
            modified_ms=self.now_ms,
            version=before.version + 1 if before else 1,
            deleted_ms=self.now_ms if gone else None,
        )
        self.states[name] = after
        return Change(side=side, type=kind, key=self.keys[name], before=before, after=after)

    def person(self, name: Name, data: Json) -> None:
        self.tick()
        change = self._change(name, data)
        self.emit(Edited(at_ms=self.now_ms, step=0, label=name, change=change))

    def person_sets(self, name: Name, **values: Json) -> None:
        data = self.data(name) if name in self.states else {}
        for text, value in values.items():
            data = write(data, parse_path(text).head, value)
        self.person(name, data)

    def person_deletes(self, name: Name) -> None:
        self.tick()
        change = self._change(name, self.data(name), gone=True)
        self.emit(Edited(at_ms=self.now_ms, step=0, label=name, change=change))

    # the connector

    def begin(self) -> None:
        self.tick()
        self._syncs += 1
        self.syncing = True
        self.emit(SyncBegan(at_ms=self.now_ms, number=self._syncs))

    def begin_reading(self) -> None:
        self.begin()
        for side in SIDES:
            for kind in self.dataflow.types(side):
                self.list(side, kind)

    def end(self, outcome: Any = "did", why: str = "") -> None:
        self.tick()
        self.syncing = False
        self.emit(SyncEnded(at_ms=self.now_ms, number=self._syncs, outcome=outcome, why=why))
        if outcome == "did":
            self._settles += 1
            settle = Settled(at_ms=self.now_ms, number=self._settles, sync=self._syncs, calm=CALM)
            self.emit(settle)

    def interrupted(self) -> None:
        """Let people do what they had planned for this moment."""
        if self.meddle is not None:
            self.meddle()

    def exchange(self, side: Side, method: str, target: str, status: int, **facts: Any) -> None:
        self.tick(facts.pop("ms", 1))
        self._requests += 1
        facts.setdefault("token", side)
        self.emit(
            Exchange(
                at_ms=self.now_ms,
                number=self._requests,
                process=1,
                side=side,
                method=method,
                target=target,
                status=status,
                **facts,
            )
        )

    def envelope(self, name: Name) -> Json:
        state, api = self.states[name], self.dataflow.system(self.side(name)).api
        text = whole_second_text if api == "storefront/1" else time_text
        if not state.live and api == "ledger/1":
            return {"id": self.keys[name], "removed": True}
        out = {"id": self.keys[name], "modified_at": text(state.modified_ms), "data": state.data}
        if not state.live:
            out["deleted_at"] = text(state.deleted_ms or 0)
            del out["data"]
        return out

    def url(self, name: Name) -> str:
        return f"/{self.type(name).lower()}/{self.keys[name]}"

    def get(self, name: Name) -> None:
        self.interrupted()
        status = 200 if self.live(name) else 410
        answer = self.envelope(name) if status == 200 else {"code": "gone"}
        self.exchange(self.side(name), "GET", self.url(name), status, answer=answer)
        self.read_states[name] = self.states[name]

    def list(self, side: Side, type_name: str) -> None:
        self.interrupted()
        names = self.all(side, type_name)
        word = "items" if self.dataflow.system(side).api == "storefront/1" else "value"
        answer = {word: [self.envelope(name) for name in names if self.live(name)]}
        self.exchange(side, "GET", f"/{type_name.lower()}", 200, answer=answer)
        self.read_states.update({name: self.states[name] for name in names})

    def write(self, name: Name, data: Json, **facts: Any) -> None:
        """The connector creates, or saves, a record; PATCH or PUT as its system has it."""
        self.interrupted()
        side = self.side(name)
        self.tick()
        made = name not in self.states
        change = self._change(name, data)
        self.read_states[name] = change.after
        if made:
            method, target, status = "POST", f"/{change.type.lower()}", 201
        else:
            storefront = self.dataflow.system(side).api == "storefront/1"
            method, target, status = "PATCH" if storefront else "PUT", self.url(name), 200
        body = {"data": data}
        facts = {"body": body, "answer": self.envelope(name), "changes": (change,), **facts}
        self.exchange(side, method, target, facts.pop("status", status), ms=0, **facts)

    def refuse(self, name: Name, data: Json) -> None:
        """The connector tries to write and is answered 422."""
        self.interrupted()
        made = name not in self.keys
        target = f"/{self.type(name).lower()}" if made else self.url(name)
        answer = {"code": "invalid"}
        self.exchange(
            self.side(name),
            "POST" if made else "PUT",
            target,
            422,
            body={"data": data},
            answer=answer,
        )

    def remove(self, name: Name) -> None:
        """The connector deletes a record."""
        self.tick()
        change = self._change(name, self.data(name), gone=True)
        self.read_states[name] = change.after
        self.exchange(self.side(name), "DELETE", self.url(name), 204, ms=0, changes=(change,))

    def image(self, name: Name, origin: Name, onto: Json = MISSING) -> Json:
        """What `name` has to be to agree with `origin`, names with equal numbers being counterparts."""
        to = self.side(name)
        if onto is MISSING:
            onto = self.data(name) if name in self.states else {}
        found = projected(
            self.pair_of(name),
            to,
            self.data(origin),
            onto,
            schema=self.dataflow.types(to)[self.type(name)].schema,
            resolve=lambda r, key: self._resolve(to, r, key),
            key=self.keys[origin],
        )
        return found.data

    def _resolve(self, to: Side, of: Row, key: Json) -> Json:
        side = other_side(to)
        kind = of.reference.source if side == "source" else of.reference.target  # type: ignore[union-attr]
        name = self.names.get((side, kind, key))
        return self.keys.get(self.mate(name)) if name else None

    # the language

    def tell(self, text: str) -> Chronicle:
        for word in text.split():
            self._word(word)
        return self

    def _word(self, word: str) -> None:
        if word in _SIGNS:
            _SIGNS[word](self)
        elif time := re.fullmatch(r"(\d+)(ms|s)", word):
            self.tick(int(time[1]) * (1000 if time[2] == "s" else 1))
        elif word.startswith(">"):
            self._connector_word(word[1:])
        elif word.startswith("-"):
            self.person_deletes(word[1:])
        else:
            name, _, values = word.partition(":")
            self.person(name, self._assigned(name, values or self._own_value(name)))

    def _own_value(self, name: Name) -> str:
        self._fresh += 1
        rows = self.pair_of(name).rows
        first = rows[0].path(self.side(name)).text if rows else "free"
        return f"{first}=v{self._fresh}"

    def _assigned(self, name: Name, values: str, onto: Json = MISSING) -> Json:
        if onto is MISSING:
            onto = self.data(name) if name in self.states else {}
        for each in values.split(";") if values else ():
            text, _, value = each.partition("=")
            if self.side(name) == "target" and text.islower():
                text = text.title()
            onto = write(onto, tuple(text.split(".")), self._value(value))
        return onto

    def _value(self, text: str) -> Json:
        if text == "-":
            return MISSING
        if text.startswith("@"):
            return self.keys[text[1:]]
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _connector_word(self, word: str) -> None:
        rest, _, values = word.partition(":")
        sign, name, origin = re.fullmatch(r"([=\-?!]?)(\w+)(?:<(\w+))?", rest).groups()  # type: ignore[union-attr]
        if sign:
            {"=": self._echo, "-": self.remove, "?": self.get, "!": self._refused}[sign](name)
            return
        if values and not origin:
            self.write(name, self._assigned(name, values))
            return
        data = self.image(name, origin or self.mate(name))
        self.write(name, self._assigned(name, values, data))

    def _echo(self, name: Name) -> None:
        self.write(name, self.data(name))

    def _refused(self, name: Name) -> None:
        self.refuse(name, self.image(name, self.mate(name)))

    def sync_ideally(self) -> None:
        from ideal import Ideal  # noqa: PLC0415  (the ideal connector needs this module)

        self.ideal = self.ideal or Ideal(self)
        self.ideal.sync()


_SIGNS: dict[str, Any] = {
    "[": Chronicle.begin_reading,
    "[[": Chronicle.begin,
    "]": Chronicle.end,
    "]x": lambda chronicle: chronicle.end("failed", "later"),
    ".": Chronicle.sync_ideally,
}


def tell(text: str, dataflow: Dataflow | None = None, *, without: Any = ()) -> Chronicle:
    """Give the journal that `text` tells, judged."""
    return Chronicle(dataflow, without=without).tell(text)


def said(chronicle: Chronicle) -> list[tuple[str, str]]:
    """Give (law, anomaly) of every violation."""
    return [(violation.law, violation.anomaly) for violation in chronicle.violations]


def edits_meanwhile(text: str) -> bool:
    """Tell whether people edit while the connector is at work: then the next sync is not idle."""
    inside = False
    for word in text.split():
        inside = (inside or word.startswith("[")) and not word.startswith("]")
        if inside and not word.startswith((">", "[")):
            return True
    return False


def value_of(chronicle: Chronicle, name: Name, text: str) -> Json:
    """Give what a record holds at a path (None where nothing)."""
    found = read(chronicle.data(name), tuple(text.split(".")))
    return None if found is MISSING else found


__all__ = [
    "Chronicle",
    "chance",
    "edits_meanwhile",
    "flow",
    "pair",
    "row",
    "said",
    "same",
    "tell",
    "value_of",
]
