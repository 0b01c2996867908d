"""Addresses: each form leads somewhere, and each mistake says what to write instead."""

from __future__ import annotations

import sys

import connectors_in_test
import pytest

import tallystick_reference
from tallystick.connectors import address
from tallystick.connectors.address import REFERENCE, catalogue, resolve, resolve_factory
from tallystick.errors import BadInput, ConnectorUnavailable


@pytest.mark.parametrize("text", ["reference", REFERENCE])
def test_the_reference(text):
    assert resolve_factory(text) is tallystick_reference.connect


def test_a_python_connector():
    assert resolve_factory("python:connectors_in_test:connect") is connectors_in_test.connect
    assert resolve_factory("python:collections.abc:Mapping").__name__ == "Mapping"


@pytest.mark.parametrize(
    "text",
    [
        *("", "Reference", "reference:", "python:", "python:module", "python:a:b:c", "faulty:"),
        *("http://shop.test", "tallystick_reference:connect", "exec:./connector", "python"),
    ],
)
def test_no_address_says_what_one_looks_like(text):
    with pytest.raises(BadInput, match="is no connector address") as caught:
        resolve_factory(text)
    assert repr(text) in str(caught.value)
    assert "python:package.module:factory" in caught.value.problems[0].remedy
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("python:no_such_module_here:connect", "cannot be imported: ModuleNotFoundError"),
        ("python:broken_at_import:connect", "cannot be imported: RuntimeError: not today"),
        ("python:connectors_in_test:nobody", "'connectors_in_test' has no callable 'nobody'"),
        ("python:connectors_in_test:not_callable", "has no callable 'not_callable'"),
        ("python::connect", "cannot be imported: ValueError"),
        ("python:connectors_in_test:", "has no callable ''"),
    ],
)
def test_an_address_that_leads_nowhere(text, message):
    with pytest.raises(ConnectorUnavailable, match=message) as caught:
        resolve_factory(text)
    assert str(caught.value).startswith(f"{text}: ")
    assert caught.value.exit_status == 4


def test_a_faulty_connector(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = catalogue().names()[0]
    assert resolve_factory(f"faulty:{name}") is catalogue().factory_of(name)


def test_an_unknown_faulty_connector_says_which_there_are():
    with pytest.raises(BadInput, match="no faulty connector is called 'nobody'") as caught:
        resolve_factory("faulty:nobody")
    assert catalogue().names()[0] in caught.value.problems[0].remedy


@pytest.mark.parametrize("root", [None, "empty"])
def test_without_a_checkout_there_is_no_catalogue(monkeypatch, tmp_path, root):
    monkeypatch.setattr(address, "checkout", lambda: tmp_path if root else None)
    with pytest.raises(BadInput, match="not installed"):
        resolve_factory("faulty:no-base")


def test_the_checkout_comes_onto_the_path(monkeypatch):
    root = str(address.checkout())
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != root])
    assert catalogue().names()
    assert sys.path[0] == root


@pytest.mark.parametrize(("scheme", "mode"), [("command", "stdio"), ("poll", "poll")])
def test_a_command_is_split_and_given_to_no_shell(scheme, mode):
    found = resolve(f"{scheme}:node 'my connector.js' --level=$HOME \"a b\" ; ls")
    assert found.argv == ("node", "my connector.js", "--level=$HOME", "a b", ";", "ls")
    assert (found.mode, found.reuse, dict(found.environment)) == (mode, False, {})


def test_a_command_that_cannot_be_split():
    with pytest.raises(BadInput, match="cannot be split: No closing quotation"):
        resolve("command:node 'x")


def test_ports_to_attach_to():
    found = resolve("attach:8101,65535")
    assert found.ports == {"source": 8101, "target": 65535}


@pytest.mark.parametrize("rest", ["", "1", "1,", "1,2,3", "0,1", "1,65536", "a,b", "-1,2", "1, 2"])
def test_no_ports(rest):
    with pytest.raises(BadInput, match="names no two ports") as caught:
        resolve(f"attach:{rest}")
    assert "attach:8101,8102" in caught.value.problems[0].remedy


@pytest.mark.parametrize("text", ["command:", "poll: ", "command"])
def test_no_command(text):
    with pytest.raises(BadInput, match="is no connector address"):
        resolve(text)


def test_other_addresses_are_factories():
    assert resolve("reference") is resolve_factory("reference")
