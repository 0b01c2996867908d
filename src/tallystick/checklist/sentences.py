"""The sentence forms of the dialect. Rule: lenient about blanks and case, strict about structure.

`FORMS` is the table. A sentence that fits none of them is not a sentence: the reader reports it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tallystick.checklist.document import Sentence
from tallystick.dataflow.model import StatementKind

__all__ = ["FORMS", "LEADS", "is_half", "read_sentence", "read_sentences"]

LEADS: Final[tuple[StatementKind, ...]] = ("lead-always", "lead-condition", "lead-link")

_MATCHED: Final = (
    r"if a matching (?P<target>.*) already exists, the (?P<source>.+) will be merged"
    r" with the existing one\."
)
_UNMATCHED: Final = (
    r"if no matching (?P<target{0}>.*) is found, a new (?P<created{0}>.*) will be created\."
)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


FORMS: Final[tuple[tuple[StatementKind, re.Pattern[str]], ...]] = (
    (
        "lead-condition",
        _form(r"(?P<prose>.*), it will be synchronized with an? (?P<target>.*)\."),
    ),
    ("lead-always", _form(r"every (?P<source>.+) will be synchronized with an? (?P<target>.*)\.")),
    (
        "lead-link",
        _form(
            r"before any synchronization can take place, a link between an? (?P<source>.+)"
            r" and an? (?P<target>.*) must be established\."
        ),
    ),
    (
        "connected",
        _form(
            r"an? new (?P<target>.*) will be created from an? (?P<source>.+) if it is connected to"
            r" an? (?P<connections>.+) that is synchronized into ?(?P<into>.*)\."
        ),
    ),
    ("no-match", _form(_MATCHED + " " + _UNMATCHED.format("_2"))),
    ("no-match", _form(_MATCHED)),
    ("no-match", _form(_UNMATCHED.format(""))),
    (
        "merge",
        _form(
            r"an? (?P<source>.+) will merge with an? (?P<target>.*) if one of the following"
            r" property combinations match:"
        ),
    ),
    (
        "in-sync",
        _form(
            r"once a link between an? (?P<source>.+) and an? (?P<target>.*) is established, it will"
            r" keep in sync between the two systems, regardless of where it is edited\."
        ),
    ),
    (
        "properties",
        _form(
            r"the following properties are synchronized between an? (?P<source>.+)"
            r" and an? (?P<target>.*):"
        ),
    ),
)
Stranger = tuple[int, int, str]
"""First line, last line and first words of what is no sentence."""

_SEPARATOR: Final = re.compile(r"\s*,\s*(?:or\s+)?", re.IGNORECASE)
_IN_NO_NAME: Final = re.compile(
    r"\b(?:will be synchronized with|is established,|must be established\.)", re.IGNORECASE
)
_IN_NO_PROSE: Final = re.compile(
    r"\bevery .+ will be synchronized with|\b(?:is established,|must be established\.)|^\.\. ",
    re.IGNORECASE,
)
"""What stands in no name and in no condition: two sentences in one line would look so."""

_PARTS: Final = ("source", "target", "prose", "into")


def read_sentence(text: str, line: int, last_line: int) -> Sentence | None:
    """Give the sentence that `text` is, or None where it fits no form."""
    plain = " ".join(text.split())
    for kind, form in FORMS:
        match = form.fullmatch(plain)
        found = match.groupdict(default="") if match else {}
        if match and not any(_is_sentence(name, text) for name, text in found.items()):
            parts = {name: found.get(name, "").strip() for name in _PARTS}
            return Sentence(
                kind=kind,
                line=line,
                last_line=last_line,
                text=plain,
                connections=_connections(found.get("connections", "")),
                **parts,
            )
    return None


def _is_sentence(name: str, text: str) -> bool:
    return bool((_IN_NO_PROSE if name == "prose" else _IN_NO_NAME).search(text))


def read_sentences(text: str, line: int) -> tuple[list[Sentence], list[Stranger]]:
    """Read a paragraph that begins at `line`: a sentence in each line, or one broken into lines.

    Gives the sentences, and what is none.
    """
    rows = text.split("\n")
    sentences: list[Sentence] = []
    strangers: list[Stranger] = []
    for number, row in enumerate(rows, line):
        one = read_sentence(row, number, number)
        if one and one.kind == "lead-condition" and strangers and strangers[-1][1] == number - 1:
            first = strangers.pop()[0]
            said = read_sentence("\n".join(rows[first - line : number - line + 1]), first, number)
            sentences.append(said or one)
        elif one:
            sentences.append(one)
        elif strangers and strangers[-1][1] == number - 1:
            strangers[-1] = (strangers[-1][0], number, strangers[-1][2])
        else:
            strangers.append((number, number, row.strip()))
    if not sentences:
        whole = read_sentence(text, line, line + len(rows) - 1)
        if whole:
            return [whole], []
    return _joined(sentences), strangers


def _joined(sentences: list[Sentence]) -> list[Sentence]:
    """Put the two halves of the no-match rule together where other text broke their paragraph."""
    joined: list[Sentence] = []
    for one in sentences:
        before = joined[-1] if joined else None
        if before and is_half(before) and is_half(one) and before.last_line + 1 == one.line:
            text = f"{before.text} {one.text}"
            joined[-1] = replace(before, last_line=one.last_line, text=text)
        else:
            joined.append(one)
    return joined


def is_half(sentence: Sentence) -> bool:
    """Tell whether only one of the two lines of the no-match rule is there."""
    return sentence.kind == "no-match" and ". if no " not in sentence.text.lower()


def _connections(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _SEPARATOR.split(text.strip())))
