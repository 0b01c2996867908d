"""What every scene needs at hand. Rule: shorthands only; each gives steps or a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tallystick.canonical import Json
from tallystick.dataflow.model import Dataflow, Pair, Side
from tallystick.derive.changes import Choice, showcase
from tallystick.derive.drafts import Draft, scene
from tallystick.derive.labels import by_section
from tallystick.derive.settings import Linked, Setting
from tallystick.vocabulary.script import (
    Arrived,
    Create,
    Edit,
    Has,
    HasCounterparts,
    HoldsRecords,
    Ref,
    Settle,
    Step,
    Value,
    Wrote,
)
from tallystick.vocabulary.sentences import Names

__all__ = ["SYNC", "Kit", "a_or_an"]

SYNC = Settle()


def a_or_an(word: str) -> str:
    """Give a word with its article."""
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


@dataclass(frozen=True, kw_only=True)
class Kit:
    """One entity pair, and how to tell stories about it."""

    dataflow: Dataflow
    pair: Pair
    names: Names

    def setting(self) -> Setting:
        """Begin another scenario: nobody is there yet."""
        return Setting(self.dataflow, self.pair)

    @cached_property
    def main(self) -> Linked | None:
        """The record that most scenarios are about; None where none can be linked."""
        return self.setting().linked()

    @cached_property
    def choices(self) -> list[Choice]:
        """The rows that scenarios can be told with."""
        return showcase(self.dataflow, self.pair, self.main) if self.main else []

    @property
    def creates_both(self) -> bool:
        """Whether target records get counterparts in the source, too."""
        by_rule = self.pair.create.when in ("always", "no-match")
        return by_rule and self.dataflow.policies.create == "both"

    @property
    def one(self) -> str:
        """What a source record is called: `Customer`."""
        return self.pair.source

    @property
    def a_one(self) -> str:
        """What a source record is called, with its article."""
        return a_or_an(self.pair.source)

    @property
    def a_other(self) -> str:
        """What a target record is called, with its article."""
        return a_or_an(self.pair.target)

    def scene(
        self,
        name: str,
        law: str,
        *,
        given: Sequence[Step] = (),
        when: Sequence[Step] = (),
        then: Sequence[Step] = (),
    ) -> Draft:
        """Make a scenario; its name begins with a capital letter."""
        return scene(
            self.names, name[:1].upper() + name[1:], law, given=given, when=when, then=then
        )

    def on(self, ref: Ref, side: Side) -> Ref:
        """Name a source record's own self, or its counterpart where that needs saying."""
        return ref if side == "source" else self.setting().across(ref)

    def edit(self, ref: Ref, side: Side, *values: tuple[str, Value]) -> Edit:
        """A person edits a source record, or its counterpart."""
        return Edit(side=side, record=self.on(ref, side), values=values)

    def has(self, ref: Ref, side: Side, path: str, value: Json) -> Has:
        """Check one value of a source record, or of its counterpart."""
        return Has(side=side, record=self.on(ref, side), values=((path, value),))

    def arrived(self, ref: Ref, side: Side, path: str) -> Arrived:
        """Check that an edit has arrived."""
        return Arrived(side=side, record=self.on(ref, side), path=path)

    def counts(self, ref: Ref, count: int) -> HasCounterparts:
        """Check how many counterparts a source record has in this pair."""
        several = len(self.dataflow.pairs_of("source", ref.type)) > 1
        kind = self.pair.target if several else ""
        record = by_section(self.dataflow, self.pair, ref)
        return HasCounterparts(side="target", record=record, count=count, type=kind)

    def numbers(self, side: Side, number: int) -> tuple[HoldsRecords, ...]:
        """Check how many records of the pair's type there are, where only this pair tells."""
        type_name = self.pair.type_on(side)
        helpers = self.main.steps if self.main else ()
        mine = [s for s in helpers if isinstance(s, Create) and s.record.type == type_name]
        alone = len(self.dataflow.pairs_of(side, type_name)) == 1
        if not alone or len([s for s in mine if s.side == side]) > 1:
            return ()
        return (HoldsRecords(side=side, type=type_name, number=number),)

    @staticmethod
    def wrote(side: Side, number: int) -> Wrote:
        """Check how often the last sync wrote."""
        return Wrote(side=side, number=number)
