"""The proof of the suite, as a page for people. Rule: figures come in, Markdown goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from tallystick.report.proof_figures import Found, ProofLine, figures, within
from tallystick.vocabulary.laws import LAWS

__all__ = ["Found", "ProofLine", "proof_line", "proof_page", "proof_summary"]

_INTRODUCTION = """\
# Proof

Each faulty connector is a small change to the reference, with the law that must catch it. A search
tries random scripts until one brings something to light. It counts as caught only where the
declared law is among those that this script shows broken; a connector that breaks off (law `runs`)
counts as caught only if that is what it declares. Seconds are the processor's, drawing the scripts
included, shortening not.
"""
_ALONE = """\
*Alone* are those that no other law may see: with their law switched off, nothing is said of them in
the same scripts. Each law has at least one.
"""
_CLASSES = """\
What is known of failing connectors, from public issue trackers and from the literature on
synchronizers, and which of the faulty connectors stand for it.
"""
_LEFT_OUT = """\
These happen in the field, but the contract between connector and systems rules them out, so that no
connector can be held to them here.
"""


def proof_page(
    lines: Sequence[ProofLine],
    *,
    command: str,
    classes: Mapping[str, Sequence[str]],
    left_out: Mapping[str, str],
) -> str:
    """Give the whole page, in Markdown.

    `command` is what wrote it; `classes` names for each class of failure the faulty connectors that
    stand for it, `left_out` says of those that cannot occur what rules them out.
    """
    parts: tuple[Iterable[str], ...] = (
        (_INTRODUCTION, f"Written by `{command}`."),
        _section("Figures", _figures(lines)),
        _section("Law by law", _by_law(lines)),
        _section("Fault by fault", _by_fault(lines)),
        _section("What they stand for", (_CLASSES, *_classes(classes))),
        _section("Left out, and why", (_LEFT_OUT, *_left_out(left_out))),
    )
    return "\n".join(chain.from_iterable(parts)).rstrip() + "\n"


def proof_summary(lines: Sequence[ProofLine]) -> str:
    """Give the figures, for a terminal."""
    rows = [(name, here, bar and f"({bar})") for name, here, bar in figures(lines)]
    rows += [(f"caught within {limit:g} s", str(n), "") for limit, n in within(lines).items()]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "\n".join(f"{a:{widths[0]}}  {b:{widths[1]}}  {c}".rstrip() for a, b, c in rows)


def proof_line(line: ProofLine) -> str:
    """Give one faulty connector, for a terminal."""
    others = [f"{n} {what}" for what, n in line.outcomes.items() if what != "caught"]
    if line.outcomes["other-law"]:
        laws = (f"{law} {n}" for law, n in line.laws.most_common())
        others.append(f"said: {', '.join(laws)}")
    if line.alone:
        others.append(f"declared alone, but {', '.join(line.alone)} sees it")
    return (
        f"{'✓' if line.is_proved else '✗'} {line.name:34} {line.law:14}"
        f" {line.caught}/{len(line.found)} {line.scripts:4g} scripts {line.seconds:6.2f} s"
        f" {', '.join(others)}"
    ).rstrip()


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", f"## {title}", "", *lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _figures(lines: Sequence[ProofLine]) -> Iterator[str]:
    yield from _table(("", "here", "to reach"), figures(lines))
    yield ""
    times = within(lines)
    heads = (f"{limit:g} s" for limit in times)
    yield from _table(
        ("median time at most", *heads), [("faulty connectors", *map(str, times.values()))]
    )


def _by_law(lines: Sequence[ProofLine]) -> Iterator[str]:
    rows = []
    for law, meaning in LAWS.items():
        own = [line for line in lines if line.law == law]
        alone = [line.name for line in own if line.alone == ()]
        others = [line.name for line in lines if line.law != law and law in line.laws]
        if own or others:
            caught = [line.name for line in own if line.caught]
            rows.append((f"**{law}**: {meaning}", _names(caught), _names(alone), str(len(others))))
    head = ("law", "caught by it", "of them alone", "others that it sees as well")
    yield from _table(head, rows)


def _by_fault(lines: Sequence[ProofLine]) -> Iterator[str]:
    yield _ALONE
    head = (
        *("faulty connector", "weather", "declared", "caught", "said by the first failing script"),
        *("broke off", "missed", "scripts (most)", "seconds (most)", "steps", "alone"),
    )
    yield from _table(head, map(_fault, lines))


def _fault(line: ProofLine) -> tuple[str, ...]:
    most_scripts = max(found.scripts for found in line.counted)
    most_seconds = max(found.seconds for found in line.counted)
    return (
        f"**{line.name}**: {_text(line.story)}",
        line.weather,
        line.law,
        f"{line.caught} of {len(line.found)}",
        ", ".join(f"{law} {n}" for law, n in line.laws.most_common()),
        str(line.outcomes["broke"] or ""),
        str(line.outcomes["missed"] or ""),
        f"{line.scripts:g} ({most_scripts})",
        f"{line.seconds:.2f} ({most_seconds:.2f})",
        "" if line.steps is None else str(line.steps),
        _alone(line),
    )


def _alone(line: ProofLine) -> str:
    if line.alone is None:
        return ""
    return f"no: {_names(line.alone)}" if line.alone else "yes"


def _classes(classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from _table(
        ("failure", "faulty connectors"),
        ((_text(name), _names(stand)) for name, stand in classes.items() if stand),
    )
    gaps = [name for name, stand in classes.items() if not stand]
    if gaps:
        yield from ("", "Nothing stands for these yet:", "")
        yield from (f"- {_text(name)}" for name in gaps)


def _left_out(left_out: Mapping[str, str]) -> Iterator[str]:
    yield from _table(
        ("failure", "what rules it out"),
        ((_text(name), _text(reason)) for name, reason in left_out.items()),
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _text(text: str) -> str:
    """Give words that Markdown shows as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
