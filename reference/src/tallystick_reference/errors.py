"""What can go wrong, told apart by what the connector may do next.

GaveUp            the sync stops for now; everything is kept, ask again later
|-- Unauthorized  the system does not know the token: no further request to it
`-- Unavailable   this one request got no usable answer; other records may still be handled
Refused           a definite no to one write (422 and its kind): park the record
DecideAgain       a write was outdated, or its outcome is in doubt: read again, decide again
"""

from __future__ import annotations


class GaveUp(Exception):  # noqa: N818 - it says what happened, as the contract's "failed" does
    """The connector gave up for now; its message holds no token and no record's data."""


class Unauthorized(GaveUp):
    """A system answered 401: only a person with another token can help."""


class Unavailable(GaveUp):
    """One request went unanswered for as long as was decent to try."""


class Refused(Exception):  # noqa: N818
    """The system understood the write and will not have it, now or when repeated."""


class DecideAgain(Exception):  # noqa: N818
    """What the write was decided on no longer holds, or the write may have happened."""
