"""The three-way merge, by tables."""

from __future__ import annotations

import pytest

from tallystick_reference.casts import Casts
from tallystick_reference.dataflow import POLICIES, Dataflow, _pair
from tallystick_reference.merge import Merge
from tallystick_reference.records import Record
from tallystick_reference.store import Link

EARLY, LATE = "2025-01-15T09:00:00Z", "2025-01-15T09:00:09.500Z"
LINKS = {("source", "s1"): 1001, ("target", 1001): "s1"}


def link(pair, side, key):
    """Know one link of the first pair."""
    other = LINKS.get((side, key))
    keys = {side: key, ("target" if side == "source" else "source"): other}
    return Link(pair=pair, **keys) if other and pair == 0 else None


def merging(*properties, **policies):
    """Give a merge and its rows."""
    types = {"source": {}, "target": {}}
    spec = {"source": "A", "target": "B", "properties": list(properties)}
    pair = _pair(0, spec, types)
    dataflow = Dataflow(dialects={}, paths={}, pairs=(pair,), policies=POLICIES | policies)
    return Merge(dataflow, Casts(), link), pair.rows


def records(source, target, later="source"):
    """Give both records, one of them modified later; None is one that is yet to be created."""
    times = {"source": EARLY, "target": EARLY, later: LATE}
    return {
        side: Record() if data is None else Record(id=side, modified_at=times[side], data=data)
        for side, data in (("source", source), ("target", target))
    }


def after(merge, rows, source, target, base=None, later="source"):
    """Merge, and give both records' data."""
    merged = merge(rows, records(source, target, later), base or {})
    return merged.records["source"].data, merged.records["target"].data


def base_of(merge, rows, source, target):
    """Give what is agreed once these records have been merged."""
    return merge(rows, records(source, target), {}).base


PLAIN = {"source": "a", "target": "x"}


@pytest.mark.parametrize(
    ("policy", "source", "target", "later", "outcome"),
    [
        # the base is 0 on both sides
        ("latest-wins", 0, 0, "source", 0),
        ("latest-wins", 1, 0, "target", 1),
        ("latest-wins", 0, 2, "source", 2),
        ("latest-wins", 1, 2, "source", 1),
        ("latest-wins", 1, 2, "target", 2),
        ("source-wins", 1, 2, "target", 1),
        ("source-wins", 0, 2, "target", 2),
        ("target-wins", 1, 2, "source", 2),
        ("target-wins", 1, 0, "source", 1),
        ("latest-wins", 3, 3, "source", 3),
        ("latest-wins", None, 0, "source", None),
        ("latest-wins", 0, None, "source", None),
        ("latest-wins", None, 2, "source", None),
        ("latest-wins", "", 0, "source", ""),
    ],
)
def test_three_ways(policy, source, target, later, outcome):
    merge, rows = merging(PLAIN, conflicts=policy)
    base = base_of(merge, rows, {"a": 0}, {"x": 0})
    found = after(merge, rows, {"a": source, "u": 1}, {"x": target, "v": 2}, base, later)
    assert found[0].get("a") == found[1].get("x") == outcome
    assert (found[0]["u"], found[1]["v"]) == (1, 2)


@pytest.mark.parametrize(
    ("source", "target", "later", "outcome"),
    [
        (None, 0, "source", (None, 0)),  # the filled one is kept
        (0, "", "target", (0, "")),
        (None, 2, "source", (2, 2)),  # an emptying that meets an edit loses to it
        (1, [], "target", (1, 1)),
        (1, 0, "source", (1, 1)),
    ],
)
def test_the_policy_keep_protects_what_is_filled(source, target, later, outcome):
    merge, rows = merging(PLAIN, empty="keep")
    base = base_of(merge, rows, {"a": 0}, {"x": 0})
    found = after(merge, rows, {"a": source}, {"x": target}, base, later)
    assert (found[0].get("a"), found[1].get("x")) == outcome


def test_what_was_kept_counts_as_in_sync_until_the_next_edit():
    merge, rows = merging(PLAIN, empty="keep")
    base = base_of(merge, rows, {"a": 0}, {"x": 0})
    base = merge(rows, records({}, {"x": 0}), base).base
    assert after(merge, rows, {}, {"x": 0}, base) == ({}, {"x": 0})
    assert after(merge, rows, {}, {"x": 5}, base) == ({"a": 5}, {"x": 5})


@pytest.mark.parametrize(
    ("source", "target", "outcome"),
    [(1, None, 1), (None, 2, 2), (1, 2, 1), ("", None, ""), (None, None, None)],
)
def test_records_just_linked_fill_each_other(source, target, outcome):
    merge, rows = merging(PLAIN)
    found = after(merge, rows, {"a": source}, {"x": target})
    assert found[0].get("a") == found[1].get("x") == outcome


