"""Features derived from a checklist. Rule: the same dataflow gives the same text, byte for byte.

One feature for each entity pair, one Gherkin Rule for each of its sentences and for each policy
that matters, under it the scenarios that put exactly that to the test. What cannot be judged gets
a comment that says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from tallystick.dataflow.model import DEFAULT_POLICIES, Dataflow, Origin, Statement
from tallystick.derive.drafts import Draft, FeatureDraft, RuleDraft
from tallystick.derive.kit import Kit
from tallystick.derive.link_scenes import (
    always_scenes,
    condition_scenes,
    connected_scenes,
    link_scenes,
    merge_scenes,
    no_match_scenes,
)
from tallystick.derive.policy_scenes import POLICY_TITLES, policy_scenes
from tallystick.derive.row_scenes import property_scenes
from tallystick.derive.sync_scenes import in_sync_scenes
from tallystick.vocabulary.script import Explore, UseChecklist
from tallystick.vocabulary.sentences import Names

__all__ = ["DerivedFeature", "derive_features"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFeature:
    """One feature: what its file is called, and its text."""

    file_name: str
    text: str


def derive_features(
    dataflow: Dataflow, *, checklist: str, agreement: str, back: str = ""
) -> tuple[DerivedFeature, ...]:
    """Give the features of a dataflow, in the order of its pairs.

    `checklist`, `agreement` and `back`, the checklist of the opposite direction, are the names by
    which scenarios call them ("" for none).
    """
    names = Names.of(dataflow)
    background = UseChecklist(checklist=checklist, agreement=agreement, back=back)
    return tuple(
        DerivedFeature(
            file_name=f"{pair.number:02}-{_slug(pair.name)}.feature",
            text=_feature(Kit(dataflow=dataflow, pair=pair, names=names), background).text(),
        )
        for pair in dataflow.pairs
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _feature(kit: Kit, background: UseChecklist) -> FeatureDraft:
    pair = kit.pair
    rules = [*_sentence_rules(kit), *_policy_rules(kit)]
    if pair is kit.dataflow.pairs_of("source", pair.source)[0]:  # it draws for the others, too
        rules += _random_rule(kit)
    return FeatureDraft(
        title=f"{kit.names.source} {pair.source} and {kit.names.target} {pair.target}",
        about=(
            "Written by `tallystick derive` from the checklist; do not edit.",
            "Every scenario stands for one line of the checklist, or of what was agreed beside it.",
        ),
        tags=("@tallystick", "@derived", f"@pair-{pair.number}"),
        background=background,
        names=kit.names,
        rules=tuple(rules),
    )


_SCENES: Final[Mapping[str, Callable[[Kit], Iterable[Draft]]]] = {
    "lead-always": always_scenes,
    "lead-condition": condition_scenes,
    "lead-link": link_scenes,
    "connected": connected_scenes,
    "no-match": no_match_scenes,
    "merge": merge_scenes,
    "in-sync": in_sync_scenes,
}


def _sentence_rules(kit: Kit) -> Iterator[RuleDraft]:
    for statement in kit.pair.statements:
        if statement.kind != "properties" and statement.kind not in _SCENES:
            continue
        drafts, notes = _played(kit, statement)
        yield RuleDraft(
            title=" ".join(statement.text.split()),
            origin=_where(statement.origin),
            tags=_line_tag(statement.origin),
            drafts=drafts,
            notes=_notes(kit, statement, drafts, notes),
        )


def _played(kit: Kit, statement: Statement) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Give the scenarios for a sentence, and notes on what they leave out."""
    if statement.kind == "properties":
        return property_scenes(kit)
    return tuple(_SCENES[statement.kind](kit)), ()


def _notes(
    kit: Kit, statement: Statement, drafts: tuple[Draft, ...], notes: tuple[str, ...]
) -> tuple[str, ...]:
    """Say what of a sentence is left out, and why: each thing once."""
    open_ones = [statement.unspecified]
    if statement.kind in ("lead-condition", "connected"):
        open_ones.append(kit.pair.create.unspecified)
    said = [f"Not judged: {' '.join(text.split()).rstrip('.')}." for text in open_ones if text]
    said += notes
    if not drafts and not said:
        why = "" if kit.main else f": nothing that people do is known to link {kit.a_one}"
        said = [f"There is nothing to play here{why}."]
    return tuple(dict.fromkeys(said))


def _where(origin: Origin) -> str:
    place = PurePath(origin.file).name or "the checklist"
    line = f", line {origin.line}" if origin.line else ""
    return f"{'agreed in ' if origin.by == 'agreement' else ''}{place}{line}"


def _line_tag(origin: Origin) -> tuple[str, ...]:
    if not origin.line:
        return ()
    return (f"@{'agreed-' if origin.by == 'agreement' else ''}line-{origin.line}",)


def _policy_rules(kit: Kit) -> Iterator[RuleDraft]:
    policies = kit.dataflow.policies
    for policy in DEFAULT_POLICIES:
        drafts = tuple(policy_scenes(kit, policy))
        if not drafts:
            continue
        choice = getattr(policies, policy)
        title = POLICY_TITLES[policy, choice].format(
            source=kit.names.source, target=kit.names.target
        )
        agreed = policies.agreed.get(policy)
        yield RuleDraft(
            title=f"{'As agreed' if agreed else 'By default'}, {title}",
            origin=_where(agreed) if agreed else f"nobody agreed on {policy}: the default",
            tags=(f"@policy-{policy}", *(_line_tag(agreed) if agreed else ())),
            drafts=drafts,
        )


def _random_rule(kit: Kit) -> Iterator[RuleDraft]:
    yield RuleDraft(
        title="Whatever people do, all of this holds",
        origin="random edits, drawn anew at every run",
        tags=("@random",),
        drafts=(
            kit.scene(
                f"Random edits of {kit.one} records on either side",
                "",
                when=(Explore(type=kit.pair.source),),
            ),
            replace(
                kit.scene(
                    f"Random edits of {kit.one} records in any weather",
                    "",
                    when=(Explore(type=kit.pair.source),),
                ),
                tags=("@slow", "@faults", "@kills", "@races", "@clocks"),
            ),
        ),
    )
