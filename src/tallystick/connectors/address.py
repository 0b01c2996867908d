"""Connector addresses: one string says which connector is under test. Rule: it only resolves.

reference                       the reference connector, in this process
python:package.module:factory   a Python connector, in this process
faulty:NAME                     a deliberately faulty one of the checkout's catalogue
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, Final

from tallystick.errors import BadInput, ConnectorUnavailable, Problem
from tallystick.resources import checkout

__all__ = ["REFERENCE", "Factory", "catalogue", "is_in_process", "resolve_factory"]

REFERENCE: Final = "python:tallystick_reference:connect"
_FAULTY_MODULE: Final = "tests.faulty.catalogue"

Factory = Callable[..., Any]
"""`factory(env, *, now, sleep)`; times in seconds. See `tallystick.connectors.python`."""


def is_in_process(address: str) -> bool:
    """Tell whether an address leads to a connector in this process, whose clock is ours."""
    return address == "reference" or address.startswith(("python:", "faulty:"))


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
            remedy="write reference, python:package.module:factory, or faulty:NAME (in a checkout)",
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
