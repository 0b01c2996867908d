"""The page's server: it does what its own page asks for, and nothing for any other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from sandbox_cases import PATIENCE_S, ask, do, served, settled

from tallystick.sandbox import PageServer


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with served() as running:
        yield running


def test_the_page_is_the_same_for_everybody_and_holds_no_secret(server: PageServer) -> None:
    answer, text = ask(server, "/", Authorization=None)
    assert answer.status == 200
    assert server.token.encode() not in text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(rb"<(script|link|img)[^>]+(src|href)=.?https?:", text)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/events", {"Authorization": None}, 401),
        ("GET", "/scenario", {"Authorization": "Bearer nonsense"}, 401),
        ("GET", "/scenario", {"Authorization": "Bearer é"}, 401),
        ("GET", "/", {"Host": "evil.example"}, 403),
        ("GET", "/", {"Host": "127.0.0.1"}, 403),
        ("GET", "/scenario", {"Origin": "https://evil.example"}, 403),
        ("GET", "/scenario", {"Origin": "null"}, 403),
        ("GET", "/scenario", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("GET", "/scenario", {"Sec_Fetch_Site": "same-site"}, 403),
        ("POST", "/do/burst", {"Origin": None}, 403),
        ("POST", "/do/burst", {"Origin": "http://127.0.0.1:1"}, 403),
        ("POST", "/do/burst", {"Host": "rebound.example"}, 403),
        ("POST", "/do/burst", {"Authorization": None}, 401),
        ("POST", "/do/burst", {"Content_Type": "text/plain"}, 415),
        ("OPTIONS", "/do/burst", {}, 501),
        ("GET", "/no-such-thing", {}, 422),
    ],
)
def test_others_are_turned_away(
    server: PageServer, method: str, path: str, headers: dict[str, str | None], status: int
) -> None:
    before = len(server.sandbox.steps)
    answer, _ = ask(server, path, method, {} if method == "POST" else None, **headers)
    assert answer.status == status
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert len(server.sandbox.steps) == before


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("create", {"side": "source", "type": "<b>"}),
        ("create", {"side": "nowhere", "type": "Customer"}),
        ("create", []),
        ("edit", {"id": "source/Customer/none", "path": "email", "value": "x"}),
        ("edit", {}),
        ("delete", {"id": 7}),
        ("fault", {"fault": "flood"}),
        ("burst", {"count": "many"}),
        ("kill", {}),
        ("no-such-deed", {}),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    server: PageServer, deed: str, body: object
) -> None:
    answer, text = ask(server, f"/do/{deed}", "POST", body)
    assert answer.status == 422
    assert json.loads(text)["why"]


def test_bodies_that_are_no_json_or_too_large_are_refused(server: PageServer) -> None:
    assert ask(server, "/do/burst", "POST", b"{")[0].status == 415
    assert ask(server, "/do/burst", "POST", Content_Length="1100000")[0].status == 415


def test_values_are_read_as_a_scenario_writes_them(server: PageServer) -> None:
    do(server, "create", side="source", type="Customer")
    records = json.loads(ask(server, "/pair?id=source%2FCustomer%2Fcus-0000001")[1])
    assert records["records"]["source"]["label"] == "Ann"
    for typed, kept in [
        ("Oslo", "Oslo"),
        ('"Oslo"', "Oslo"),
        ('"17"', "17"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", None),
    ]:
        do(server, "edit", id="source/Customer/cus-0000001", path="billing.city", value=typed)
        snapshot = server.sandbox.world.stores["source"].snapshot("Customer", "cus-0000001")
        assert snapshot is not None
        assert snapshot.data["billing"].get("city") == kept


def test_what_happens_is_streamed(server: PageServer) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    connection.request("GET", "/events", headers={"Authorization": f"Bearer {server.token}"})
    stream = connection.getresponse()
    assert stream.headers["Content-Type"] == "text/event-stream"
    first = json.loads(stream.readline().removeprefix(b"data: "))
    assert first["about"]["systems"]["target"]["name"] == "CustomERP"
    assert stream.readline() == b"\n"
    do(server, "create", side="target", type="Product")
    news = json.loads(stream.readline().removeprefix(b"data: "))
    assert news["changed"][0]["type"] == "Product"
    connection.close()


def test_a_fault_befalls_the_next_request() -> None:
    with served("reference") as server:
        do(server, "automatic", on=False)
        do(server, "fault", fault="throttled")
        do(server, "create", side="source", type="Customer")
        do(server, "sync")
        settled(server.sandbox)
        faults = [getattr(e, "fault", "") for e in server.sandbox.world.journal.events]
        assert "throttled" in faults
        number = faults.index("throttled")
        line = json.loads(ask(server, f"/line?n={number}")[1])
        assert "turned away with 429 for 2 seconds" in line["answered"]
        assert "token-" not in json.dumps(line).replace("<source-token>", "")
