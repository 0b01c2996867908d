"""Connectors that hear of the shop by webhook alone: `python told.py FAULT`, in mode poll.

There are no webhooks in process, so these stand outside the catalogue; `test_told` plays them over
sockets. The ERP they read again and again, as ever.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "reference" / "src")]

from tallystick_reference import Parts, connect  # noqa: E402
from tallystick_reference.dialect import Batch  # noqa: E402
from tallystick_reference.records import Record  # noqa: E402
from tallystick_reference.storefront import Storefront  # noqa: E402
from tests.correct.hooked import Ear, sync_when_told  # noqa: E402
from tests.faulty.reading import NoLag  # noqa: E402

PAUSE_S = 0.1


class Inbox:
    """The messages that have been heard."""

    def __init__(self):
        self._lock = threading.Lock()
        self._keys = {}
        self._created = Counter()
        self._again = []

    def put(self, message):
        with self._lock:
            self._keys.setdefault(message["type"], {})[message["record_id"]] = True
            if message["event"] == "created":
                self._created[message["record_id"]] += 1
                if self._created[message["record_id"]] > 1:
                    self._again.append(message["record_id"])

    def take(self, path):
        with self._lock:
            return list(self._keys.pop(path, ()))

    def take_again(self):
        """Take what was said to be created again; the sync that follows reads it first."""
        with self._lock:
            again, self._again = self._again, []
            return again


INBOX = Inbox()


class Hears(Ear):
    """Puts every message of the shop's into the inbox."""

    def heard(self, message):
        INBOX.put(message)


class HearsNothing(Hears):
    """Checks the signature of the body as it would write it itself."""

    def signed(self, body):
        return json.dumps(json.loads(body)).encode()


class ToldOnly(Storefront):
    """Reads the first time, and then only what it is told of."""

    def changes(self, type_, cursor):
        if cursor is None:
            return super().changes(type_, cursor)
        found = [self.get(type_, key) for key in INBOX.take(self.path(type_))]
        return Batch(records=[record for record in found if record], cursor=cursor, complete=False)


class CreatesAtEachMessage(NoLag):
    """Creates whenever it is told that a record was created."""

    def sync(self):
        again = INBOX.take_again()
        super().sync()
        pair = self.dataflow.pairs[0]
        for key in again:
            record = self.systems["source"].get(pair.types["source"], key)
            before = {"source": record, "target": Record()}
            data = self.merge(pair.rows, before, {}).records["target"].data
            self.systems["target"].create(pair.types["target"], data, f"again-{key}")


FAULTS = {
    "never-looks": (Hears, NoLag),
    "other-signature": (HearsNothing, NoLag),
    "each-message-creates": (Hears, CreatesAtEachMessage),
}


def main(name):
    ear, connector = FAULTS[name]
    parts = Parts(storefront=ToldOnly, connector=connector)
    made = connect(os.environ, now=time.time, sleep=time.sleep, parts=parts)
    sync_when_told(made, ear, poll_s=PAUSE_S, pause_s=PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1])
