"""What a command puts around a connector that is a process, or runs already."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tallystick.cli.documents import read_documents
from tallystick.cli.theatre import theatre_for
from tallystick.errors import BadInput
from tallystick.run.stage import Effort
from tallystick.systems.server import Sockets

COMMAND = f"command:{sys.executable} -c pass"


def documents():
    return read_documents("club.rst", "club.toml")


def test_sigterm_ends_in_order(folder):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), theatre_for(documents(), COMMAND, Effort()):
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_in_process_it_is_left_alone(folder):
    before = signal.getsignal(signal.SIGTERM)
    with theatre_for(documents(), "reference", Effort()):
        assert signal.getsignal(signal.SIGTERM) is before


def test_a_process_may_be_used_again(folder):
    with theatre_for(documents(), COMMAND, Effort(), reuse=True) as theatre:
        assert theatre.shared
        assert theatre.own_pace
    with theatre_for(documents(), COMMAND, Effort()) as theatre:
        assert not theatre.shared


@pytest.mark.parametrize("connector", ["reference", "attach:8101,8102"])
def test_others_may_not(folder, connector):
    with (
        pytest.raises(BadInput, match="--reuse is for connectors that are started"),
        theatre_for(documents(), connector, Effort(), reuse=True),
    ):
        pass


def test_one_that_is_attached_is_told_where(folder, capsys):
    with Sockets(("source", "target")) as free:
        one, two = (url.rpartition(":")[2] for url in free.urls.values())
    known = documents()
    with theatre_for(known, f"attach:{one},{two}", Effort()) as theatre:
        told = capsys.readouterr().err
        assert told == "".join(f"{line}\n" for line in theatre.invitation(known.dataflow))
    for name, value in {
        "MODE": "poll",
        "SOURCE_URL": f"http://127.0.0.1:{one}",
        "TARGET_URL": f"http://127.0.0.1:{two}",
    }.items():
        assert f"  TALLYSTICK_{name}={value}\n" in told
    assert "Waiting up to 120 s" in told


def test_others_are_told_nothing(folder, capsys):
    known = documents()
    for connector in ("reference", COMMAND):
        with theatre_for(known, connector, Effort()) as theatre:
            assert theatre.invitation(known.dataflow) == ()
    assert capsys.readouterr().err == ""
