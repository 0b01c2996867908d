"""What a run plays. Rule: it chooses; others judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tallystick.cli.documents import Documents
from tallystick.derive.features import derive_features
from tallystick.resources import packaged
from tallystick.vocabulary.gherkin import Feature, Scenario, read_feature

__all__ = ["Plan", "planned"]

_LONG = frozenset({"@random", "@slow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The features of a run, in the order in which they are played."""

    features: tuple[Feature, ...]


def planned(documents: Documents, *, by_hand: bool, edits: int) -> Plan:
    """Give the features derived from the documents, and the packaged ones where asked for.

    With no edits there are no random ones, and nothing else that takes long.
    """
    features = [*(_by_hand() if by_hand else ()), *_derived(documents)]
    if not edits:
        features = [_without_long(feature) for feature in features]
    return Plan(features=tuple(features))


def _by_hand() -> Iterator[Feature]:
    for path in sorted(packaged("features").glob("*.feature")):
        yield read_feature(path.read_text(encoding="utf-8"), file=str(path))


def _derived(documents: Documents) -> Iterator[Feature]:
    derived = derive_features(
        documents.dataflow,
        checklist=documents.checklist,
        agreement=documents.agreement,
        back=documents.back,
    )
    for feature in derived:
        yield read_feature(feature.text, file=f"derived/{feature.file_name}")


def _without_long(feature: Feature) -> Feature:
    return replace(feature, scenarios=tuple(s for s in feature.scenarios if not _is_long(s)))


def _is_long(scenario: Scenario) -> bool:
    return not _LONG.isdisjoint(scenario.tags)
