"""Failures remembered between runs. Rule: what failed the last time is tried first the next time.

One JSON file for each connector and pair, in a folder that may be deleted at any time. Whatever
cannot be read there is forgotten: a memory is a help, never a reason to fail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from tallystick.dataflow.model import Dataflow, Pair
from tallystick.errors import BadInput
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.script_json import script_from_json, script_to_json

__all__ = ["Memory"]


@dataclass(frozen=True, slots=True)
class Memory:
    """The scripts under which connectors failed, kept in `folder`."""

    folder: Path

    def recall(self, connector: str, dataflow: Dataflow, pair: Pair) -> Script | None:
        """Give the script under which the connector last failed for the pair, if it did."""
        try:
            text = self._file(connector, dataflow, pair).read_text(encoding="utf-8")
            return script_from_json(json.loads(text)["script"])
        except (OSError, ValueError, KeyError, TypeError, BadInput):
            return None

    def remember(self, connector: str, dataflow: Dataflow, pair: Pair, script: Script) -> None:
        """Keep a script that failed."""
        path = self._file(connector, dataflow, pair)
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"connector": connector, "pair": pair.name, "script": script_to_json(script)}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        part.replace(path)

    def forget(self, connector: str, dataflow: Dataflow, pair: Pair) -> None:
        """Let go of a script that fails no more."""
        self._file(connector, dataflow, pair).unlink(missing_ok=True)

    def _file(self, connector: str, dataflow: Dataflow, pair: Pair) -> Path:
        systems = (dataflow.source, dataflow.target)
        whole = "\n".join((connector, *(f"{s.system} {s.api}" for s in systems), str(pair.number)))
        return self.folder / f"{crc32(whole.encode()):08x}-{pair.number}.json"
