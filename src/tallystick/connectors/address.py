"""Connector addresses: one string says which connector is under test. Rule: it only resolves.

reference                       the reference connector, in this process
python:package.module:factory   a Python connector, in this process
faulty:NAME                     a deliberately faulty one of the checkout's catalogue
command:COMMAND                 a process, asked by JSON lines (mode stdio)
poll:COMMAND                    a process that runs by itself (mode poll)
attach:PORT,PORT                one that runs already, pointed by hand at these two ports: the
                                source system's and the target system's
path/to/connector.toml          what a vendor has declared there

A command is split as a shell would split it, and given to none.
"""

from __future__ import annotations

import importlib
import shlex
import sys
from collections.abc import Callable
from typing import Any, Final

from tallystick.connectors.command import Command
from tallystick.connectors.declaration import Declaration, is_declaration, load_declaration
from tallystick.connectors.environment import Mode
from tallystick.connectors.polling import Attachment
from tallystick.errors import BadInput, ConnectorUnavailable, Problem
from tallystick.resources import checkout

__all__ = [
    "REFERENCE",
    "Factory",
    "Launch",
    "catalogue",
    "is_in_process",
    "resolve",
    "resolve_factory",
]

REFERENCE: Final = "python:tallystick_reference:connect"
_FAULTY_MODULE: Final = "tests.faulty.catalogue"

Factory = Callable[..., Any]
"""`factory(env, *, now, sleep)`; times in seconds. See `tallystick.connectors.python`."""

Launch = Factory | Command | Attachment
"""How a connector comes to run: called, started, or waited for."""

_MODES: Final[dict[str, Mode]] = {"command": "stdio", "poll": "poll"}
_FORMS: Final = (
    "write reference, python:package.module:factory, command:COMMAND, poll:COMMAND,"
    " attach:SOURCEPORT,TARGETPORT, the path of a connector.toml, or faulty:NAME (in a checkout)"
)


def is_in_process(address: str) -> bool:
    """Tell whether an address leads to a connector in this process, whose clock is ours."""
    if is_declaration(address):
        return is_in_process(load_declaration(address).address)
    return address == "reference" or address.startswith(("python:", "faulty:"))


def resolve(address: str) -> Launch:
    """Give what an address stands for.

    BadInput for an address of no known form, ConnectorUnavailable where a module leads nowhere.
    """
    if is_declaration(address):
        return _declared(load_declaration(address))
    scheme, _, rest = address.partition(":")
    if scheme in _MODES and rest.strip():
        try:
            argv = tuple(shlex.split(rest))
        except ValueError as error:
            text = f"{address!r}: the command cannot be split: {error}"
            raise BadInput(Problem(text=text, remedy="Close its quotes.")) from error
        return Command(argv=argv, mode=_MODES[scheme])
    if scheme == "attach":
        return _attachment(address, rest)
    return resolve_factory(address)


def _declared(declaration: Declaration) -> Launch:
    if declaration.mode == "python":
        return resolve_factory(declaration.address)
    times = {
        "start_s": declaration.start_s,
        "sync_s": declaration.sync_s,
        "stop_s": declaration.stop_s,
        "deadline_s": declaration.deadline_s,
    }
    given = {name: seconds for name, seconds in times.items() if seconds is not None}
    if declaration.mode == "attach":
        ports = declaration.ports
        patience = {"patience_s": given["start_s"]} if "start_s" in given else {}
        deadline = {"deadline_s": given["deadline_s"]} if "deadline_s" in given else {}
        return Attachment(
            source_port=ports["source"], target_port=ports["target"], **patience, **deadline
        )
    return Command(
        argv=declaration.command,
        mode=declaration.mode,
        environment=declaration.environment,
        folder=declaration.folder,
        reuse=declaration.reuse,
        **given,
    )


def _attachment(address: str, rest: str) -> Attachment:
    ports = [int(port) for port in rest.split(",") if port.isascii() and port.isdigit()]
    if len(ports) != 2 or rest.count(",") != 1 or not all(0 < p < 65_536 for p in ports):
        remedy = "write two ports from 1 to 65535: attach:8101,8102"
        raise BadInput(Problem(text=f"{address!r} names no two ports", remedy=remedy))
    return Attachment(source_port=ports[0], target_port=ports[1])


def resolve_factory(address: str) -> Factory:
    """Give the factory that an address names.

    BadInput for an address of no known form, ConnectorUnavailable where it leads nowhere.
    """
    scheme, _, rest = address.partition(":")
    if address == "reference":
        return resolve_factory(REFERENCE)
    if scheme == "python" and rest.count(":") == 1:
        module, name = rest.split(":")
        return _attribute(address, module, name)
    if scheme == "faulty" and rest:
        return _faulty(rest)
    raise BadInput(
        Problem(
            text=f"{address!r} is no connector address",
            remedy=_FORMS,
        )
    )


def _attribute(address: str, module_name: str, name: str) -> Factory:
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise ConnectorUnavailable(
            f"{address}: the module {module_name!r} cannot be imported:"
            f" {type(error).__name__}: {error};"
            " is it installed in the environment that runs tallystick?"
        ) from error
    factory = getattr(module, name, None)
    if not callable(factory):
        raise ConnectorUnavailable(f"{address}: {module_name!r} has no callable {name!r}")
    found: Factory = factory
    return found


def catalogue() -> Any:
    """Give the module of the checkout's faulty connectors: `names()`, `factory_of`, `suspects()`.

    BadInput where Tallystick runs from no checkout.
    """
    root = checkout()
    if root is None or not (root / "tests" / "faulty").is_dir():
        raise BadInput(
            Problem(
                text="the catalogue of faulty connectors is not installed",
                remedy="run this from a checkout of Tallystick",
            )
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return importlib.import_module(_FAULTY_MODULE)


def _faulty(name: str) -> Factory:
    known = catalogue()
    try:
        factory: Factory = known.factory_of(name)
    except KeyError:
        remedy = f"there are: {', '.join(known.names())}"
        problem = Problem(text=f"no faulty connector is called {name!r}", remedy=remedy)
        raise BadInput(problem) from None
    return factory
