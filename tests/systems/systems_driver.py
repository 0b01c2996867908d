"""How the shared suite speaks to a system: one small driver for each dialect, one for each skin.

Every exchange is checked against the system's OpenAPI document: its status must be in it, and its
headers and body must be as the document says.
"""

from __future__ import annotations

import json
import ssl
import string
from copy import copy
from functools import cache
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import httpx
from jsonschema import Draft202012Validator

from tallystick.clock import Clock
from tallystick.dataflow.model import RecordType
from tallystick.dataflow.paths import read
from tallystick.resources import packaged
from tallystick.systems import Store, build
from tallystick.systems.answers import encode
from tallystick.vocabulary.events import Request, Response

TOKEN = "a-token-of-the-tests"
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # spares each client the reading of certificates
BASE_URL = "http://system.test"
SAFE = string.punctuation  # what stands in a target as it is: only what is no ASCII is quoted
SCHEMA = {
    "type": "object",
    "required": ["email"],
    "additionalProperties": False,
    "properties": {
        "email": {"type": "string", "minLength": 1, "maxLength": 40},
        "name": {"type": ["string", "null"], "maxLength": 20},
        "age": {"type": ["integer", "null"], "minimum": 0},
        "credit": {"type": ["number", "null"]},
        "active": {"type": ["boolean", "null"]},
        "since": {"type": "string", "format": "date-time"},
        "grade": {"enum": ["a", "b", None]},
        "address": {"type": "object", "properties": {"city": {"type": ["string", "null"]}}},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {"sku": {"type": "string"}, "price": {"type": "number"}},
            },
        },
    },
}
TYPES = {
    "Customer": RecordType(name="Customer", path="customer", schema=SCHEMA),
    "Order": RecordType(name="Order", path="orders"),
}
DOCUMENTS = {"storefront/1": "storefront-1.json", "ledger/1": "ledger-1.json"}


@cache
def document(api):
    return json.loads(packaged("fixtures", "openapi", DOCUMENTS[api]).read_text(encoding="utf-8"))


def followed(api, node):
    """Follow a `$ref` of the document."""
    if "$ref" not in node:
        return node
    return read(document(api), tuple(node["$ref"].removeprefix("#/").split("/")))


@cache
def documented(api, method, template, status):
    """Give what the document says of an answer, and the validator of its body (None: empty)."""
    item = document(api)["paths"][template]
    answers = item["x-other-methods"] if status == 405 else item[method.lower()]["responses"]
    assert str(status) in answers, f"{api}: {method} {template} answered {status}: not documented"
    said = followed(api, answers[str(status)])
    if "content" not in said:
        return said, None, None
    ((kind, media),) = said["content"].items()
    schema = {"allOf": [media["schema"]], "components": document(api)["components"]}
    return said, kind, Draft202012Validator(schema)


class Handle:
    """Calls the system's `handle`."""

    def __init__(self, system, _network):
        self._system = system

    def carry(self, request):
        return self._system.handle(request)

    def close(self):
        pass


class Skin:
    """Goes through the in-process network with a client of httpx."""

    def __init__(self, system, network):
        self._client = httpx.Client(verify=TLS)
        self._answered = None

        def exchange(name, request):
            assert name == "target"
            self._answered = system.handle(request)
            return self._answered

        network.connect(exchange, target=BASE_URL)

    def close(self):
        self._client.close()

    def carry(self, request):
        said = self._client.request(
            request.method,
            BASE_URL + request.target,
            headers=dict(request.headers),
            content=request.body,
        )
        assert said.headers["content-length"] == str(len(said.content))
        return Response(
            status=said.status_code,
            body=said.content,
            headers=dict(said.headers),
            changes=self._answered.changes,
            answer=said.json() if said.content else None,
        )


class SocketSkin:
    """Goes over a socket, with a client that the in-process network knows nothing of."""

    def __init__(self, system, network):
        self._client = HTTPConnection(urlsplit(network.urls["target"]).netloc, timeout=30)
        self._answered = None

        def exchange(name, request):
            assert name == "target"
            self._answered = system.handle(request)
            return self._answered

        network.connect(exchange)

    def close(self):
        self._client.close()

    def carry(self, request):
        self._client.request(
            request.method,
            quote(request.target, safe=SAFE),
            body=request.body,
            headers=dict(request.headers),
        )
        said = self._client.getresponse()
        body = said.read()
        headers = {name.lower(): value for name, value in said.getheaders()}
        assert headers.pop("content-length", "0") == str(len(body))
        return Response(
            status=said.status,
            body=body,
            headers=headers,
            changes=self._answered.changes,
            answer=json.loads(body) if body else None,
        )


SKINS = {"handle": Handle, "httpx": Skin, "sockets": SocketSkin}