def test_a_touch_is_no_edit_and_a_base_needs_no_equality():
    merge, rows = merging({"source": "a", "target": "x", "type": "integer"})
    base = base_of(merge, rows, {"a": "13.7"}, {"x": 13})
    assert after(merge, rows, {"a": "13.7"}, {"x": 13}, base) == ({"a": "13.7"}, {"x": 13})
    assert after(merge, rows, {"a": "13.7"}, {"x": 14}, base) == ({"a": "14"}, {"x": 14})


def test_an_edit_that_no_source_value_looks_like_is_left_and_a_later_one_is_carried():
    merge, rows = merging({"source": "a", "target": "x", "type": ["replace", " ", "", "_."]})
    base = base_of(merge, rows, {"a": "1 2"}, {"x": "12"})
    merged = merge(rows, records({"a": "1 2"}, {"x": " "}), base)
    assert merged.records["source"].data == {"a": "1 2"}
    found = after(merge, rows, {"a": "3 4"}, {"x": " "}, merged.base, "target")
    assert found == ({"a": "3 4"}, {"x": "34"})


FAN_OUT = ({"source": "a", "target": "x"}, {"source": "a", "target": "y", "type": "string"})


def test_fan_out_writes_back_to_the_edited_record():
    merge, rows = merging(*FAN_OUT)
    base = base_of(merge, rows, {"a": 1}, None)
    found = after(merge, rows, {"a": 1}, {"x": 1, "y": "2"}, base)
    assert found == ({"a": 2}, {"x": 2, "y": "2"})


FAN_IN = ({"source": "a", "target": "x"}, {"source": "b", "target": "x"})


def test_fan_in_keeps_the_target_equal_to_a_source_and_does_not_ping_pong():
    merge, rows = merging(*FAN_IN)
    merged = merge(rows, records({"a": 1, "b": 2}, None), {})
    assert merged.records["target"].data == {"x": 1}
    source, target = after(merge, rows, {"a": 1, "b": 3}, {"x": 1}, merged.base)
    assert (source, target) == ({"a": 1, "b": 3}, {"x": 3})
    base = merge(rows, records({"a": 1, "b": 3}, {"x": 1}), merged.base).base
    assert after(merge, rows, {"a": 1, "b": 3}, {"x": 3}, base) == (source, target)
    source, target = after(merge, rows, {"a": 1, "b": 3}, {"x": 9}, base)
    assert target["x"] == 9
    assert 9 in source.values()


REFERENCE = {"source": "ref", "target": "Ref", "reference": {"source": "A", "target": "B"}}


def test_references_hold_the_counterparts_key():
    merge, rows = merging(REFERENCE)
    assert after(merge, rows, {"ref": "s1"}, None)[1] == {"Ref": 1001}
    base = base_of(merge, rows, {}, {})
    assert after(merge, rows, {}, {"Ref": 1001}, base)[0] == {"ref": "s1"}


def test_a_reference_to_something_unknown_is_owed_until_it_is_known():
    merge, rows = merging(REFERENCE)
    merged = merge(rows, records({"ref": "new"}, None), {})
    assert merged.records["target"].data == {}
    again = merge(rows, records({"ref": "new"}, {}), merged.base)
    assert again.records["target"].data == {}
    merge.link = lambda pair, side, key: Link(pair=pair, source=key, target=7)
    assert after(merge, rows, {"ref": "new"}, {}, again.base)[1] == {"Ref": 7}


LINES = (
    {"source": "lines[].price", "target": "Lines[].Price", "type": "decimal"},
    {"source": "lines[].item", "target": "Lines[].Item", "reference": REFERENCE["reference"]},
)


def test_a_list_is_one_property_and_elements_keep_what_is_not_listed():
    merge, rows = merging(*LINES)
    assert len(rows) == 1
    source = {"lines": [{"price": "1.10", "item": "s1", "n": 1}, {"price": "2", "item": "new"}]}
    merged = merge(rows, records(source, None), {})
    target = {"Lines": [{"Price": 1.1, "Item": 1001}, {"Price": 2}]}
    assert merged.records["target"].data == target
    target["Lines"][0] |= {"Price": 3, "m": 1}
    found = after(merge, rows, source, target, merged.base)
    assert found[0]["lines"] == [
        {"price": "3", "item": "s1", "n": 1},
        {"price": "2", "item": "new"},
    ]
    assert found[1] == target
    target["Lines"].pop(0)
    found = after(merge, rows, source, target, merged.base)
    assert [line["price"] for line in found[0]["lines"]] == ["2"]


