"""ledger/1: delta links, ETags, a PUT that replaces everything, external references."""

from __future__ import annotations

from .dialect import Batch, Dialect
from .errors import Refused
from .records import Record
from .values import Json


class Ledger(Dialect):
    """An ERP's API."""

    key_type = int

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Follow a delta link to its end, or read in full where there is none or it has expired."""
        found: dict[Json, Json] = {}
        link = cursor or self.path(type_) + "?top=100"
        while link:
            answer = self.transport.send("GET", link)
            if answer.status == 410 and cursor:
                return self.changes(type_, None)
            body = self.read(answer)
            found.update((item["id"], item) for item in body["value"])
            link = body.get("nextLink")
        records = [self.record(item) for item in found.values()]
        return Batch(records=records, cursor=body["deltaLink"], complete=cursor is None)

    def find(self, type_: str, path: str, value: str) -> list[Record]:
        """Look up by a property's value."""
        params = {"where": path, "equals": value, "top": "100"}
        body = self.read(self.transport.send("GET", self.path(type_), params=params))
        found = body["value"]
        while link := body.get("nextLink"):
            body = self.read(self.transport.send("GET", link))
            found += body["value"]
        return [self.record(item) for item in found]

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create under an external reference; one that is taken leads to the record made before."""
        body = {"data": data, "external_reference": token}
        answer = self.transport.send("POST", self.path(type_), body=body, repeatable=True)
        if answer.status == 409 and "existing_id" in answer.body:
            return self.adopt(self.get(type_, answer.body["existing_id"]), token)
        return self.record(self.written(answer))

    def adopt(self, record: Record | None, token: str) -> Record:
        """Take over what an earlier attempt made, if it really was that."""
        if record is None or not (record.gone or record.reference == token):
            raise Refused("a create met somebody else's record")
        return record

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Replace the record as it was read; `data` holds all of it, unmapped properties too."""
        path, headers = self.path(type_, record.id), self.match(record)
        answer = self.transport.send("PUT", path, body={"data": data}, headers=headers)
        return self.record(self.written(answer))

    def delete(self, type_: str, record: Record) -> Record:
        """Delete the record as it was read."""
        path, headers = self.path(type_, record.id), self.match(record)
        self.written(self.transport.send("DELETE", path, headers=headers))
        return Record(id=record.id, gone=True)

    def match(self, record: Record) -> dict[str, str]:
        """Let a write fail if the record is no longer as it was read."""
        return {"If-Match": record.etag}
