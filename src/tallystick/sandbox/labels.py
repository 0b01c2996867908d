"""What records are called in a sandbox. Rule: no label is given to two."""

from __future__ import annotations

from collections import Counter

from tallystick.dataflow.model import Dataflow
from tallystick.derive.labels import namers
from tallystick.laws.history import Record

__all__ = ["Labels"]


class Labels:
    """What records are called: gives new labels, and knows whose they are."""

    def __init__(self, dataflow: Dataflow, labels: dict[str, Record]) -> None:
        self._namers = namers(dataflow)
        self._labels = labels
        self._counts: Counter[str] = Counter()
        self._of: dict[int, str] = {}

    def new(self, type_name: str) -> str:
        """Give a label that no record has."""
        namer = self._namers.get(type_name)
        while True:
            count = self._counts[type_name]
            label = namer(count) if namer is not None else f"{type_name} {count + 1}"
            self._counts[type_name] += 1
            if label not in self._labels:
                return label

    def of(self, record: Record) -> str:
        """Give a record's own label, "" where it has none."""
        if len(self._of) < len(self._labels):
            self._of = {id(one): label for label, one in self._labels.items()}
        return self._of.get(id(record), "")
