"""Connectors that webhooks alone drive: what is lost, doubled or not believed comes to light."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tallystick.connectors.command import Command
from tallystick.run.actions import perform
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script import Create, Edit, Ref, Settle
from tallystick.vocabulary.weather import Webhook

TOLD = Path(__file__).with_name("told.py")
MAIN = "customwebshop-customerp"
ANN, BO = Ref("Ann", "Customer"), Ref("Bo", "Customer")
BEGUN = (Create(side="source", record=ANN), Settle())
EDIT = Edit(side="source", record=ANN, values=(("firstName", "Anna"),))
CREATE = Create(side="source", record=BO)

STORIES = [
    ("never-looks", (*BEGUN, EDIT, Settle()), set()),
    ("never-looks", (*BEGUN, Webhook(number=1, fate="lost"), EDIT, Settle()), {"in-sync"}),
    ("never-looks", (*BEGUN, Webhook(number=1, fate="lost"), CREATE, Settle()), {"linked"}),
    ("other-signature", (*BEGUN, EDIT, Settle()), {"in-sync"}),
    ("each-message-creates", (*BEGUN, CREATE, Settle()), set()),
    (
        "each-message-creates",
        (*BEGUN, Webhook(number=1, fate="twice"), CREATE, Settle()),
        {"one-to-one"},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "script", "laws"), STORIES)
def test_what_befalls_a_message(fault, script, laws):
    argv = (sys.executable, str(TOLD), fault)
    launch = Command(argv=argv, mode="poll", deadline_s=6.0)  # two feeds stay unread
    with InProcess() as network:
        theatre = Theatre(network, connector=f"poll:{fault}", launch=launch)
        try:
            world = theatre.world(theatre.dataflow(MAIN, MAIN, None))
            found = [violation for step in script for violation in perform(world, step)]
            world.close()
        finally:
            theatre.close()
    assert {violation.law for violation in found} == laws, found
