from __future__ import annotations

import pytest

from tallystick.checklist.cells import is_hub_id, looks_like_reference, read_cell


def dependencies(text):
    return [(one.value, one.path) for one in read_cell(text).dependencies]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phones.number", []),
        ("x (Dependant on having mobile in phones.kind)", [("mobile", "phones.kind")]),
        (
            "x (Dependant on having a in kDependant on having b in m)",
            [("a", "k"), ("b", "m")],
        ),
        (
            "x (Dependant on having a in k)(Dependant on having b in m)",
            [("a", "k"), ("b", "m")],
        ),
        ("x (Dependant on having a in kDependant on having a in k)", [("a", "k")]),
        ("x (Dependant on having  in  )", [("", "")]),
        ("x (Dependant on having a in  )", [("a", "")]),
        ("x (Dependant on having  in k)", [("", "k")]),
        ("x (Dependant on having made in Oslo in k)", [("made in Oslo", "k")]),
        ("x (Dependant on having home (old) in k)", [("home (old)", "k")]),
        ("x (Dependant on having a)", [("a", "")]),
        ("x (dependant ON having a in k)", [("a", "k")]),
        ("x (Dependant on having wd:Q123 in k)", [("wd:Q123", "k")]),
    ],
)
def test_dependencies(text, found):
    assert dependencies(text) == found
    assert read_cell(text).path == text.split(" ", 1)[0]
    assert read_cell(f" \t{text}\t ").text == text


def test_a_cell_is_never_markup():
    assert read_cell("*a*.`b`_|c|").path == "*a*.`b`_|c|"
    assert read_cell("").path == ""


@pytest.mark.parametrize("value", ["wd:Q12345", "acme-customer:KindType", "hub:42", "a:b:c"])
def test_hub_ids(value):
    assert is_hub_id(value)


@pytest.mark.parametrize("value", ["mobile", "12:30", "a b:c", "https://x", ""])
def test_other_values(value):
    assert not is_hub_id(value)


@pytest.mark.parametrize("path", ["id", "customer.id", "customerId", "a.productKey", "gid"])
def test_references(path):
    assert looks_like_reference(path)


@pytest.mark.parametrize("path", ["paid", "id.name", "keys", "monkey", "valid", "grid"])
def test_no_references(path):
    assert not looks_like_reference(path)
