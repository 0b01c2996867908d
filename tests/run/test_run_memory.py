"""What failed is remembered for each connector and pair, and never a reason to fail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from run_agreed import small

from tallystick.canonical import MISSING
from tallystick.run.memory import Memory
from tallystick.vocabulary.script import Create, Edit, KeyOf, Ref, Settle
from tallystick.vocabulary.weather import During, Kill

AGREED = small()
[PAIR] = AGREED.pairs
ANN = Ref("\U0001f9fe\u2028", "Thing")
SCRIPT = (
    Create(side="source", record=ANN, values=(("name", "\ud83e"), ("note", MISSING))),
    Kill(request=1, moment="after"),
    During(request=2, step=Edit(side="source", record=ANN, values=(("friend", KeyOf(ANN.label)),))),
    Settle(),
)


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "deep" / "memory")


def test_nothing_is_known_at_first(memory):
    assert memory.recall("a", AGREED, PAIR) is None
    memory.forget("a", AGREED, PAIR)
    assert not memory.folder.exists()


def test_what_is_remembered_is_recalled_until_it_is_forgotten(memory):
    memory.remember("a", AGREED, PAIR, SCRIPT)
    assert memory.recall("a", AGREED, PAIR) == SCRIPT
    memory.remember("a", AGREED, PAIR, SCRIPT[:1])
    assert memory.recall("a", AGREED, PAIR) == SCRIPT[:1]
    assert len(list(memory.folder.iterdir())) == 1
    memory.forget("a", AGREED, PAIR)
    assert memory.recall("a", AGREED, PAIR) is None
    assert list(memory.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("connector", "dataflow", "pair"),
    [
        ("b", AGREED, PAIR),
        ("a", small(target="storefront/1"), PAIR),
        ("a", replace(AGREED, source=replace(AGREED.source, system="Other")), PAIR),
        ("a", AGREED, replace(PAIR, number=2)),
    ],
)
def test_each_connector_and_pair_has_a_memory_of_its_own(memory, connector, dataflow, pair):
    memory.remember("a", AGREED, PAIR, SCRIPT)
    assert memory.recall(connector, dataflow, pair) is None
    memory.remember(connector, dataflow, pair, ())
    assert memory.recall("a", AGREED, PAIR) == SCRIPT
    assert memory.recall(connector, dataflow, pair) == ()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\xfe", b"[]", b"{}", b"null", b'{"script": null}'),
        *(b'{"script": [{"do": "dance"}]}', b'{"script": [{"do": "wait"}]}', b'{"script": [1]}'),
    ],
)
def test_what_cannot_be_read_is_forgotten(memory, content):
    memory.remember("a", AGREED, PAIR, SCRIPT)
    [path] = memory.folder.iterdir()
    path.write_bytes(content)
    assert memory.recall("a", AGREED, PAIR) is None
    memory.remember("a", AGREED, PAIR, SCRIPT)
    assert memory.recall("a", AGREED, PAIR) == SCRIPT
