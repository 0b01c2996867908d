"""The steps of a script, as data. Rule: a step says what people do, never how it is carried out.

A script is a tuple of steps. Records are named by labels (`Customer "Ann"`), never by keys, so that
a script can be shortened freely and replayed in any world. `Ref.counterpart` is "" for the record
itself, otherwise the type of the record that it is linked with on the other side, or `ONLY` where
there is but one such type. `Ref.section` is the number of the pair that links the two, where
several pairs are about the same two types, and otherwise 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from tallystick.canonical import Json, Missing
from tallystick.dataflow.model import Side
from tallystick.vocabulary.weather import During, Fault, Kill, Many, Skew, Webhook

__all__ = [
    "ONLY",
    "STEP_KINDS",
    "AddElement",
    "Agree",
    "Arrived",
    "Clear",
    "Create",
    "Delete",
    "Edit",
    "Explore",
    "Has",
    "HasCounterparts",
    "Holds",
    "HoldsRecords",
    "KeyOf",
    "MoveElement",
    "Ref",
    "RemoveElement",
    "Script",
    "SetPolicy",
    "Settle",
    "Speak",
    "Start",
    "Step",
    "UseChecklist",
    "Value",
    "Values",
    "Wait",
    "Wrote",
    "step_kind",
]


ONLY: Final = "*"


@dataclass(frozen=True, slots=True)
class KeyOf:
    """As a value: the key, on the side of the edit, of the record labelled `label`."""

    label: str


Value = Json | KeyOf | Missing
Values = tuple[tuple[str, Value], ...]
"""Property paths with their values. `lines[2].price` is the price of the second line."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A record as a script names it."""

    label: str
    type: str
    counterpart: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UseChecklist:
    """Set-up: the checklist that the scenario is about; `agreement` "" stands for none.

    `back` is the checklist of the opposite direction, where the two are run as one ("" for none).
    """

    checklist: str
    agreement: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy:
    """Set-up: a policy that the agreement is taken to say in this scenario."""

    policy: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Set-up: the dialect that one system's API speaks in this scenario."""

    side: Side
    api: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A person creates a record; properties that `values` does not name get sample values."""

    side: Side
    record: Ref
    values: Values = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A person saves one edit of one or several properties."""

    side: Side
    record: Ref
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """A person empties one property (it is taken away)."""

    side: Side
    record: Ref
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddElement:
    """A person adds an element at the end of a list; unnamed properties get sample values."""

    side: Side
    record: Ref
    path: str
    values: Values = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveElement:
    """A person takes the element at `position` (from 1) out of a list."""

    side: Side
    record: Ref
    path: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveElement:
    """A person moves an element of a list from one position to another (both from 1)."""

    side: Side
    record: Ref
    path: str
    position: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """A person deletes a record."""

    side: Side
    record: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Time passes, in milliseconds."""

    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The connector is started (otherwise the first settle starts it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """The connector is let work until it is quiet; the laws are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explore:
    """Hypothesis makes people's random edits on either side of the records of `type`."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Check: nothing has been seen so far that breaks `law` ("" for any law)."""

    law: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HasCounterparts:
    """Check: the record has `count` (0 or 1) counterparts on `side`, of `type` if that is said."""

    side: Side
    record: Ref
    count: int
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """Check: the record on `side` holds these values."""

    side: Side
    record: Ref
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsRecords:
    """Check: `side` holds `number` live records of `type`."""

    side: Side
    type: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Check: the last edit of the record's property has arrived on `side` as `path`."""

    side: Side
    record: Ref
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    """Check: the record and its counterpart agree in `path` (a path on `side`)."""

    side: Side
    record: Ref
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """Check: in the last sync the connector made `number` successful writes to `side`."""

    side: Side
    number: int


Step = (
    UseChecklist
    | SetPolicy
    | Speak
    | Create
    | Edit
    | Clear
    | AddElement
    | RemoveElement
    | MoveElement
    | Delete
    | During
    | Fault
    | Kill
    | Many
    | Skew
    | Webhook
    | Wait
    | Start
    | Settle
    | Explore
    | Holds
    | HasCounterparts
    | Has
    | HoldsRecords
    | Arrived
    | Agree
    | Wrote
)
Script = tuple[Step, ...]


def _kind(step_type: type) -> str:
    name = step_type.__name__
    return "".join(
        f"-{c.lower()}" if c.isupper() and at else c.lower() for at, c in enumerate(name)
    )


STEP_KINDS: Final[Mapping[str, type[Any]]] = {_kind(kind): kind for kind in get_args(Step)}
_KIND_OF: Final[Mapping[type, str]] = {step_type: kind for kind, step_type in STEP_KINDS.items()}


def step_kind(step: Step) -> str:
    """Give the kind of a step, the key of every table over the vocabulary: `add-element`."""
    return _KIND_OF[type(step)]
