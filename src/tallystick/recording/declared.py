"""What stands beside a connector's address: its declaration, and what is expected to fail.

Rule: it reads both before anything is started, so that a mistake in them costs no run.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import Any, Final

from tallystick.connectors.declaration import Declaration, is_declaration, load_declaration
from tallystick.dataflow.model import Dataflow, Origin
from tallystick.errors import BadInput, Problem
from tallystick.laws.reach import SITUATIONS
from tallystick.results.checks import Checks
from tallystick.results.events import Connector, Declined, Expected
from tallystick.results.expectations import load_expectations, unknown_checks
from tallystick.vocabulary.laws import LAWS

__all__ = ["EXPECTED", "Declared", "declared", "with_declared_policies"]

EXPECTED: Final = "expected.toml"
"""The file of expected failures, beside connector.toml."""

_MODES: Final = {"command": "stdio", "poll": "poll", "attach": "attach"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is known of a connector before it is started."""

    connector: Connector
    declaration: Declaration | None = None
    declines: tuple[Declined, ...] = ()
    expected: tuple[Expected, ...] = ()


def declared(address: str, dataflow: Dataflow) -> Declared:
    """Read what stands beside an address; BadInput with file and line for what is wrong there."""
    if not is_declaration(address):
        return Declared(connector=Connector(address=address, mode=_mode(address)))
    declaration = load_declaration(address)
    file = declaration.folder / EXPECTED
    expected = load_expectations(file) if file.exists() else ()
    wrong = [*_unknown_capabilities(declaration)]
    wrong += unknown_checks(expected, [check.id for check in Checks(dataflow).all])
    if wrong:
        raise BadInput(wrong)
    return Declared(
        connector=Connector(
            address=address,
            name=declaration.name,
            version=declaration.version,
            mode=declaration.mode,
        ),
        declaration=declaration,
        declines=tuple(
            Declined(capability=each.capability, reason=each.reason, link=each.link)
            for each in declaration.declines
        ),
        expected=expected,
    )


def _mode(address: str) -> str:
    return _MODES.get(address.partition(":")[0], "python")


def _unknown_capabilities(declaration: Declaration) -> list[Problem]:
    known = [*LAWS, *SITUATIONS, "scenario"]
    problems = []
    for decline in declaration.declines:
        name = decline.capability.partition("/")[0]
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        problems.append(
            Problem(
                file=str(declaration.file),
                line=decline.line,
                text=f"no law, check or situation is called {decline.capability!r}",
                remedy=f"Was {near[0]} meant?" if near else f"There are: {', '.join(known)}.",
            )
        )
    return problems


def with_declared_policies(dataflow: Dataflow, declaration: Declaration | None) -> Dataflow:
    """Put what the connector does in the place of the defaults, where nobody has agreed on it."""
    if declaration is None:
        return dataflow
    policies = dataflow.policies
    new = {name: it for name, it in declaration.policies.items() if name not in policies.agreed}
    file = str(declaration.file)
    origins = {
        name: Origin(file=file, line=declaration.policy_lines[name], by="default") for name in new
    }
    changed: dict[str, Any] = {**new, "agreed": {**policies.agreed, **origins}}
    return replace(dataflow, policies=replace(policies, **changed))
