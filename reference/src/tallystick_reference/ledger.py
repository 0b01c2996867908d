"""ledger/1: delta links, ETags, a PUT that replaces everything, external references."""

from __future__ import annotations

from tallystick_reference.dialect import Batch, Dialect
from tallystick_reference.errors import Refused
from tallystick_reference.records import Record
from tallystick_reference.values import Data, Json


class Ledger(Dialect):
    """An ERP."""

    def changes(self, type_: str, cursor: Json) -> Batch:
        """Follow a delta link to its end, or read in full where there is none or it has expired."""
        found: dict[Json, Json] = {}
        link = cursor or self.path(type_) + "?top=100"
        while link:
            answer = self.transport.send("GET", link)
            if answer.status == 410 and cursor:
                return self.changes(type_, None)
            body = self.seen(answer)
            found.update((item["id"], item) for item in body["value"])
            link = body.get("nextLink")
        records = [self.record(item) for item in found.values()]
        return Batch(records=records, cursor=body.get("deltaLink"), complete=cursor is None)

    def find(self, type_: str, path: str, value: str) -> list[Record]:
        """Look up by a property's value."""
        answer = self.transport.send(
            "GET", self.path(type_), params={"where": path, "equals": value, "top": "100"}
        )
        items = [*self.seen(answer)["value"]]
        while link := answer.body.get("nextLink"):
            answer = self.transport.send("GET", link)
            items += self.seen(answer)["value"]
        return [self.record(item) for item in items]

    def create(self, type_: str, data: Data, token: str) -> Record:
        """Create under an external reference; one that is taken leads to the record made before."""
        body = {"data": data, "external_reference": token}
        answer = self.transport.send("POST", self.path(type_), body=body, repeatable=True)
        if answer.status == 409 and "existing_id" in answer.body:
            return self.adopted(self.get(type_, answer.body["existing_id"]), token)
        return self.record(self.done(answer))

    def adopted(self, record: Record | None, token: str) -> Record:
        """Take over what an earlier attempt made, if it really was that."""
        if record is None or not (record.gone or record.reference == token):
            raise Refused("a create met somebody else's record")
        return record

    def update(self, type_: str, record: Record, data: Data) -> Record:
        """Replace the record as it was read: `data` holds all of it, unmapped properties too."""
        answer = self.transport.send(
            "PUT", self.path(type_, record.id), body={"data": data}, headers=self.match(record)
        )
        return self.record(self.done(answer))

    def delete(self, type_: str, record: Record) -> None:
        """Delete the record as it was read."""
        path = self.path(type_, record.id)
        self.done(self.transport.send("DELETE", path, headers=self.match(record)))

    def match(self, record: Record) -> dict[str, str]:
        """Make a write fail if the record has changed since it was read."""
        return {"If-Match": record.etag or ""}

    def is_key(self, value: Json) -> bool:
        """Tell whether it is a whole number."""
        return isinstance(value, int) and not isinstance(value, bool)
