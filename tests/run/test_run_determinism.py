"""One script gives one journal, byte for byte, in any process and in any weather."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.connectors.environment import TOKENS

PLAY = """
import random, sys
from tallystick.journal.journal import to_lines
from tallystick.run.explore import try_script
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script import *
from tallystick.vocabulary.weather import *

ann, bob, order = Ref("Ann", "Customer"), Ref("Bob", "Customer"), Ref("O1", "Order")
hers = Ref("Ann", "Customer", ONLY)
rename = Edit(side="target", record=hers, values=(("LastName", "Zoe\u0308"),))
calm = (
    Create(side="source", record=ann),
    Create(side="source", record=bob, values=(("email", "bob@x.example"),)),
    Create(side="source", record=Ref("P1", "Product")),
    Create(side="source", record=order, values=(("customerId", KeyOf("Ann")),)),
    Settle(),
    Edit(side="source", record=ann, values=(("lastName", "L"), ("billing.city", None))),
    rename,
    Settle(),
    Delete(side="source", record=bob),
    Delete(side="source", record=bob),
    Settle(),
)
rough = (
    *calm[:4],
    Fault(request=2, fault="unavailable", seconds=2),
    Fault(request=6, fault="stall"),
    Fault(request=9, fault="short-list"),
    Kill(request=2, moment="during", counting="write"),
    Settle(),
    *calm[5:7],
    During(request=3, step=Clear(side="source", record=ann, path="billing.city")),
    Fault(request=1, fault="reset-after", counting="write"),
    Fault(request=5, fault="cut"),
    Many(side="source", type="Customer", number=12, label="M"),
    Settle(),
    *calm[8:],
)
with InProcess() as network:
    for weather, script in {"calm": calm, "rough": rough}.items():
        theatre = Theatre(network)
        agreed = theatre.dataflow("customwebshop-customerp", "customwebshop-customerp", None)
        journal = try_script(theatre, agreed, script).journal
        text = "".join(line + "\\n" for line in to_lines(journal))
        sys.stdout.buffer.write(text.encode())
        theatre.close()
"""


@pytest.fixture(scope="module")
def written():
    """What two processes wrote that hash differently."""
    texts = []
    for seed in ("1", "4711"):
        paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": paths,
            "TZ": f"X{seed[0]}",
        }
        done = subprocess.run(
            [sys.executable, "-c", PLAY], env=environment, capture_output=True, check=True
        )
        texts.append(done.stdout)
    return texts


def test_byte_for_byte(written):
    one, other = written
    assert one == other


def test_the_weather_did_come(written):
    text = written[0].decode()
    calm, rough = text.removesuffix("\n").split('{"end":true', 2)[:2]
    assert '"fault"' not in calm.split("\n", 1)[1]
    for part in ("unavailable", "stall", "short-list", "reset-after", "cut", '"killed"'):
        assert part in rough.split("\n", 2)[2], part
    assert '"skipped"' in calm
    assert '"skipped"' in rough


def test_and_no_token_is_in_it(written):
    assert not [token for token in TOKENS.values() if token.encode() in written[0]]
