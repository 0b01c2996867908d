"""storefront/1: pages by time, whole seconds, idempotency keys, merge patches, no ETag."""

from __future__ import annotations

from datetime import datetime

from tallystick_reference.dialect import Batch, Dialect
from tallystick_reference.records import Record
from tallystick_reference.values import Data, Json, merge_patch

BEGINNING = "1970-01-01T00:00:00Z"
PER_PAGE = "100"


class Storefront(Dialect):
    """A shop."""

    def changes(self, type_: str, cursor: Json) -> Batch:
        """Read from the cursor's second on, that second included: its records may be news."""
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
        params = {**params, "page": str(number), "per_page": PER_PAGE}
        return self.seen(self.transport.send("GET", self.path(type_), params=params))

    def create(self, type_: str, data: Data, token: str) -> Record:
        """Create under an idempotency key, which makes sending it again harmless."""
        answer = self.transport.send(
            "POST",
            self.path(type_),
            body={"data": data},
            headers={"Idempotency-Key": token},
            repeatable=True,
        )
        return self.record(self.done(answer))

    def update(self, type_: str, record: Record, data: Data) -> Record:
        """Send what changed and nothing else: nobody checks for edits made meanwhile."""
        patch = merge_patch(record.data, data)
        answer = self.transport.send("PATCH", self.path(type_, record.id), body={"data": patch})
        return self.record(self.done(answer))

    def delete(self, type_: str, record: Record) -> None:
        """Delete."""
        self.done(self.transport.send("DELETE", self.path(type_, record.id)))

    def is_key(self, value: Json) -> bool:
        """Tell whether it is text."""
        return isinstance(value, str) and value != ""