class Driver:
    """What the suite needs of either dialect. `data` is always the whole data of a record."""

    api = ""
    update_method = ""

    def __init__(self, skin="handle", network=None, *, numbers="", skew_ms=0):
        self.clock = Clock()
        self.store = Store("target", TYPES, self.clock, skew_ms=skew_ms)
        self.system = build(self.api, self.store, token=TOKEN, base_url=BASE_URL, numbers=numbers)
        self.skin = SKINS[skin](self.system, network)
        self.seen = set()

    def send(self, method, target, said=None, *, headers=None, raw=None, auth=f"Bearer {TOKEN}"):
        """Send one request, a millisecond after the last."""
        self.clock.advance(1)
        body = raw if raw is not None else b"" if said is None else encode(said).encode()
        full = {"authorization": auth} if auth is not None else {}
        if body:
            full["content-type"] = "application/json"
        full.update(headers or {})
        request = Request(method=method, target=target, headers=full, body=body)
        answer = self.skin.carry(request)
        if answer.body:
            assert json.loads(answer.body) == answer.answer
        self._check(request, answer)
        return answer

    def _check(self, request, answer):
        parts = urlsplit(request.target).path.split("/")
        if len(parts) not in (2, 3):
            return
        template = "/{path}/{id}" if len(parts) == 3 else "/{path}"
        if request.method.lower() not in document(self.api)["paths"][template]:
            assert answer.status in (401, 404, 405, 429, 503)
            if answer.status != 405:
                return
        said, kind, validator = documented(self.api, request.method, template, answer.status)
        if validator is not None:
            validator.validate(answer.answer)
        assert answer.headers.get("content-type") == kind
        for name, header in said.get("headers", {}).items():
            assert not header["required"] or name.lower() in answer.headers
        self.seen.add((request.method, template, answer.status))

    def at(self, mark):
        """Give a driver of the system as it was at the store's `mark`."""
        past = copy(self)
        past.skin = Handle(self.system.as_of(mark), None)
        return past

    def path(self, envelope=None, type_path="customer"):
        return f"/{type_path}" if envelope is None else f"/{type_path}/{envelope['id']}"

    def created(self, type_path="customer", **data):
        answer = self.send("POST", f"/{type_path}", {"data": data})
        assert answer.status == 201
        return answer.answer

    def read(self, envelope):
        return self.send("GET", self.path(envelope))

    def look_up(self, where, equals, size=100):
        query = f"/customer?where={quote(where)}&equals={quote(equals)}&{self.size}={size}"
        return self.read_on(query)[0]

    def conditions(self, envelope):
        return {}

    def update(self, envelope, data):
        raise NotImplementedError

    def remove(self, envelope):
        return self.send("DELETE", self.path(envelope), headers=self.conditions(envelope))

    def read_all(self, type_path="customer", size=100):
        """Read every live record; give them and where to go on for the changes since."""
        raise NotImplementedError

    def read_changes(self, cursor):
        """Read every change since; give them and where to go on."""
        raise NotImplementedError


class StorefrontDriver(Driver):
    api = "storefront/1"
    update_method = "PATCH"
    size = "per_page"
    items = "items"

    def update(self, envelope, data):
        gone = dict.fromkeys(envelope["data"].keys() - data.keys())
        return self.send("PATCH", self.path(envelope), {"data": {**gone, **data}})

    def read_on(self, target):
        found, page, pages = [], 1, 1
        while page <= pages:
            answer = self.send("GET", f"{target}&page={page}")
            assert answer.status == 200
            found += answer.answer["items"]
            page, pages = page + 1, answer.answer["pages"]
        return found, None

    def read_all(self, type_path="customer", size=100):
        found, _ = self.read_on(f"/{type_path}?per_page={size}")
        newest = max((shown["modified_at"] for shown in found), default="1970-01-01T00:00:00Z")
        return found, (type_path, newest, size)

    def read_changes(self, cursor):
        type_path, since, size = cursor
        found, _ = self.read_on(f"/{type_path}?modified_since={since}&per_page={size}")
        newest = max([since, *(shown["modified_at"] for shown in found)])
        return found, (type_path, newest, size)


class LedgerDriver(Driver):
    api = "ledger/1"
    update_method = "PUT"
    size = "top"
    items = "value"

    def conditions(self, envelope):
        return {"if-match": envelope["etag"]} if "etag" in envelope else {}

    def update(self, envelope, data):
        return self.send(
            "PUT", self.path(envelope), {"data": data}, headers=self.conditions(envelope)
        )

    def read_on(self, target):
        found = []
        while True:
            answer = self.send("GET", target)
            assert answer.status == 200
            found += answer.answer["value"]
            if "nextLink" not in answer.answer:
                return found, answer.answer["deltaLink"].removeprefix(BASE_URL)
            target = answer.answer["nextLink"].removeprefix(BASE_URL)

    def read_all(self, type_path="customer", size=100):
        return self.read_on(f"/{type_path}?top={size}")

    def read_changes(self, cursor):
        return self.read_on(cursor)


DRIVERS = {"storefront/1": StorefrontDriver, "ledger/1": LedgerDriver}
