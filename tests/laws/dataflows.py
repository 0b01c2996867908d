"""The dataflows of the laws' tests, by name: as small as can be, each with one thing to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from histories import flow, pair, row

from tallystick.dataflow.model import Creation, Dataflow

AX = pair("A", "X", row("name"), row("n"))
BY_NAME = pair("A", "X", row("name"), row("n"), merge=[["name"]])
ORDERS = pair("B", "Y", row("title"), row("of", "Of", ref=("A", "X")))
CHAIN = pair("B", "Y", row("title"), row("next", "Next", ref=("B", "Y")))
LINES = pair(
    "A", "X", row("name"), row("lines[].sku", "Lines[].Sku"), row("lines[].n", "Lines[].N")
)
SHORT = {"X": {"type": "object", "properties": {"Name": {"type": "string", "maxLength": 4}}}}
LEDGERS = ("ledger/1", "ledger/1")
SHOPS = ("storefront/1", "storefront/1")

UNKNOWN = row("c[].i", "Code", "unknown")

MADE: dict[str, Any] = {
    "plain": lambda: flow(AX),
    "ledgers": lambda: flow(AX, apis=LEDGERS),
    "shops": lambda: flow(AX, apis=SHOPS),
    "turned": lambda: flow(AX, apis=("ledger/1", "storefront/1")),
    "source-wins": lambda: flow(AX, conflicts="source-wins"),
    "target-wins": lambda: flow(AX, conflicts="target-wins"),
    "detach": lambda: flow(AX, deletions="detach"),
    "detach-fan-out": lambda: flow(
        pair("A", "X", row("name", "First"), row("name", "Second")), deletions="detach"
    ),
    "detach-key": lambda: flow(pair("A", "X", row("name"), row("key", "No")), deletions="detach"),
    "keep": lambda: flow(AX, empty="keep"),
    "both": lambda: flow(AX, create="both"),
    "merge": lambda: flow(BY_NAME),
    "merge-both": lambda: flow(BY_NAME, create="both"),
    "merge-keep": lambda: flow(BY_NAME, empty="keep"),
    "never": lambda: flow(pair("A", "X", row("name"), when="never", merge=[["name"]])),
    "condition": lambda: flow(
        pair("A", "X", row("name"), when="condition", condition=[("open", "yes")])
    ),
    "prose": lambda: flow(pair("A", "X", row("name"), when="condition")),
    "connected": lambda: flow(pair("A", "X", row("name"), when="connected", by=["B"]), ORDERS),
    "orders": lambda: flow(AX, ORDERS),
    "orders-first": lambda: flow(ORDERS, AX),
    "chain": lambda: flow(AX, CHAIN),
    "bare": lambda: flow(pair("A", "X")),
    "bare-detach": lambda: flow(pair("A", "X"), deletions="detach"),
    "lines": lambda: flow(LINES),
    "lines-shops": lambda: flow(LINES, apis=SHOPS),
    "cast": lambda: flow(pair("A", "X", row("name"), row("n", "N", "integer"))),
    "blanks": lambda: flow(
        pair("A", "X", row("name", "Name", ["replace", " ", "", "_."]), row("n"))
    ),
    "unknown": lambda: flow(pair("A", "X", row("name", "Name", "unknown"), row("n"))),
    "key": lambda: flow(pair("A", "X", row("name"), row("key", "No"))),
    "key-back": lambda: flow(pair("A", "X", row("name"), row("no", "key"))),
    "fan-out": lambda: flow(pair("A", "X", row("name", "First"), row("name", "Second"), row("n"))),
    "fan-in": lambda: flow(pair("A", "X", row("p", "In"), row("q", "In"), row("n"))),
    "fan-in-keep": lambda: flow(
        pair("A", "X", row("p", "In"), row("q", "In"), row("n")), empty="keep"
    ),
    "fan-in-merge": lambda: flow(
        pair("A", "X", row("p", "In"), row("q", "In"), row("n"), merge=[["n"]])
    ),
    "when": lambda: flow(
        pair("A", "X", row("name"), row("phone", "Mobile", when=("target", "Kind", "on")))
    ),
    "when-listed": lambda: flow(
        pair(
            "A",
            "X",
            row("name"),
            row("kind", "Kind"),
            row("phone", "Mobile", when=("target", "Kind", "on")),
        )
    ),
    "phones": lambda: flow(
        pair(
            "A",
            "X",
            row("name"),
            row("phone", "Phones[].Number", when=("target", "Phones[].Kind", "on")),
        )
    ),
    "one-sided": lambda: flow(pair("A", "X", row("name"), row("mail", "Mails[].At"))),
    "two-in-one-element": lambda: flow(
        pair("A", "X", row("name"), row("name", "Mails[].Of"), row("mail", "Mails[].At"))
    ),
    "dash": lambda: flow(
        pair("A", "X", row("name", "Name", ["if", ["is-empty", "_."], "-", "_."]), row("n"))
    ),
    "merged-twice": lambda: flow(
        pair("A", "X", row("name")),
        pair(
            "A", "Y", row("name", "Title"), row("n", "Code"), when="never", merge=[[("n", "Code")]]
        ),
    ),
    "two-pairs": lambda: flow(pair("A", "X", row("name")), pair("A", "Y", row("name", "Title"))),
    "shared": lambda: flow(
        pair("A", "X", row("d", "Fax"), row("d", "Code"), row("b", "Code"), UNKNOWN)
    ),
    "twins": lambda: flow(pair("A", "X"), pair("A", "X", row("name"))),
    "twin-rows": lambda: flow(
        pair("A", "X"), pair("A", "X", row("name")), pair("A", "X", row("title"))
    ),
    "twin-in-prose": lambda: flow(
        replace(pair("A", "X"), create=Creation(when="never", unspecified="prose")),
        pair("A", "X", row("name")),
    ),
    "two-lists": lambda: flow(
        pair("A", "X", row("lines[].sku", "Lines[].Sku")),
        pair("A", "Y", row("lines[].n", "Rows[].N")),
    ),
    "two-sources": lambda: flow(pair("A", "X", row("name")), pair("B", "X", row("title", "Name"))),
    "refused": lambda: flow(AX, ORDERS, schemas=SHORT),
    "stranger": lambda: flow(AX, types=[("target", "Z"), ("source", "Q")]),
}


def dataflow(name: str) -> Dataflow:
    """Give one of them, made afresh."""
    made: Dataflow = MADE[name]()
    return made
