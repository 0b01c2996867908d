"""A failed scenario as the data that all reports share. Rule: told once, shown everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tallystick.laws.explain import name_record, violation_words
from tallystick.laws.verdict import Violation
from tallystick.report.plain import short_file
from tallystick.report.scenario import feature_text
from tallystick.report.story import failure_story, told_script
from tallystick.results.events import Failure
from tallystick.results.situations import situations_of
from tallystick.results.taking import PlayedScenario
from tallystick.vocabulary.script import Script, UseChecklist
from tallystick.vocabulary.script_json import script_to_json
from tallystick.vocabulary.sentences import Names

__all__ = ["failure_of", "rooted_script", "told_gherkin", "told_violations"]


def told_violations(told: PlayedScenario) -> tuple[Violation, ...]:
    """Give the violations that a failure's story tells, the first of them in full."""
    found: tuple[Violation, ...] = (told.failure or told).violations
    return found


def rooted_script(told: PlayedScenario) -> Script:
    """Give the script that reproduces a failure from any folder."""
    return tuple(_rooted(step) for step in told_script(told))


def _rooted(step: Any) -> Any:
    """Give a step that names files so that it can be played from any folder."""
    if not isinstance(step, UseChecklist):
        return step
    named = {"checklist": step.checklist, "agreement": step.agreement, "back": step.back}
    return replace(
        step,
        **{
            name: str(Path(file).resolve()) if Path(file).is_file() else file
            for name, file in named.items()
        },
    )


def failure_of(
    told: PlayedScenario,
    checks: tuple[str, ...],
    *,
    seed: int | None = None,
    reproduce: str = "",
    files: Mapping[str, str] | None = None,
) -> Failure:
    """Give the data of a scenario in which these checks failed, the one that is told first.

    `files` are the files saved of it, by kind; `reproduce` is the command that plays it again.
    """
    violations = told_violations(told)
    first, theirs = violations[0], told.dataflow
    words, names = violation_words(first, theirs), Names.of(theirs)
    script = rooted_script(told)
    pair = next((pair for pair in theirs.pairs if pair.number == first.pair), None)
    row = pair.rows[first.row] if pair is not None and 0 <= first.row < len(pair.rows) else None
    return Failure(
        check=checks[0],
        checks=checks,
        scenario=told.scenario.name,
        feature=short_file(told.feature.file),
        line=told.line.line if told.line is not None else told.scenario.line,
        law=first.law,
        anomaly=first.anomaly,
        sentence=words.sentence,
        story=failure_story(told),
        script=tuple(script_to_json(script)),
        gherkin=told_gherkin(told, script),
        situation=first.situation,
        situations=situations_of(script),
        pair=pair.name if pair is not None else "",
        row=str(row) if row is not None else "",
        direction=first.direction or "",
        agreed_file=short_file(first.origin.file) if first.origin.file else "",
        agreed_line=first.origin.line,
        records=tuple(name_record(record, names) for record in first.records),
        expected=words.expected,
        found=words.found,
        seed=getattr(told.failure, "seed", seed),
        reproduce=reproduce,
        files=files or {},
    )


def told_gherkin(told: PlayedScenario, script: Script) -> str:
    """Give a failure as a feature that runs as it stands; its text is valid UTF-8."""
    return feature_text(
        script,
        told.dataflow,
        feature=f"A failure of the law {told_violations(told)[0].law!r}",
        scenario=told.scenario.name,
        comments=[f"Saved by tallystick run from {short_file(told.feature.file)}"],
    )
