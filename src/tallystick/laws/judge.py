"""Judging a journal, event by event. Rule: it needs the journal and nothing else.

The same judge is fed live while a world runs, and from a saved journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from tallystick.canonical import same
from tallystick.dataflow.model import SIDES, Dataflow, Side, other_side
from tallystick.dataflow.units import Unit
from tallystick.journal.journal import Journal
from tallystick.laws.cases import Case, case_of, is_at_rest
from tallystick.laws.coverage import Coverage
from tallystick.laws.excuses import Excuses
from tallystick.laws.grouping import Grouping
from tallystick.laws.history import Act, History
from tallystick.laws.inference import Inference
from tallystick.laws.law import Judged, Law, Scene
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.outcomes import Ending, is_kept_empty, is_taken_back, judge_ending
from tallystick.laws.reach import note_event, note_reach
from tallystick.laws.registry import ALL_LAWS
from tallystick.laws.trials import Trials
from tallystick.laws.verdict import Judgement, Violation
from tallystick.vocabulary.events import CALM, Edited, Event, Exchange, Settled

__all__ = ["Judge", "judge"]


class Judge:
    """Folds events into a `Judgement`. `without` names laws that are switched off.

    `own_pace` is what the journal's header says.
    """

    def __init__(
        self,
        dataflow: Dataflow,
        *,
        without: Collection[str] = (),
        skew_ms: Mapping[Side, int] | None = None,
        own_pace: bool = False,
    ) -> None:
        self.history = History(dataflow, skew_ms=_apart_ms(skew_ms or {}), own_pace=own_pace)
        self.book = LinkBook(self.history)
        coverage = Coverage(self.book)
        excuses = Excuses(self.book, coverage)
        self.judgement = Judgement(journals=1)
        self.scene = Scene(dataflow, self.history, self.book, coverage, excuses, self.judgement)
        self._grouping = Grouping(self.book, Trials(self.book, excuses))
        self._inference = Inference(self.book, coverage, excuses, self._grouping)
        self._laws = [law(self.scene) for law in ALL_LAWS]
        self._hearers: dict[type, list[Law]] = {}
        for law in self._laws:
            for kind in law.hears:
                self._hearers.setdefault(kind, []).append(law)
        self._without = frozenset(without)
        self._pending: dict[int, Link] = {}
        self._loose: dict[int, Link] = {}  # in which some key led nowhere

    def feed(self, event: Event) -> list[Violation]:
        """Take the next event in; give what it, or the settle that it is, makes known."""
        self.history.feed(event)
        note_event(event, self.history, self.judgement.reach)
        hearers = self._hearers.get(type(event), ())
        found = [violation for law in hearers for violation in law.on_event(event)]
        match event:
            case Exchange():
                self.judgement.exchanges += 1
                self.history.note_seen(event)
            case Edited():
                self.judgement.edits += 1
            case Settled():
                self.judgement.settles += 1
                if event.calm >= CALM:
                    found += self._settle()
            case _:
                pass
        kept = [violation for violation in found if violation.law not in self._without]
        self.judgement.violations += kept
        return kept

    def _settle(self) -> list[Violation]:
        scene = self.scene
        scene.links, scene.oddities = self._inference.settle()
        dirty = self._dirty()
        scene.veiled = [link for link in dirty if link.source.withheld or link.target.withheld]
        scene.dirty = [link for link in dirty if link not in scene.veiled]
        self._grouping.regroup(scene.dirty)
        scene.accused = self._spoken_about()
        cases = [
            (link, self._cases(link))
            for link in scene.dirty
            if not link.ended and link.source.live and link.target.live
        ]
        scene.judged = [
            judged
            for link, of_link in cases
            for judged in self._judge_units(link, of_link)
            if id(link) not in scene.accused
        ]
        found: list[Violation] = []
        for law in self._laws:
            found += law.on_settle()
            if law.name == "in-sync":
                scene.accused |= {id(j.case.link) for j in scene.judged if j.ending}
        note_reach(scene)
        self._close()
        return found

    def _cases(self, link: Link) -> list[tuple[int, Case | None]]:
        """Give the facts about each unit of which there may be something new to say."""
        return [
            (index, case_of(link, index, self.book))
            for index in range(len(link.units))
            if not is_at_rest(link, index, self.book)
        ]

    def _dirty(self) -> list[Link]:
        dirty = dict(self._pending)
        if self.scene.links:  # a key that led nowhere may lead to one of them
            dirty.update(self._loose)
        for record in self.history.changed.values():
            for link in self.book.links_of(record):
                dirty[id(link)] = link
        for link in list(dirty.values()):
            for mate in link.group or ():
                dirty[id(mate)] = mate
        for link in self.scene.links:
            dirty[id(link)] = link
        return list(dirty.values())

    def _spoken_about(self) -> set[int]:
        """Give the links of which an oddity already tells the story."""
        about = {id(record) for oddity in self.scene.oddities for record in oddity.records}
        return {
            id(link)
            for link in self.scene.dirty
            if id(link.source) in about or id(link.target) in about
        }

    def _judge_units(self, link: Link, cases: list[tuple[int, Case | None]]) -> Iterable[Judged]:
        self._pending.pop(id(link), None)
        for index, case in cases:
            ending = None if case is None else judge_ending(case, self.scene.dataflow.policies)
            if case is None or (ending is not None and self._may_be_withheld(case, ending)):
                self._pending[id(link)] = link
                link.pending.add(index)
                continue
            imageless = ending is not None and self._has_no_image(case)
            if imageless or self._was_invented(link, case.unit):
                ending = None
            self._note_arrival(case, ending)
            self._account_for(link, case, certain=not imageless)
            yield Judged(case=case, ending=ending)

    def _account_for(self, link: Link, case: Case, *, certain: bool) -> None:
        """Let what was found be the base from now on."""
        index, judged = case.index, certain and not case.free and case.agrees is not None
        kept = is_kept_empty(case, self.scene.dataflow.policies)
        link.bases[index] = case.found
        link.held[index] = (case.agrees or kept) if judged else None
        link.accounted[index] = self.history.event
        link.pending.discard(index)
        (link.loose.add if case.loose else link.loose.discard)(index)
        if link.loose:
            self._loose[id(link)] = link

    def _was_invented(self, link: Link, unit: Unit) -> bool:
        """Tell whether a value that nobody gave was written there: that has been said already."""
        return bool(self.scene.invented) and any(
            (id(link.record(side)), link.pair.number, unit.number) in self.scene.invented
            for side in SIDES
        )

    def _has_no_image(self, case: Case) -> bool:
        """Tell whether people left a value in the target that is no source value's image."""
        edit = case.edits.get("target")
        rows = frozenset(number for number, _ in case.unit.rows)
        return edit is not None and self.scene.excuses.no_image(case.link, edit.data, rows)

    def _may_be_withheld(self, case: Case, ending: Ending) -> bool:
        link = case.link
        if is_taken_back(case) and not any(self.book.kin(link, case.index)):
            return False
        both = case.entangled or len(case.edits) == len(SIDES)
        sides: tuple[Side, ...] = SIDES if both else (ending.direction,)
        return any(
            self.scene.excuses.may_withhold(
                link.record(other_side(side)), link.pair, link.record(side)
            )
            for side in sides
        )

    def _note_arrival(self, case: Case, ending: Ending | None) -> None:
        if case.base is None or ending is not None or not case.edits:
            return
        for side in case.stands:
            other = other_side(side)
            if case.agrees and not same(case.found_on(other), case.base_on(other)):
                rows = case.unit.moved(case.base_on(side), case.edits[side].value)
                for row in rows:
                    self.judgement.arrived[case.link.pair.number, row, other] += 1

    def _close(self) -> None:
        scene = self.scene
        self._loose = {
            at: link for at, link in self._loose.items() if link.loose and not link.ended
        }
        for link in scene.veiled:
            self._pending[id(link)] = link
            link.pending.update(range(len(link.units)))
        for link in scene.dirty:
            gone = [s for s in SIDES if not link.record(s).live]
            if gone and all(self._is_over(link, side) for side in gone):
                link.ended = True
            elif gone:
                self._pending[id(link)] = link
        self._forget()
        scene.invented.clear()
        self.book.sight.forget()
        self.history.close_settle()

    def _forget(self) -> None:
        """Drop the acts that nothing will ask for again."""
        touched = dict(self.history.changed)
        for link in self.scene.dirty:
            touched.update({id(record): record for record in (link.source, link.target)})
        for record in touched.values():
            links = [link for link in self.book.links_of(record) if not link.ended or link.group]
            record.acts = [act for act in record.acts if self._is_needed(act, links, record.side)]

    @staticmethod
    def _is_needed(act: Act, links: list[Link], side: Side) -> bool:
        if not act.after.live:
            return bool(links)
        return any(
            link.accounted[index] < act.event and link.changes(unit, side, act)
            for link in links
            for index, unit in enumerate(link.units)
        )

    def _is_over(self, link: Link, side: Side) -> bool:
        deletion = link.record(side).deletion
        return (deletion is not None and deletion.event < self.history.sync_began) or (
            deletion is not None and deletion.by == "connector"
        )


def _apart_ms(skew_ms: Mapping[Side, int]) -> int:
    """Give how far the two systems' clocks are apart."""
    return abs(skew_ms.get("source", 0) - skew_ms.get("target", 0))


def judge(journal: Journal, *, without: Collection[str] = ()) -> Judgement:
    """Judge a journal that is complete."""
    header = journal.header
    fold = Judge(header.dataflow, without=without, skew_ms=header.skew_ms, own_pace=header.own_pace)
    for event in journal.events:
        fold.feed(event)
    return fold.judgement
