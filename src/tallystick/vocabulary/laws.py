"""The names of the laws, and what each says to QA. Rule: names and words only, no judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["LAWS", "LAW_SENTENCES"]

LAWS: Final[Mapping[str, str]] = {
    "linked": "every record that its rule covers has a counterpart, and no other record has one",
    "one-to-one": "no record has two counterparts, and nothing appears that nobody asked for",
    "in-sync": "linked records agree in every listed property",
    "latest-wins": "where both sides edited the same property, the agreed winner stands on both",
    "no-lost-edit": "no edit is lost",
    "no-invention": "no value appears that nobody wrote",
    "untouched": "what is not listed stays as it was",
    "for-life": "a link never moves to another record, and nothing deleted comes back",
    "merged": "a record that matches an existing one is linked with it and not created again",
    "references": "references point to the counterpart of what they pointed to",
    "deletions": "deletions are treated as agreed",
    "quiet": "once in sync, nothing more is written",
    "economical": "one edit costs at most one write",
    "polite": "the connector waits when told to, and does not hammer",
    "discreet": "nothing is told to whom it does not concern",
    "runs": "the connector neither breaks nor gives up for good",
}
"""Every law, in the order in which a report lists them, with its meaning in one clause."""

LAW_SENTENCES: Final[Mapping[str, str]] = {"": "all laws hold", **LAWS}
"""How a scenario says that a law holds."""
