"""storefront/1: pages by time in whole seconds, idempotency keys, merge patches, no ETag."""

from __future__ import annotations

from datetime import datetime

from .dialect import Batch, Dialect
from .records import Record
from .values import Json, same

BEGINNING = "1970-01-01T00:00:00Z"


def merge_patch(before: Json, after: Json) -> Json:
    """Give the JSON Merge Patch (RFC 7396) that makes `after` of `before`, and nothing more."""
    patch = {name: None for name in before if name not in after}
    for name, value in after.items():
        if isinstance(value, dict) and isinstance(before.get(name), dict):
            patch |= {name: inner} if (inner := merge_patch(before[name], value)) else {}
        elif name not in before or not same(before[name], value):
            patch[name] = value
    return patch


class Storefront(Dialect):
    """A shop's API."""

    key_type = str

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read from the cursor's second on, that second included: more may happen within it."""
        since = cursor or BEGINNING
        records = self.pages(type_, {"modified_since": since})
        return Batch(records=records, cursor=self.newest(since, records), complete=False)

    def newest(self, since: str, records: list[Record]) -> str:
        """Go on from the newest second seen, never from what a clock says."""
        times = [since, *(record.modified_at for record in records)]
        return max(times, key=datetime.fromisoformat)

    def find(self, type_: str, path: str, value: str) -> list[Record]:
        """Look up by a property's value."""
        return self.pages(type_, {"where": path, "equals": value})

    def pages(self, type_: str, params: dict[str, str]) -> list[Record]:
        """Read all pages, the last one first.

        Edits move records to the end and all others towards the front. Who reads against that
        stream may meet a record twice, but misses none.
        """
        body = self.page(type_, params, 1)
        found = {item["id"]: item for item in body["items"]}
        for number in range(body["pages"], 0, -1) if body["pages"] > 1 else ():
            found.update((item["id"], item) for item in self.page(type_, params, number)["items"])
        return [self.record(item) for item in found.values()]

    def page(self, type_: str, params: dict[str, str], number: int) -> Json:
        """Read one page."""
        params = {**params, "page": str(number), "per_page": "100"}
        return self.read(self.transport.send("GET", self.path(type_), params=params))

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create under an idempotency key, so that sending it again is harmless."""
        body, headers = {"data": data}, {"Idempotency-Key": token}
        path = self.path(type_)
        answer = self.transport.send("POST", path, body=body, headers=headers, repeatable=True)
        return self.record(self.written(answer))

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Send what changed and nothing else: nobody checks for edits made meanwhile."""
        body = {"data": merge_patch(record.data, data)}
        answer = self.transport.send("PATCH", self.path(type_, record.id), body=body)
        return self.record(self.written(answer))

    def delete(self, type_: str, record: Record) -> Record:
        """Delete."""
        self.written(self.transport.send("DELETE", self.path(type_, record.id)))
        return Record(id=record.id, gone=True)
