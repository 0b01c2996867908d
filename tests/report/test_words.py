"""Every breach that a law can name has its words, and no words are left over."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import tallystick.laws
from tallystick.laws.law import OddityLaw
from tallystick.laws.registry import ALL_LAWS
from tallystick.laws.words import LAW_WORDS, REFERENCE_WORDS, WORDS
from tallystick.vocabulary.laws import LAWS

FOLDER = Path(tallystick.laws.__file__).parent
EITHER = ("in-sync", "references")  # where the law depends on the property
PARTS = {
    "elsewhere", "expected", "first", "found", "note", "opposite", "other_system", "owner",
    "policy", "property", "second", "source", "system", "target",
}  # fmt: skip


def _texts(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    return []


def _law_name(tree: ast.ClassDef) -> str:
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "name":
            return _texts(node.value)[0]
    return ""


def _callee(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _named(call: ast.Call, law: str) -> Iterator[tuple[str, str]]:
    """Give the (law, anomaly) pairs that one call names."""
    given: dict[str, ast.expr] = {word.arg: word.value for word in call.keywords if word.arg}
    match _callee(call):
        case "violation" if len(call.args) > 1:
            laws, anomalies = _texts(call.args[0]), _texts(call.args[1])
            laws = laws or ([law] if isinstance(call.args[0], ast.Attribute) else list(EITHER))
        case "_violation" if call.args:
            laws, anomalies = [law], _texts(call.args[0])
        case "_failed" if len(call.args) > 2:
            laws, anomalies = _texts(call.args[1]), _texts(call.args[2])
        case "Ending":
            laws, anomalies = _texts(given.get("law")) or list(EITHER), _texts(given.get("anomaly"))
        case _:
            return
    yield from ((one, anomaly) for one in laws if one for anomaly in anomalies)


def emitted() -> set[tuple[str, str]]:
    found = {
        (law.name, kind) for law in ALL_LAWS if issubclass(law, OddityLaw) for kind in law.kinds
    }
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        inner = {id(node): _law_name(each) for each in classes for node in ast.walk(each)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= set(_named(node, inner.get(id(node), "")))
    return found


def test_the_search_finds_what_is_known() -> None:
    assert {
        ("linked", "missing"), ("polite", "did-not-wait"), ("in-sync", "drifted"),
        ("references", "created-first"), ("economical", "then-writes"), ("runs", "gave-up"),
    } <= emitted()  # fmt: skip


def test_every_breach_has_words() -> None:
    assert emitted() - WORDS.keys() == set()


def test_no_words_are_left_over() -> None:
    assert WORDS.keys() - emitted() == set()


def test_every_law_is_explained() -> None:
    assert list(LAW_WORDS) == list(LAWS)
    assert {law for law, _ in WORDS} == set(LAWS)


@pytest.mark.parametrize("sentence", [*WORDS.values(), *REFERENCE_WORDS.values()])
def test_sentences_ask_for_nothing_unknown(sentence: str) -> None:
    used = {part for _, part, _, _ in string.Formatter().parse(sentence) if part}
    assert used <= PARTS
