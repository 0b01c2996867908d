"""What each breach of a law is called, and what each law means, for people. Rule: two tables.

`WORDS` has one sentence for every anomaly that a law can name, `LAW_WORDS` four short texts for
every law. Nothing is judged here, and nothing that a violation does not say is added.

Parts of a sentence in braces are filled by `tallystick.laws.explain`: `owner` is the record in
`system` (the side that the edit should have reached), named after its counterpart where people
gave it no name itself, `property` its property, `opposite` the
property on the other side, in `other_system`; `first` and `second` are the violation's records by
name, `source` and `target` the ones on either side; `elsewhere` is the system in which `first` is
not; `expected`, `found` and `note` are the violation's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["LAW_WORDS", "REFERENCE_WORDS", "WORDS", "LawWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawWords:
    """A law for people: what it means, why it matters, what usually breaks it, where to look."""

    means: str
    matters: str
    causes: str
    look: str


_NOT_ARRIVED: Final = (
    "The {property} of {owner} should be {expected}, as entered in {other_system}, but is {found}."
)
_UNRESOLVED: Final = (
    "After edits on both sides the two records still disagree: the {property} of {owner} is"
    " {found}, the {opposite} in {other_system} is {expected}."
)
_DRIFTED: Final = (
    "The {property} of {owner} no longer agrees with the {opposite} in {other_system}:"
    " it should be {expected}, but is {found}."
)

WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("linked", "missing"): "{first} has no counterpart in {elsewhere}, and should have one.",
    ("linked", "uncovered"): (
        "{target} was made for {source}, which should have no counterpart: no rule covers it."
    ),
    ("linked", "overwritten"): (
        "The connector changed {first}, which is linked with nothing and which nothing matches."
    ),
    ("linked", "then-counterparts"): (
        "The number of counterparts should be {expected}, but is {found}."
    ),
    ("linked", "then-gone"): "There should be a record for {expected} here, but there is none.",
    ("one-to-one", "second"): (
        "{second} already had a counterpart, and the connector created {first} for it as well."
    ),
    ("one-to-one", "unasked"): "The connector created {first}, and nobody had asked for it.",
    ("one-to-one", "then-records"): (
        "The number of {note} records should be {expected}, but is {found}."
    ),
    ("in-sync", "not-arrived"): _NOT_ARRIVED,
    ("in-sync", "drifted"): _DRIFTED,
    ("in-sync", "conflict-unresolved"): _UNRESOLVED,
    ("in-sync", "then-value"): "The {note} of {owner} should be {expected}, but is {found}.",
    ("latest-wins", "wrong-winner"): (
        "Both sides had been edited, and the wrong edit won: the {property} of {owner} should be"
        " {expected}, as edited in {other_system}, but is {found}. {policy}"
    ),
    ("no-lost-edit", "undone"): (
        "An edit was lost: the {property} of {owner} should be {expected}, but is {found}."
    ),
    ("no-lost-edit", "both-undone"): (
        "Both sides had been edited, and neither edit stands: the {property} of {owner} should be"
        " {expected}, but is {found}."
    ),
    ("no-invention", "invented"): (
        "The connector wrote {found} as the {property} of {owner}, a value that nobody had entered"
        " on either side."
    ),
    ("untouched", "unlisted-property"): (
        "The {note} of {owner} is not in the list of synchronized properties and should still be"
        " {expected}, but the connector made it {found}."
    ),
    ("untouched", "unlisted-type"): (
        "The connector changed {first}, whose type is not synchronized at all."
    ),
    ("for-life", "moved"): (
        "The counterpart of {second} is gone, and the connector made another in its place: {first}."
    ),
    ("for-life", "came-back"): (
        "The connector created {first} for {second}, although one of that link's two records had"
        " been deleted: what was deleted came back."
    ),
    ("merged", "created-instead"): (
        "{second} should have been linked with the record that matches it, but the connector"
        " created {first} beside it."
    ),
    ("merged", "wrong-match"): (
        "{second} was linked with {first}, although the rule for merging names another record."
    ),
    ("merged", "no-match"): (
        "The connector treated {first} as the counterpart of {second}, although the rule for"
        " merging does not match them."
    ),
    ("references", "not-arrived"): (
        "The {property} of {owner} should be the key of the counterpart of what the {opposite} in"
        " {other_system} names ({expected}), but is {found}."
    ),
    ("references", "drifted"): (
        "The {property} of {owner} no longer leads to the counterpart of what the {opposite} in"
        " {other_system} names: there it is {expected}, here {found}."
    ),
    ("references", "conflict-unresolved"): (
        "After edits on both sides the {property} of {owner} is {found}, which is not the"
        " counterpart of what the {opposite} in {other_system} names, {expected}."
    ),
    ("references", "created-first"): (
        "{first} was created without the key of a record that it refers to and that was there"
        " already; the key came only with a later write."
    ),
    ("deletions", "not-deleted"): (
        "{second} was deleted, and its counterpart {first} should have been deleted as well, but is"
        " still there."
    ),
    ("deletions", "not-detached"): (
        "{second} was deleted, and its counterpart {first} should have stayed, but was deleted too."
    ),
    ("deletions", "written-after-detach"): (
        "{second} was deleted, which ended the link, and still the connector changed {first}."
    ),
    ("deletions", "stray"): (
        "The connector deleted {first}, which is linked with nothing, and nobody had asked for it."
    ),
    ("deletions", "unasked"): "The connector deleted {first}, and nobody had deleted {second}.",
    ("quiet", "idle-write"): (
        "The connector wrote to {owner} in a sync before which nobody had edited anything."
    ),
    ("quiet", "vain-write"): (
        "The connector wrote to {owner} what already stood there: a write that changes nothing."
    ),
    ("economical", "too-many-writes"): (
        "The connector wrote to {owner} {found} times; the edits that people had made call for"
        " {expected} at most."
    ),
    ("economical", "then-writes"): (
        "The connector should have made {expected} writes in this sync, but made {found}."
    ),
    ("polite", "did-not-wait"): (
        "{system} had asked the connector to wait (Retry-After), and it did not wait."
    ),
    ("polite", "goes-on-after-401"): (
        "{system} had refused the connector's token (401), and it went on asking."
    ),
    ("polite", "too-many-attempts"): (
        "The connector sent one request to {system} more than {expected} times in one sync,"
        " although it failed each time."
    ),
    ("polite", "refused-again"): (
        "{system} refused a write (422), and the connector sent it more than {expected} times in"
        " one sync, although nobody had edited anything meanwhile."
    ),
    ("polite", "too-many-retries"): (
        "The connector repeated failed requests more than {expected} times in one sync, the last"
        " one to {system}."
    ),
    ("polite", "busy-when-idle"): (
        "With nothing to do the connector made {found} requests in one sync; {expected} are enough."
    ),
    ("discreet", "token-to-stranger"): (
        "A token was sent to {note}, which is neither of the two systems."
    ),
    ("discreet", "token-to-other-system"): ("The token for {other_system} was sent to {system}."),
    ("discreet", "data-in-look-up"): (
        "The connector looked records up in {system} by their {note}, by which no rule merges:"
        " people's data stood in the URL."
    ),
    ("discreet", "unlisted-sent"): (
        "The connector created a record in {system} with {note}, which is not in the list of"
        " synchronized properties."
    ),
    ("discreet", "data-in-reference"): (
        "The technical key {note} that the connector sent to {system} gives people's data away."
    ),
    ("discreet", "token-printed"): "The connector printed a token: {note}",
    ("discreet", "data-printed"): "The connector printed people's data: {note}",
    ("runs", "crashed"): "The connector broke during a sync: {note}",
    ("runs", "gave-up"): (
        "The connector gave up five times in a row, though nothing stood in its way: {note}"
    ),
}
"""One sentence for each (law, anomaly)."""

REFERENCE_WORDS: Final[Mapping[str, str]] = {
    anomaly: sentence for (law, anomaly), sentence in WORDS.items() if law == "references"
}
"""What is said instead where a property holds the key of another record, whatever the law."""

LAW_WORDS: Final[Mapping[str, LawWords]] = {
    "linked": LawWords(
        means="Every record that a sentence of the checklist covers has a counterpart in the other"
        " system after the next sync, and a record that no sentence covers has none.",
        matters="A record without a counterpart is an order that nobody ships, or an invoice that"
        " nobody writes; one too many is work for somebody who has to find out why.",
        causes="A page of a listing that is skipped, a creation that was refused (422) and never"
        " tried again, a time filter that leaves out records of the same second, a condition that"
        " is read the wrong way round.",
        look="Did the connector read the record (a GET that lists it), and did it send a POST?"
        " If it did, what was the answer?",
    ),
    "one-to-one": LawWords(
        means="A record has at most one counterpart for each line of the checklist, no counterpart"
        " is shared, and nothing is created that nobody asked for.",
        matters="Duplicates are the defect that users notice first and trust last: customers with"
        " two accounts, orders that are shipped twice.",
        causes="A creation whose answer was lost and that is sent again without its idempotency key"
        " or external reference; links kept in memory; two names for one key.",
        look="Compare the POST requests: which of them made the second record, and what did the"
        " connector know at that moment?",
    ),
    "in-sync": LawWords(
        means="After a sync every listed property of two linked records agrees, as its data type"
        " says, whichever side it was edited on.",
        matters="It is what the checklist promises, property by property.",
        causes="A property that is missing from the mapping in one direction, a conversion that is"
        " wrong in one direction, an emptied value that is taken for a missing one, list elements"
        " that are mixed up.",
        look="The row of the checklist, and the body of the connector's write: does it hold the"
        " property, and with which value?",
    ),
    "latest-wins": LawWords(
        means="Where both sides edited the same property since the last sync, the agreed winner's"
        " value stands on both. It is judged only where the two systems show who was later.",
        matters="Otherwise people see their own newer edit vanish, and an older one come back.",
        causes="Times compared as text or in different zones, the time of the connector's own write"
        " taken for the time of the edit, one side that simply always wins.",
        look="The two edits with their times, and which of the two the connector read first.",
    ),
    "no-lost-edit": LawWords(
        means="Edits of different properties all survive, on whichever side they were made.",
        matters="A lost edit leaves no trace: nobody is told, and it is found by a customer.",
        causes="Whole records that are written back where one property changed, a stale copy that"
        " is written over a newer one, an ETag that is ignored.",
        look="The write that brought the old value back, and what the connector had read before.",
    ),
    "no-invention": LawWords(
        means="Every value that the connector writes was entered by somebody, or is what the data"
        " type makes of one that was.",
        matters="Defaults, placeholders and half-converted values look like real data afterwards.",
        causes="A default for an empty value, rounding, a text that is cut to length, a value of"
        " another record.",
        look="The body of the write: where does the value come from?",
    ),
    "untouched": LawWords(
        means="Properties that the checklist does not list keep their values, and so do records of"
        " types that it does not list.",
        matters="The other system's own data are nobody else's to change; some of them are only"
        " there.",
        causes="A PUT that sends the mapped properties only and so empties all others, a list that"
        " is replaced whole.",
        look="The body of the write against what was read just before it.",
    ),
    "for-life": LawWords(
        means="A link, once made, never moves to another record, and what was deleted is not"
        " created again.",
        matters="What people delete must stay deleted, and history must stay with its record.",
        causes="Links that are looked up anew each time by e-mail or number, deletions that are not"
        " read, link tables that are rebuilt after a start.",
        look="How does the connector find the counterpart: by what it stored, or by a search?",
    ),
    "merged": LawWords(
        means="A record that matches an existing one by the agreed properties is linked with it and"
        " not created again. Matching is exact, and an empty value matches nothing.",
        matters="It decides whether the first day ends with linked records or with duplicates.",
        causes="A comparison that ignores case or blanks, a search that reads one page only, a"
        " match by the first property where two are agreed.",
        look="The look-up before the creation, and its answer.",
    ),
    "references": LawWords(
        means="A property that holds the key of another record holds the key of that record's"
        " counterpart on the other side, and what is referred to is created first.",
        matters="Otherwise an order belongs to another customer, or to none.",
        causes="Keys that are copied as they are, creations in the order of the listing, references"
        " that are never completed.",
        look="The key in the body of the write, and whether the counterpart was there already.",
    ),
    "deletions": LawWords(
        means="What people delete on one side is deleted on the other, or stays and is left alone"
        " from then on, as agreed. The connector deletes nothing by itself.",
        matters="A deletion too many cannot be taken back.",
        causes="A short or empty listing that is taken for deletions, deletions that are never"
        " read, a deletion that an older edit undoes.",
        look="Does a GET of the record answer 410, or does a listing of changes say it is deleted?",
    ),
    "quiet": LawWords(
        means="Once everything is in sync, another sync writes nothing, and no write leaves a"
        " record as it was.",
        matters="Each write is billed, wakes other integrations, and may come back as a change.",
        causes="The connector's own writes that it takes for people's edits (an echo), values that"
        " differ only in their form (1.10 and 1.1, time zones), records written whole each time.",
        look="What did the connector compare before this write?",
    ),
    "economical": LawWords(
        means="One saved edit costs at most one write for each counterpart, and a new record with"
        " all its properties costs one.",
        matters="Updates are counted and paid for, and systems limit how many they take.",
        causes="One write for each property, a creation that is followed by an update, an update"
        " that is repeated to be safe.",
        look="The writes to the record in this sync: could they have been one?",
    ),
    "polite": LawWords(
        means="The connector waits as long as it is told to, repeats a failed request only so"
        " often, asks little when there is nothing to do, and stops when its token is refused.",
        matters="A connector that hammers is locked out, together with everybody else.",
        causes="Retries without a limit, a Retry-After that is not read, every record read each"
        " time.",
        look="The times of the requests, and the answers with 429, 503 or 401.",
    ),
    "discreet": LawWords(
        means="Each token goes to its own system only, a write holds only what is listed, and"
        " neither tokens nor people's data stand in URLs, technical keys or the connector's log.",
        matters="What is logged or sent elsewhere is out of the customer's hands.",
        causes="Whole requests in the log, one HTTP client for both systems, keys that are built"
        " from an e-mail address, whole records that are passed on.",
        look="The line that was printed, or the request that is shown.",
    ),
    "runs": LawWords(
        means="The connector answers when it is asked to synchronize: it neither breaks nor gives"
        " up again and again while nothing stands in its way.",
        matters="What it leaves undone then is not judged: this comes first.",
        causes="A value that it did not expect, a refused record that stops all the others.",
        look="What the connector said when it gave up, and the last answer that it got.",
    ),
}
"""Every law for people."""
