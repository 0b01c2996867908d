"""Writes checklists for tests, in the dialect, from a compact form."""

from __future__ import annotations

from tallystick.checklist import Document, read_document

A, B = "Shopco Order", "Booksy Invoice"
ALWAYS = "Every {a} will be synchronized with a {b}."
LINK = (
    "Before any synchronization can take place, a link between a {a} and a {b} must be established."
)
PROSE = "When the order is paid, it  will be synchronized with a {b}."
CONNECTED = "A new {b} will be created from a {a} if it is connected to a {to} that is synchronized into {into}."
NO_MATCH = (
    "If a matching {b} already exists, the {a} will be merged with the existing one.\n"
    "If no matching {b} is found, a new {b} will be created."
)
MERGE = "A {a} will merge with a {b} if one of the following property combinations match:"
IN_SYNC = (
    "Once a link between a {a} and a {b} is established, it will keep in sync"
    " between the two systems, regardless of where it is edited."
)
PROPERTIES = "The following properties are synchronized between a {a} and a {b}:"


def table(*rows: tuple[str, ...]) -> str:
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for cells in rows:
        lines += [f"   {'  -' if n else '* -'} {cell}" for n, cell in enumerate(cells)]
    return "\n".join(lines)


def section(
    *,
    a: str = A,
    b: str = B,
    heading: str = "",
    target: str = "Booksy",
    lead: str = ALWAYS,
    more: tuple[str, ...] = (),
    merge: tuple[tuple[str, str], ...] | None = None,
    rows: tuple[tuple[str, ...], ...] = (),
    end: tuple[str, ...] = (IN_SYNC, PROPERTIES),
    columns: bool = True,
    to: str = "",
) -> str:
    heading = heading or f"{a} to {b}"
    parts = [f"{heading}\n{'-' * len(heading)}", lead, *more]
    if merge is not None:
        parts += [MERGE, table((f"{a} Property", f"{b} Property"), *merge)]
    parts += end
    if columns:
        parts.append(
            table((f"{a} Property", f"{b} Property", f"{target} Data Type".strip()), *rows)
        )
    text = "\n\n".join(part for part in parts if part)
    return text.replace("{a}", a).replace("{b}", b).replace("{to}", to).replace("{into}", target)


def paper(
    *sections: str,
    source: str = "Shopco",
    target: str = "Booksy",
    intro: str = "Introduction\n------------\n\nFor people.",
    title: str | None = None,
) -> str:
    words = f"{source} to {target} Dataflow" if title is None else title
    rule = "=" * len(words)
    front = [f"{rule}\n{words}\n{rule}", "Generated: 2024-05-01 03:15:00", intro]
    return "\n\n".join([part for part in front if part] + list(sections)) + "\n"


def read(*sections: str, **front: str) -> Document:
    return read_document(paper(*sections, **front), file="doc.rst")


def codes(document: Document) -> list[str]:
    return [one.code for one in document.findings]


def line_of(text: str, words: str) -> int:
    """Give the line on which `words` stands first."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if words in line)
