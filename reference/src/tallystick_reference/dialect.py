"""What the engine asks of a system, whatever its dialect; and what the dialects have in common."""

from __future__ import annotations

from typing import NamedTuple, Protocol
from urllib.parse import quote

from .errors import DecideAgain, Refused, Unavailable
from .records import Record
from .transport import Answer, Transport
from .values import Json


class Batch(NamedTuple):
    """One reading of a type: what it showed, where to go on, and whether that was everything."""

    records: list[Record]
    cursor: str
    complete: bool


class Dialect(Protocol):
    """A system's records, by type name and key."""

    key_type: type
    transport: Transport
    paths: dict[str, str]

    def __init__(self, transport: Transport, paths: dict[str, str]) -> None:
        self.transport = transport
        self.paths = paths

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read what changed since `cursor`, or everything where there is none."""

    def find(self, type_: str, path: str, value: str) -> list[Record]:
        """Look up the live records that hold a value."""

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create the record of this token, or give the one that it has made already."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Make of a record, as it was read, one that holds `data`."""

    def delete(self, type_: str, record: Record) -> Record:
        """Delete a record, as it was read, and give what is left of it."""

    def get(self, type_: str, key: Json) -> Record | None:
        """Read one record, which may be gone; None where there never was one."""
        if type(key) is not self.key_type or key == "":
            return None
        answer = self.transport.send("GET", self.path(type_, key))
        if answer.status == 410:
            return Record(id=key, gone=True)
        return None if answer.status == 404 else self.record(self.read(answer))

    def path(self, type_: str, key: Json = None) -> str:
        """Give the path of a type, or of one of its records."""
        return self.paths[type_] + ("" if key is None else "/" + quote(str(key), safe=""))

    def record(self, envelope: Json) -> Record:
        """Take a record out of its envelope."""
        return Record(
            id=envelope["id"],
            modified_at=envelope.get("modified_at", ""),
            data=envelope.get("data", {}),
            etag=envelope.get("etag", ""),
            reference=envelope.get("external_reference"),
            gone="data" not in envelope,
        )

    def read(self, answer: Answer) -> Json:
        """Give the body of a good answer to a reading."""
        if answer.status != 200:
            raise Unavailable(f"a reading was answered {answer.status}")
        return answer.body

    def written(self, answer: Answer) -> Json:
        """Give the body of a good answer to a write; else say what its status means."""
        if answer.status in (404, 410, 412):
            raise DecideAgain
        if answer.status >= 300:
            raise Refused(f"a write was answered {answer.status}")
        return answer.body
