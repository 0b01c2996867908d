"""The pages for people stay true: commands, links and examples are what they say."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tallystick.cli import main as cli
from tallystick.levels.sets import CURRENT
from tallystick.resources import schema
from tallystick.vocabulary.gherkin import read_feature
from tallystick.vocabulary.laws import LAWS

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("reference/**/README.md")],
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
INLINE = re.compile(r"`((?:\.venv/bin/)?tallystick [^`]+)`")
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def blocks(page, *languages):
    text = page.read_text(encoding="utf-8")
    return [body for language, body in FENCE.findall(text) if language in languages]


def anchors(page):
    """Give the names that GitHub gives to a page's headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in found}


def commands(page):
    """Give every call of tallystick that a page shows, as a list of words."""
    lines = [
        line.split("#")[0]
        for body in blocks(page, "sh", "console")
        for line in body.replace("\\\n", " ").splitlines()
    ]
    parts = [part for line in lines for part in re.split(r"&&|;|\|", line)]
    shown = [*parts, *INLINE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))]
    for text in shown:
        words = shlex.split(text.replace("…", "").lstrip("$ "))
        if words and Path(words[0]).name == "tallystick":
            yield words[1:]


def check(words):
    """Parse a command as click would; what it names need not be there."""
    command, context = cli, click.Context(cli)
    while isinstance(command, click.Group):
        _, words, _ = command.make_parser(context).parse_args(list(words))
        if not words:
            return
        name, command, words = command.resolve_command(context, words)
        context = click.Context(command, parent=context, info_name=name)
    command.make_parser(context).parse_args(list(words))


@by_page
def test_commands_exist_with_their_options(page):
    for words in commands(page):
        wanted = [word.replace("[", "").replace("]", "") for word in words]
        try:
            check(wanted)
        except click.UsageError as error:
            pytest.fail(f"tallystick {' '.join(words)}: {error.format_message()}")


def test_a_wrong_command_is_found():
    for wrong in (["run", "--no-such-option"], ["walk"], ["expect", "nothing"]):
        with pytest.raises(click.UsageError):
            check(wrong)
    assert sum(1 for page in PAGES for _ in commands(page)) > 30


@by_page
def test_links_lead_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


@by_page
def test_examples_can_be_read(page):
    for body in blocks(page, "json"):
        json.loads(body)
    for body in blocks(page, "toml"):
        tomllib.loads(body)
    for body in blocks(page, "yaml"):
        yaml.safe_load(body)
    for body in blocks(page, "gherkin"):
        assert read_feature(body, file=page.name).scenarios


def test_the_contract_s_examples_are_what_the_schemas_say():
    examples = [json.loads(body) for body in blocks(ROOT / "docs" / "contract.md", "json")]
    dataflows = [each for each in examples if "format" in each]
    assert len(dataflows) == 1
    Draft202012Validator(schema("dataflow")).validate(dataflows[0])
    [delivery] = [each for each in examples if "record_id" in each]
    Draft202012Validator(schema("webhook")).validate(delivery)
    lines = [each for each in examples if "format" not in each and each is not delivery]
    assert len(lines) == 4
    for line in lines:
        Draft202012Validator(schema("stdio")).validate(line)


def test_every_law_and_level_is_told_and_no_other():
    text = (ROOT / "docs" / "laws.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == list(LAWS)
    assert re.findall(r"^\| \*(\w+)\* \|", text, re.MULTILINE) == [
        level.name for level in CURRENT.levels
    ]
    assert CURRENT.date in text
    assert "a draft" in text


@pytest.mark.parametrize("path", sorted(ROOT.glob("fixtures/openapi/*.json")), ids=lambda p: p.stem)
def test_the_apis_are_described_as_openapi(path):
    validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name", ["stdio", "webhook", "dataflow", "connector", "verdict", "journal"]
)
def test_schemas_are_schemas(name):
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(
    "line",
    [
        {"ready": False},
        {"id": 0, "do": "sync"},
        {"id": 1, "did": "sync", "failed": "why"},
        {"id": 1, "did": "something"},
        {"did": "sync"},
        {"id": 1, "failed": None},
    ],
)
def test_other_lines_are_none_of_the_protocol(line):
    assert not Draft202012Validator(schema("stdio")).is_valid(line)