def test_where_both_sides_changed_a_list_one_sides_whole_list_stands():
    merge, rows = merging({"source": "l[].a", "target": "L[].A"})
    base = base_of(merge, rows, {"l": [{"a": 1}, {"a": 2}]}, None)
    found = after(merge, rows, {"l": [{"a": 5}, {"a": 2}]}, {"L": [{"A": 1}, {"A": 6}]}, base)
    assert found == ({"l": [{"a": 5}, {"a": 2}]}, {"L": [{"A": 5}, {"A": 2}]})


WHEN = {"side": "target", "path": "Kind", "equals": "firm"}


def test_a_condition_on_the_record_is_fulfilled_by_a_new_one_and_else_decides():
    merge, rows = merging({"source": "name", "target": "Firm", "when": [WHEN]})
    assert after(merge, rows, {"name": "A"}, None)[1] == {"Kind": "firm", "Firm": "A"}
    assert after(merge, rows, {}, None)[1] == {}
    person = {"Kind": "person"}
    assert after(merge, rows, {"name": "A"}, dict(person)) == ({"name": "A"}, person)


def test_a_key_always_stands():
    merge, rows = merging({"source": {"key": True}, "target": "No"})
    assert after(merge, rows, {}, None)[1] == {"No": "source"}
    assert after(merge, rows, {}, {"No": "typed"}, later="target")[1] == {"No": "source"}
    merge, rows = merging({"source": "no", "target": {"key": True}})
    assert after(merge, rows, {"no": "typed"}, None) == ({"no": "typed"}, {})
    assert after(merge, rows, {"no": "typed"}, {})[0] == {"no": "target"}


def test_what_equals_one_of_its_sources_is_not_overwritten_by_another():
    merge, rows = merging(PLAIN, {"source": "a", "target": "y"}, {"source": "b", "target": "y"})
    before = records({"a": 0, "b": 0}, {"x": 0, "y": 0})
    base = merge(rows, before, {}).base
    merged = merge(rows, records({"a": 0, "b": 0}, {"x": 1, "y": 2}), base)
    assert merged.records["target"].data == {"x": 1, "y": 2}
    assert merged.records["source"].data == {"a": 1, "b": 2}


def test_what_goes_up_into_an_element_goes_down_again_by_any_row_that_sees_it():
    kind = {"side": "source", "path": "l[].kind", "equals": "main"}
    merge, rows = merging(
        {"source": "l[].a", "target": "x"}, {"source": "l[].a", "target": "y", "when": [kind]}
    )
    main = {"kind": "main", "a": 1}
    base = base_of(merge, rows, {"l": [main]}, {"x": 1, "y": 1})
    found = after(merge, rows, {"l": [main]}, {"x": 2, "y": 1}, base, later="target")
    assert found == ({"l": [main | {"a": 2}]}, {"x": 2, "y": 2})


def test_a_row_that_does_not_apply_has_nothing_written_though_another_writes_there():
    merge, rows = merging(PLAIN, {"source": "b", "target": "x", "when": [WHEN]})
    merged = merge(rows, records({"a": 1, "b": 2}, {"Kind": "person"}), {})
    first, _ = (row.name for row in rows)
    assert merge.written(rows, merged, "target") == {first: [1, 1]}


def test_a_write_in_doubt_that_has_landed_counts_as_agreed():
    merge, rows = merging(PLAIN)
    base = base_of(merge, rows, {"a": 0}, {"x": 0})
    (name,) = base
    sent = {"target": {name: [1, 1]}}
    assert merge.landed(rows, records({"a": 2}, {"x": 1}), base, sent) == {name: [1, 1]}
    assert merge.landed(rows, records({"a": 2}, {"x": 0}), base, sent) == base


def test_a_write_in_doubt_that_has_landed_on_one_of_two_sides_is_carried_on():
    merge, rows = merging(PLAIN, {"source": "a", "target": "y"})
    base = base_of(merge, rows, {"a": 0}, {"x": 0, "y": 0})
    first, second = base
    sent = {"source": {first: [1, 1], second: [1, 1]}, "target": {second: [1, 1]}}
    half = records({"a": 1}, {"x": 1, "y": 0})
    assert merge.landed(rows, half, base, sent) == {first: [1, 1], second: [0, 0]}
    edited = records({"a": 1}, {"x": 1, "y": 2})
    assert merge.landed(rows, edited, base, sent) == {first: [1, 1], second: [1, 1]}


def test_merging_leaves_what_it_was_given_alone():
    merge, rows = merging(PLAIN, *LINES)
    before = records({"a": 1, "lines": [{"price": 1}]}, {"Lines": [{"Price": 2}]})
    merge(rows, before, {})
    assert before["source"].data == {"a": 1, "lines": [{"price": 1}]}
    assert before["target"].data == {"Lines": [{"Price": 2}]}
