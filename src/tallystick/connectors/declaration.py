"""connector.toml: what a vendor says of a connector. Rule: it is read and checked here, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tallystick.dataflow.toml import TomlFile
from tallystick.errors import BadInput, Problem

__all__ = ["Declaration", "Decline", "is_declaration", "load_declaration"]

_SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Something that a connector does not offer, and why; `line` is where that is said."""

    capability: str
    reason: str
    link: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A connector's declaration. Times are in seconds; None stands for the usual ones.

    Either `command` says what starts it, or `address` where a Python connector is, or `ports` at
    which ports it is attached. Processes are started in `folder`, the file's own. `policies` are
    what it does where nobody has agreed on anything, each with its line in `policy_lines`.
    """

    file: Path
    name: str
    version: str = ""
    command: tuple[str, ...] = ()
    address: str = ""
    mode: Literal["stdio", "poll", "attach", "python"] = "stdio"
    reuse: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    start_s: float | None = None
    sync_s: float | None = None
    stop_s: float | None = None
    deadline_s: float | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    policy_lines: Mapping[str, int] = field(default_factory=dict)
    declines: tuple[Decline, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that the declaration stands in."""
        return self.file.parent


def is_declaration(address: str) -> bool:
    """Tell whether a connector's address is the path of a declaration."""
    return address.endswith(_SUFFIX)


def load_declaration(path: str | Path) -> Declaration:
    """Read a connector.toml; BadInput with file and line for all that is wrong with it."""
    file = TomlFile(Path(path), "connector")
    given = file.given
    wrong = list(_contradictions(file))
    if wrong:
        raise BadInput(wrong)
    times: Mapping[str, float] = given.get("timeouts", {})
    return Declaration(
        file=file.path,
        name=given["name"],
        version=given.get("version", ""),
        command=tuple(given.get("command", ())),
        address=given.get("address", ""),
        mode="python" if "address" in given else given.get("mode", "stdio"),
        reuse=given.get("reuse", False),
        environment=given.get("environment", {}),
        ports=given.get("ports", {}),
        start_s=times.get("start"),
        sync_s=times.get("sync"),
        stop_s=times.get("stop"),
        deadline_s=times.get("deadline"),
        policies=given.get("policies", {}),
        policy_lines={name: file.line("policies", name) for name in given.get("policies", {})},
        declines=tuple(
            Decline(
                capability=each["capability"],
                reason=each["reason"],
                link=each.get("link", ""),
                line=file.line("declines", at, "capability"),
            )
            for at, each in enumerate(given.get("declines", ()))
        ),
    )


def _contradictions(file: TomlFile) -> Iterator[Problem]:
    """Give what no schema sees: there must be exactly one way to the connector."""
    given = file.given
    mode = "python" if "address" in given else given.get("mode", "stdio")
    for name, remedy in _FOREIGN[mode].items():
        if name in given:
            yield file.problem((name,), f"{name!r} can't stand here: {_WAYS[mode]}", remedy)
    if mode == "attach" and "ports" not in given:
        remedy = "Write [ports] with source and target, as numbers."
        yield file.problem(("mode",), "mode attach needs two ports", remedy)
    if mode in ("stdio", "poll") and "command" not in given:
        remedy = 'Write command = ["program", "argument"], or address = "python:…".'
        yield file.problem((), "nothing says how to reach the connector", remedy)


_WAYS: Final[Mapping[str, str]] = {
    "python": "'address' says where the connector is",
    "attach": "an attached connector runs already",
    "stdio": "ports belong to the mode attach",
    "poll": "ports belong to the mode attach",
}
_KEEP: Final = "Keep one of the two."
_RUNS: Final = "Take it out, or choose the mode stdio or poll."
_CHOSEN: Final = 'Take them out: they are chosen anew each time. Or write mode = "attach".'
_FOREIGN: Final[Mapping[str, Mapping[str, str]]] = {
    "python": dict.fromkeys(("command", "mode", "ports", "reuse", "environment"), _KEEP),
    "attach": dict.fromkeys(("command", "environment", "reuse"), _RUNS),
    "stdio": {"ports": _CHOSEN},
    "poll": {"ports": _CHOSEN},
}
"""What contradicts each way to a connector, and how to mend that."""
