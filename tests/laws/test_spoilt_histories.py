"""An ideal connector, spoilt in one way, is accused by the right law, and by no other first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from histories import Chronicle, Name, chance
from ideal import Ideal, Tie
from random_histories import Stage, history, settings

from tallystick.canonical import Json
from tallystick.dataflow.model import Pair, Side, other_side

TRIES = 60


class Forgetful(Ideal):
    """Keeps one property to itself on the way to the target."""

    def _winner(self, tie: Tie, index: int, unit: Any, views: Any, base: Any) -> Side | None:
        winner = super()._winner(tie, index, unit, views, base)
        return None if winner == "source" and unit.row.target.text == "N" else winner


class Inventive(Ideal):
    """Writes texts in capitals."""

    def _write(self, name: Name, data: Json, **facts: Any) -> None:
        loud = {k: v.upper() if isinstance(v, str) and k == "Name" else v for k, v in data.items()}
        super()._write(name, loud, **facts)


class Twice(Ideal):
    """Creates everything twice."""

    def _create(self, pair: Pair, origin: Name) -> bool:
        if super()._create(pair, origin):
            to = other_side(self.world.side(origin))
            key = self.world.keys[origin]
            data = self._projected(pair, to, self.seen(origin).data, {}, key)
            self._write(self._name(pair, origin, to), data)
        return True


class Idle(Ideal):
    """Creates nothing for records whose name is "a"."""

    def _create(self, pair: Pair, origin: Name) -> bool:
        return self.seen(origin).data.get("name") != "a" and super()._create(pair, origin)


class Faithful(Ideal):
    """Does not delete what lost its counterpart."""

    def _deletions(self) -> bool:
        for tie in self.ties:
            tie.ended = tie.ended or not all(self.alive(n) for n in (tie.source, tie.target))
        return False


class Reaper(Ideal):
    """Deletes the counterpart of every record whose name is "b"."""

    def _deletions(self) -> bool:
        wrote = super()._deletions()
        for tie in self.ties:
            names = (tie.source, tie.target)
            there = not tie.ended and all(map(self.alive, names))
            if there and self.seen(tie.source).data.get("name") == "b" and self.maybe(0.5):
                self.world.remove(tie.target)
                tie.ended = wrote = True
        return wrote


class Echoing(Ideal):
    """Writes every target once more, as it is, whenever it was written."""

    def _save(self, tie: Tie, side: Side, wanted: Json) -> bool:
        saved = super()._save(tie, side, wanted)
        if saved:
            self._write(tie.on(side), self.world.data(tie.on(side)))
        return saved


class Restless(Ideal):
    """Writes a record in every sync, whether anything happened or not."""

    def _work(self) -> None:
        super()._work()
        live = [tie for tie in self.ties if not tie.ended and self.world.live(tie.target)]
        if live and not self.busy:
            self._write(live[0].target, self.world.data(live[0].target))


class Wasteful(Ideal):
    """Saves its changes property by property."""

    def _save(self, tie: Tie, side: Side, wanted: Json) -> bool:
        known = self.seen(tie.on(side)).data
        names = [n for n in {**known, **wanted} if known.get(n) != wanted.get(n)]
        for at in range(1, len(names)):
            part = {k: v for k, v in wanted.items() if k not in names[at:]}
            part.update({k: known[k] for k in names[at:] if k in known})
            if not super()._save(tie, side, part):
                return False
        return super()._save(tie, side, wanted)


class Contrary(Ideal):
    """Lets the loser win."""

    def _conflict_winner(self, tie: Tie, unit: Any) -> Side:
        return other_side(super()._conflict_winner(tie, unit))


class Jealous(Ideal):
    """Puts back what people write in the target."""

    def _winner(self, tie: Tie, index: int, unit: Any, views: Any, base: Any) -> Side | None:
        winner = super()._winner(tie, index, unit, views, base)
        return "source" if winner == "target" and base is not None else winner


class Careless(Ideal):
    """Saves no more than what is listed."""

    def _save(self, tie: Tie, side: Side, wanted: Json) -> bool:
        listed = {row.path(side).head[0] for row in tie.pair.rows if row.path(side).head}
        return super()._save(tie, side, {k: v for k, v in wanted.items() if k in listed})


class Aloof(Ideal):
    """Never merges."""

    def _merges(self) -> None:
        return


class Matchmaker(Ideal):
    """Merges anything with anything that nobody has."""

    @staticmethod
    def _matches(_pair: Pair, source: Json, _target: Json) -> bool:
        return bool(source.get("mail"))


class Necromancer(Ideal):
    """Creates again what was deleted in the target."""

    def _deletions(self) -> bool:
        dead = [tie for tie in self.ties if not tie.ended and not self.alive(tie.target)]
        for tie in dead:
            if self.alive(tie.source):
                self.ties.remove(tie)
        return super()._deletions()


class Literal(Ideal):
    """Copies keys as they are."""

    def resolve(self, to: Side, reference: Any, key: Json) -> Json:
        found = super().resolve(to, reference, key)
        return key if found is not None and to == "target" else found


class Hasty(Ideal):
    """Creates what refers before what is referred to."""

    def _order(self) -> list[Pair]:
        return list(reversed(super()._order()))


class Generous(Ideal):
    """Covers everything."""

    def _covered(self, pair: Pair, source: Name, asked: set[Any]) -> bool:
        return True


class Zealous(Ideal):
    """Creates back although nobody agreed on it."""

    def _creations(self, pair: Pair) -> bool:
        wrote = super()._creations(pair)
        for target in self._untied(pair, "target"):
            wrote |= self._create(pair, target)
        return wrote


SPOILT: list[tuple[type[Ideal], str, str, dict[str, str]]] = [
    (Forgetful, "plain", "in-sync", {}),
    (Inventive, "plain", "no-invention", {}),
    (Twice, "plain", "one-to-one", {"create": "source"}),
    (Twice, "bare", "one-to-one", {"create": "source"}),
    (Zealous, "plain", "one-to-one", {"create": "source"}),
    (Idle, "plain", "linked", {}),
    (Generous, "rules", "linked", {}),
    (Faithful, "plain", "deletions", {"deletions": "propagate"}),
    (Faithful, "bare", "deletions", {"deletions": "propagate"}),
    (Reaper, "plain", "deletions", {}),
    (Echoing, "plain", "quiet", {}),
    (Restless, "plain", "quiet", {}),
    (Wasteful, "plain", "economical", {}),
    (Contrary, "plain", "latest-wins", {"conflicts": "source-wins"}),
    (Contrary, "plain", "latest-wins", {"conflicts": "target-wins"}),
    (Contrary, "plain", "latest-wins", {"conflicts": "latest-wins"}),
    (Jealous, "plain", "no-lost-edit", {"conflicts": "latest-wins"}),
    (Careless, "plain", "untouched", {}),
    (Aloof, "merge", "merged", {"create": "source"}),
    (Matchmaker, "merge", "merged", {"create": "source"}),
    (Necromancer, "plain", "for-life", {"deletions": "propagate", "create": "source"}),
    (Literal, "references", "references", {}),
    (Hasty, "references", "references", {}),
]


def play(spoilt: type[Ideal], kind: str, seed: int, agreed: dict[str, str]) -> Chronicle | None:
    """Play one history, if the policies drawn are the wanted ones."""
    choose = chance(seed)
    setting = settings()[kind](choose)
    policies = setting.dataflow.policies
    if any(getattr(policies, name) != choice for name, choice in agreed.items()):
        return None
    ops = history(choose, setting, choose.randrange(8, 30))
    return Stage(setting, make=spoilt).play(ops)


@pytest.mark.parametrize(("spoilt", "kind", "law", "agreed"), SPOILT)
def test_a_spoilt_connector_is_caught_by_its_law(
    spoilt: type[Ideal], kind: str, law: str, agreed: dict[str, str]
) -> None:
    blamed: Counter[str] = Counter()
    for seed in range(100_000):
        chronicle = play(spoilt, kind, seed, agreed)
        if chronicle is None:
            continue
        blamed["played"] += 1
        if chronicle.violations:
            blamed[chronicle.violations[0].law] += 1
        if blamed["played"] >= TRIES or blamed[law] >= 5:
            break
    assert blamed[law] >= 1, blamed
    others = sum(blamed.values()) - blamed["played"] - blamed[law]
    assert others <= blamed[law], blamed


def test_the_same_connector_unspoilt_is_not_caught() -> None:
    for kind in ("plain", "merge", "references", "rules", "bare"):
        for seed in range(15):
            chronicle = play(Ideal, kind, seed, {})
            assert chronicle is not None
            assert chronicle.violations == []
