"""Webhooks are as the storefront's OpenAPI document and the published schema say."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from systems_driver import TOKEN, TYPES, document, documented

from tallystick.clock import Clock
from tallystick.resources import schema
from tallystick.systems import Store, build
from tallystick.vocabulary.events import Request

API = "storefront/1"
WELL = {"url": "http://127.0.0.1:9/told", "types": ["customer"]}
HEADERS = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}


@pytest.fixture
def system():
    store = Store("source", TYPES, Clock(0))
    made = build(API, store, token=TOKEN, base_url="http://system.test")
    made.offer_webhooks()
    return made


def ask(system, body=WELL, *, method="POST", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(method=method, target="/webhooks", headers=HEADERS | headers, body=raw)
    answer = system.handle(request)
    _, kind, validator = documented(API, method, "/webhooks", answer.status)
    assert answer.headers["content-type"] == kind
    validator.validate(json.loads(answer.body))
    return answer.status


def test_every_status_is_documented(system):
    assert ask(system) == 201
    assert ask(system, b"{") == 400
    assert ask(system, {"url": WELL["url"]}) == 400
    assert ask(system, authorization="Bearer wrong") == 401
    assert ask(system, method="GET") == 405
    assert ask(system, **{"content-type": "text/plain"}) == 415
    assert ask(system, {**WELL, "url": "http://example.com/"}) == 422
    assert ask(system, {**WELL, "types": ["nothing"]}) == 422
    system.throttle(5000)
    assert ask(system) == 429
    system.unavailable(5000)
    assert ask(system) == 503


def test_where_nobody_delivers_there_is_none(system):
    system.webhooks = None
    assert ask(system) == 404


def test_deliveries_are_as_the_schema_says(system):
    assert ask(system) == 201
    store = system.store
    made = store.create("Customer", {"email": "ann@example.test"})
    changed = store.replace("Customer", made.key, {"email": "bea@example.test"})
    gone = store.delete("Customer", made.key)
    bodies = [
        json.loads(delivery.body)
        for change in (made, changed, gone)
        for delivery in system.webhooks.deliveries(change, store.now_ms)
    ]
    assert [body["event"] for body in bodies] == ["created", "updated", "deleted"]
    for body in bodies:
        Draft202012Validator(schema("webhook")).validate(body)


def test_document_and_schema_say_the_same():
    published = {
        name: part
        for name, part in schema("webhook").items()
        if name not in ("$schema", "$id", "title", "description")
    }
    assert document(API)["components"]["schemas"]["Delivery"] == published
