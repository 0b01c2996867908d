"""Lenses: where a property sits, and what writing it leaves alone."""

from __future__ import annotations

import pytest

from tallystick_reference.dataflow import _row
from tallystick_reference.records import Record
from tallystick_reference.values import NoValue


def lens(path, *others, side="target", opposite="x", **equals):
    """Give the lens of a path; `Kind="mobile"` stands for a condition in its list."""
    way = path.partition("[]")[0]
    when = [{"side": side, "path": f"{way}[].{k}", "equals": v} for k, v in equals.items()]
    specs = [{"source": opposite, "target": p, "when": when} for p in (path, *others)]
    return _row(specs, {}).lenses[side]


def written(lens, data, value, old=None):
    record = Record(id=1, data=data)
    lens.write(record, value, old)
    return record.data


def test_without_conditions_any_element_satisfies_and_the_one_that_held_the_value_is_written():
    emails = lens("Emails[].Address")
    data = {"Emails": [{"Address": "a", "main": 1}, {"Address": "b", "main": 0}]}
    assert emails.values(Record(data=data)) == ["a", "b"]
    assert emails.read(Record(data=data), "b") == "b"
    assert emails.read(Record(data=data), "gone") == "a"
    after = [{"Address": "a", "main": 1}, {"Address": "z", "main": 0}]
    assert written(emails, data, "z", "b") == {"Emails": after}
    assert written(emails, {}, "z") == {"Emails": [{"Address": "z"}]}
    assert written(emails, {}, None) == {}


def test_an_empty_segment_is_a_name_like_any_other():
    assert written(lens("lines[]..sku"), {}, "x") == {"lines": [{"": {"sku": "x"}}]}
    assert written(lens("lines..sku"), {}, "x") == {"lines": {"": {"sku": "x"}}}


def test_lists_of_plain_values_lose_what_is_emptied():
    tags = lens("Tags[]")
    assert written(tags, {"Tags": ["a", "b"]}, "c", "b") == {"Tags": ["a", "c"]}
    assert written(tags, {"Tags": ["a", "b"]}, None, "b") == {"Tags": ["a"]}


def test_a_condition_picks_the_element_or_makes_it():
    mobile = lens("Phones[].Number", Kind="mobile")
    home = {"Kind": "home", "Number": "1"}
    assert mobile.values(Record(data={"Phones": [home]})) == [None]
    made = {"Kind": "mobile", "Number": "2"}
    assert written(mobile, {"Phones": [home]}, "2") == {"Phones": [home, made]}
    after = {"Kind": "mobile", "Number": "3", "note": "x"}
    assert written(mobile, {"Phones": [home, after | {"Number": "2"}]}, "3") == {
        "Phones": [home, after]
    }
    assert written(mobile, {"Phones": [home]}, None) == {"Phones": [home]}


def test_a_table_keeps_what_no_column_speaks_of():
    table = lens("Lines[].Price", "Lines[].Item", opposite="lines[].x")
    data = {"Lines": [{"Price": 1, "Item": "a", "Note": "n"}, {"Price": 2, "Item": "b"}]}
    assert table.values(Record(data=data)) == [[[1, "a"], [2, "b"]]]
    value = [[5, "a"], [2, NoValue.UNKNOWN], [3, "c"]]
    after = [
        {"Price": 5, "Item": "a", "Note": "n"},
        {"Price": 2, "Item": "b"},
        {"Price": 3, "Item": "c"},
    ]
    assert written(table, data, value) == {"Lines": after}
    assert written(table, data, [[5, "a"]]) == {"Lines": after[:1]}
    assert written(table, data, []) == {"Lines": []}
    assert written(table, data, None) == {}
    assert table.values(Record(data={})) == [None]


@pytest.mark.parametrize("data", [{"Lines": None}, {"Lines": "x"}, {"Lines": {}}])
def test_what_is_no_list_has_no_rows(data):
    assert lens("Lines[].Price", opposite="lines[].x").values(Record(data=data)) == [None]
