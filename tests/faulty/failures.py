"""How connectors are known to fail, and which faulty ones stand for it.

`KNOWN` gives for each class of failure the `failure` that faulty connectors of the catalogue name;
a class without any is a gap. `OVER_SOCKETS` gives those that are played apart, `LEFT_OUT` those
that the contract rules out, and by what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["KNOWN", "LEFT_OUT", "OVER_SOCKETS"]

KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    # met in many trackers
    "times without zone in the filter or in a value": (
        "naive time zone",
        "offset of a time ignored",
    ),
    "a create whose answer was lost is sent again": ("duplicate after an ambiguous create",),
    "one event handled twice": ("the same event handled twice",),
    "the connector's own write comes back as an edit": ("echo",),
    "records that share a second are skipped": ("ties in one second", "strict > at ties"),
    "only the first page is read": ("only the first page", "off by one in paging"),
    "one record that is refused stops or delays the others": (
        "one poison record stops the run",
        "one bad item fails the batch",
        "a refusal holds up the other direction",
    ),
    "what is refused for good is sent again for ever": ("permanent failures retried for ever",),
    "records are skipped and nothing says so": (
        "silent skip",
        "lines dropped",
        "duplicates told by what they hold",
        "a key property taken for unique",
    ),
    "texts are cut to the shorter field": ("field length",),
    "telephone numbers are reformatted": ("phone formats",),
    "amounts are rounded": ("amounts rounded to two decimals",),
    "net taken for gross": ("net taken for gross",),
    "orders without customer": ("guest orders, customer null",),
    "capitals in addresses and article numbers": ("e-mail case", "e-mail normalised"),
    "a second order makes a second customer": ("repeat orders duplicate the contact",),
    "an order comes before its customer or article": (
        "order before its customer or product",
        "an order is not completed when its customer comes",
    ),
    "an article that an order refers to is deleted": ("cascading delete",),
    "two workers do the same thing": ("two workers import the same thing",),
    "being told to wait is taken for a final no": ("429 or 503 treated as final",),
    "being told to wait is ignored, or not understood": (
        "Retry-After ignored",
        "Retry-After in the wrong unit",
        "Retry-After cut short",
        "rate limit taken for one request's",
        "endless retry",
    ),
    "a status that is not known": ("unknown status mapped to a default",),
    "a write wipes what it does not carry": (
        "PUT wipes what it doesn't send",
        "PATCH sends all, the unlisted as null",
        "PATCH sends all, as it was read",
        "nested objects replaced whole",
        "nested lists rewritten",
    ),
    "empty, null and missing are confused": (
        '"" and null confused',
        "a cleared field stays",
        "a missing field wipes a filled one",
        "unexpected value breaks the run",
    ),
    "later changes of an order's lines are ignored": (
        "later changes of an order's lines ignored",
        "an omitted line stays",
    ),
    "an edit between reading and writing is lost": (
        "read-then-write lost update",
        "412 answered by force",
    ),
    "records that are in both systems already are created again": (
        "wrong matching at the first sync, duplicate catalogue",
        "matching on empty values",
        "no comparison after matching",
        "a value not quoted in a URL",
    ),
    # met now and then
    "records move between pages while they are read": ("records move between pages",),
    "the cursor is saved before the work is done": (
        "cursor saved before the work",
        "side effect before commit",
    ),
    "the cursor is stuck": (
        "cursor stuck",
        "next link kept instead of the delta link",
    ),
    "two edits within the precision of a time": ("a change without a new timestamp",),
    "what is known is not looked at again": (
        "changes after import not reflected",
        "an edit that calls for a record is overlooked",
        "a condition that is met later is overlooked",
    ),
    "edits soon after the connector's own write are dropped": (
        "a time window as echo filter",
        "an edit taken for one's own write",
    ),
    "a conflict of keys is not taken as the link that it shows": ("409 not adopted as the link",),
    "the key property is edited": ("e-mail or SKU changed while used as key",),
    "two properties or addresses are mixed up": ("two properties mixed up",),
    "country codes are not known": ("country codes",),
    "currencies are dropped or replaced": ("currency replaced by the default",),
    "currencies with none or three decimals": ("currencies without decimals",),
    "0 and false are taken for missing": ("0 treated as missing", "false treated as missing"),
    "leading zeros are lost": ("leading zeros lost",),
    "blanks are lost or ignored": ("blanks around a SKU", "white space normalised"),
    "characters outside the basic plane": ("4-byte characters",),
    "markup is escaped once too often": ("HTML encoded twice",),
    "long numbers lose digits": ("numbers beyond 2^53",),
    "order lines are matched by article": (
        "order lines matched by product",
        "a line's product mixed up",
    ),
    "a deletion takes others with it": ("deleting one child deletes its siblings",),
    "media and tags pile up": ("lists that only grow",),
    "what was deleted comes back": ("resurrection of a deleted record", "tombstone forgotten"),
    "a deletion is not passed on": (
        "delete not propagated",
        "delete against edit",
        "soft delete where a delete was agreed",
        "deletion policy not followed",
    ),
    "an empty or shortened listing deletes everything": (
        "mass delete from a partial or empty listing",
    ),
    "writes to a record whose counterpart is gone": (
        "writes to a record whose link has ended",
        "writes to a record as its link ends",
    ),
    "the process dies between the write and the link": (
        "crash between the write and the link",
        "create forgotten after a crash",
    ),
    "records in the wrong stage, or excluded ones, are synchronized": (
        "wrong-stage records (drafts, failed, trash)",
        "records imported that nothing refers to",
        "link follows its condition",
    ),
    "an expired link is not recovered from": ("expired delta link",),
    "a resync that never comes to its end": ("a resync that starts at zero each time",),
    "goes on asking after being locked out": ("token lock-out: goes on after 401",),
    "a lock outlives its process": ("stale lock",),
    "secrets and people's data in logs": ("secrets in logs", "people's data in logs"),
    "a token or data go where they do not belong": (
        "token sent to a stranger",
        "tenant mix-up",
        "personal data in technical keys",
        "more data sent than agreed",
        "personal data in look-ups",
    ),
    "an automatic blank overwrites what somebody entered": (
        "a blank automatic value overwrites a manual one",
        "a cleared property refilled by a default",
        "a cleared property refilled",
    ),
    "two customers become one": ("duplicate or wrongly merged customer", "wrongly merged customer"),
    # met rarely
    "a status is written back before its time": ("premature status write-back",),
    "daylight saving": (
        "daylight saving: an hour off in summer",
        "daylight saving: an hour that comes twice",
    ),
    "an edit is seen where there was none": ("touch counted as edit",),
    "canonical forms of characters": ("NFC/NFD normalisation",),
    "the clocks of the systems differ": ("the time of one system compared with the other's",),
    "an idempotency key is used for another record": ("an idempotency key reused",),
    "the link table is restored from an older copy": ("link table restored from an older backup",),
    # from the literature on synchronizers
    "the base is old after a write": ("stale base after a push",),
    "the cursor is set to now, or rounded up": (
        "cursor set to now instead of what was seen",
        "rounded-up cursor",
    ),
    "values change places between the records of a batch": (
        "values swap between records of a batch",
    ),
    "links are known in one direction only": ("one-way link map, the way back creates",),
    "the direction is swapped, or one side ignored": (
        "direction swapped",
        "one-way sync where two-way was promised",
        "one property not mapped in one direction",
        "one nested property not mapped in one direction",
        "one side always overwrites",
    ),
    "a conflict is resolved on one side only": ("conflict resolved on one side only",),
    "each side takes the other's value": ("flip-flop: each side prefers the other",),
    "the winner of a conflict is not the agreed one": (
        "conflict policy not followed",
        "times compared the wrong way round",
    ),
    "two versions are merged without what they had in common": (
        "two-way merge without a base",
        "last writer by record, not by property",
    ),
    "lines are appended, or merged by position": (
        "lines appended instead of replaced",
        "lines merged by the wrong position",
        "order of lines lost",
        "order of a list lost",
        "only the first element of a list",
        "the wrong element of a list",
    ),
    "a failed write is taken for made": ('error swallowed, "synced" reported',),
    "a record created and deleted between two syncs leaves a ghost": (
        "create and delete within one window leave a ghost",
    ),
    "a deleted record and a new one like it are taken for one": (
        "delete and re-create taken for one record",
    ),
    "a record is deleted and created instead of updated": (
        "deleted and created instead of updated",
    ),
    "an error amid the pages is taken for their end": (
        "an error amid the pages taken for their end",
    ),
    "a narrower filter is read as deletions": ("narrowed filter read as deletions",),
    "the state file is torn": ("torn state file",),
    "gives up and never heals": (
        "permanently failed, never healed",
        "gives up after the first error and never heals",
    ),
    "decimal comma": ("decimal comma: 13.337 becomes 13337",),
    "units of measure": ("unit factors",),
    "references are written as they are, or left out": ("a foreign key written as it is",),
    "what nobody listed is written": (
        "an unlisted property written",
        "an unmapped property carried along",
    ),
    "more writes or requests than needed": (
        "a write for each property",
        "create, then complete",
        "idle writes",
        "quota spent on polling",
    ),
}
"""Every known class of failure that can occur here; the same `failure` stands in one class only."""

OVER_SOCKETS: Final[Mapping[str, tuple[str, ...]]] = {
    "a webhook that comes twice or never, or is not believed": (
        "never-looks (over sockets)",
        "each-message-creates (over sockets)",
        "other-signature (over sockets)",
    ),
}
"""Classes for which the connectors of `told` stand: there are no webhooks in process."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "an old webhook that overwrites what a newer one brought": (
        "A webhook says which record has changed, and nothing of what it holds."
    ),
    "a record becomes visible late, behind the cursor": (
        "A listing that is answered at all is the truth, or one that the system could have given"
        " earlier in this world; a later one shows what that withheld, and one clock that never"
        " runs backwards gives all times."
    ),
    "a search index lags behind a create": (
        "Look-ups by key, by property and by external reference are never wrong, not even in"
        " trouble."
    ),
    "errors of single records inside an answer 200": (
        "A write is about one record, and its status is the record's: there are no batches."
    ),
    "keys that are given again after a reinstallation": "Keys are never used again.",
    "times of a day's or a minute's precision": (
        "The shop's times are in whole seconds, the ERP's in milliseconds."
    ),
    "a filter by the time of creation": (
        "Listings are filtered by the time of the last change, and by nothing else."
    ),
    "unsorted pages read with the newest time as cursor": (
        "The shop lists by time of change, then by key."
    ),
    "a page beyond the last repeats the last one": "A page beyond the last is empty.",
    "the same page under a new link": (
        "A full read ends with a link for changes; links lead on and can be followed again."
    ),
    "lines in lines, lines with keys of their own": (
        "Lists do not nest, and their elements belong together by position."
    ),
    "a record is not accepted as it was served": (
        "A system never holds what it would refuse, and people's edits satisfy its schema."
    ),
    "an ETag that is missing or in the wrong place": (
        "Each of the ERP's records carries its ETag in one place, to be sent back as it was served."
    ),
    "records that people merge": (
        "People create, edit and delete records; neither system merges two of its own."
    ),
    "archived records and drafts of records": (
        "A record is there or has been deleted; there is no third state."
    ),
    "tokens that expire, and workers that refresh them": (
        "Each system has one token, given at the start, for as long as the world lasts."
    ),
    "two processes of one connector at a time": "There are never two at once.",
    "a copy of a test installation that writes to the real one": (
        "There are two systems, and their addresses come from the environment of the process."
    ),
    "several shops in one ERP whose keys collide": (
        "There is one source and one target, each with one token."
    ),
    "a system that shows one tenant another's records": (
        "What a system answers to the right token is the connector's to know."
    ),
    "a property that is mapped later and not filled in": (
        "What was agreed does not change within a world."
    ),
    "a side that is read only": (
        "Each listed property is kept in sync wherever it is edited; only a record's own key is"
        " read only."
    ),
}
"""Classes of failure that the contract rules out, each with the rule in question."""
