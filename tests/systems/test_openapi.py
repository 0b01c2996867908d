"""The OpenAPI documents and the systems say the same: every route, parameter and status.

Beside what stands here, the driver checks every exchange of the other tests against the document.
"""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from systems_driver import DOCUMENTS, DRIVERS, document, followed

EMAIL = {"email": "ann@example.test"}
ONLY_WEATHER = {500}  # no system answers it by itself
WEBHOOKS = "/webhooks"  # its tests: test_webhook_documents.py
BODIES = ("POST", "PUT", "PATCH")
EVERYTHING = [
    (api, method.upper(), template, int(status))
    for api in DOCUMENTS
    for template, item in document(api)["paths"].items()
    if template != WEBHOOKS
    for method, operation in item.items()
    if method not in ("parameters", "x-other-methods")
    for status in operation["responses"]
    if int(status) not in ONLY_WEATHER
]


def send(driver, method, target, **more):
    said = {"data": EMAIL} if method in BODIES else None
    return driver.send(method, target, more.pop("said", said), **more)


def target(driver, template, one):
    return driver.path() if template == "/{path}" else driver.path(one)


def well(driver, method, template, one):
    return send(driver, method, target(driver, template, one), headers=driver.conditions(one))


def replayed(driver, method, template, one):
    if method != "POST":
        return well(driver, method, template, one)
    headers = {"idempotency-key": "1"}
    send(driver, method, "/customer", headers=headers)
    return send(driver, method, "/customer", headers=headers)


def expired(driver, method, template, one):
    if template == "/{path}":
        _, cursor = driver.read_all()
        driver.system.expire_deltas()
        return driver.send("GET", cursor)
    driver.remove(one)
    return well(driver, method, template, one)


def taken(driver, method, template, _one):
    said = {"data": EMAIL, "external_reference": "a"}
    send(driver, method, target(driver, template, None), said=said)
    return send(driver, method, target(driver, template, None), said=said)


def stale(driver, method, template, one):
    return send(driver, method, target(driver, template, one), headers={"if-match": "old"})


def bare(driver, method, template, one):
    return send(driver, method, target(driver, template, one))


def closed(close):
    def provoke(driver, method, template, one):
        getattr(driver.system, close)(driver.clock.now_ms + 2000)
        return bare(driver, method, template, one)

    return provoke


def with_body(said):
    def provoke(driver, method, template, one):
        headers = driver.conditions(one)
        return send(driver, method, target(driver, template, one), said=said, headers=headers)

    return provoke


def big(driver, method, template, one):
    raw = b" " * (1 << 20) + b"{}"
    return driver.send(method, target(driver, template, one), raw=raw)


def as_text(driver, method, template, one):
    headers = {"content-type": "text/plain"}
    return send(driver, method, target(driver, template, one), headers=headers)


PROVOKED = {
    200: replayed,
    201: well,
    204: well,
    400: lambda driver, method, template, one: send(
        driver, method, target(driver, template, one) + "?unheard=of"
    ),
    401: lambda driver, method, template, one: send(
        driver, method, target(driver, template, one), auth=None
    ),
    404: lambda driver, method, template, one: send(
        driver, method, "/nothing" if template == "/{path}" else "/customer/999"
    ),
    409: taken,
    410: expired,
    412: stale,
    413: big,
    415: as_text,
    422: with_body({"data": {"email": 5}}),
    428: bare,
    429: closed("throttle"),
    503: closed("unavailable"),
}


@pytest.mark.parametrize(("api", "method", "template", "status"), EVERYTHING)
def test_every_documented_status_can_be_met(api, method, template, status):
    driver = DRIVERS[api]()
    one = driver.created(**EMAIL)
    answer = PROVOKED[status](driver, method, template, one)
    assert answer.status == status
    assert (method, template, status) in driver.seen


@pytest.mark.parametrize("api", DOCUMENTS)
def test_routes_and_documents_list_each_other(api):
    routes = {(route.method, route.template): route for route in DRIVERS[api]().system.routes}
    operations = {
        (method.upper(), template): operation
        for template, item in document(api)["paths"].items()
        if template != WEBHOOKS
        for method, operation in item.items()
        if method not in ("parameters", "x-other-methods")
    }
    assert routes.keys() == operations.keys()
    for place, operation in operations.items():
        parameters = [followed(api, one) for one in operation.get("parameters", [])]
        queries = {one["name"] for one in parameters if one["in"] == "query"}
        assert queries == routes[place].parameters


@pytest.mark.parametrize("api", DOCUMENTS)
def test_documents_are_sound(api):
    said = document(api)
    assert said["openapi"] == "3.1.0"
    assert said["info"]["title"] == api
    names = [
        operation["operationId"]
        for item in said["paths"].values()
        for method, operation in item.items()
        if method not in ("parameters", "x-other-methods")
    ]
    assert len(set(names)) == len(names)
    used = set()

    def walk(node):
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            if "$ref" in node:
                assert isinstance(followed(api, node), dict), node
                used.add(node["$ref"])
            for part in node.values():
                walk(part)

    walk(said)
    components = said["components"]
    listed = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses", "parameters")
        for name in components[kind]
    }
    assert used == listed
    for schema in components["schemas"].values():
        Draft202012Validator.check_schema(schema)
