"""The way to one system: patience, and what may be sent twice."""

from __future__ import annotations

from contextlib import suppress

import httpx
import pytest

from tallystick_reference.errors import DecideAgain, GaveUp, Unauthorized, Unavailable
from tallystick_reference.transport import Transport


class Weather:
    """Answers with what is in the list; a number is a status, an exception is raised."""

    def __init__(self, *answers):
        self.answers, self.requests, self.time, self.slept = list(answers), [], 50.0, []
        weather = self

        class Wired(Transport):
            def client(self, token):
                headers = super().client(token).headers
                transport = httpx.MockTransport(weather.answer)
                return httpx.Client(transport=transport, headers=headers)

        self.transport = Wired(
            "http://erp.test/api/", "t0k", now=lambda: self.time, sleep=self.sleep
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def answer(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, tuple):
            return httpx.Response(answer[0], headers={"Retry-After": answer[1]}, json={})
        return httpx.Response(answer, content=b"" if answer == 204 else b'{"ok": true}')

    def send(self, method="GET", **options):
        return self.transport.send(method, "client/1", **options)


@pytest.mark.parametrize("trouble", [500, 502, httpx.ReadTimeout("slow"), httpx.ReadError("reset")])
def test_a_reading_is_repeated_and_a_write_goes_back_to_be_decided_again(trouble):
    weather = Weather(trouble, trouble)
    assert weather.send().body == {"ok": True}
    assert len(weather.requests) == 3
    for method in ("PATCH", "PUT", "DELETE"):
        weather = Weather(trouble)
        with pytest.raises(DecideAgain):
            weather.send(method, body={})
        assert len(weather.requests) == 1


def test_a_create_with_its_token_may_be_sent_twice():
    weather = Weather(500, httpx.ReadTimeout("slow"))
    weather.send("POST", body={"a": 1}, headers={"Idempotency-Key": "k"}, repeatable=True)
    assert {r.headers["Idempotency-Key"] for r in weather.requests} == {"k"}
    assert len({r.content for r in weather.requests}) == 1


def test_a_body_cut_short_is_no_answer():
    weather = Weather()
    cut = httpx.Response(200, content=b'{"ok": tr')
    weather.transport._client = httpx.Client(transport=httpx.MockTransport(lambda request: cut))
    with pytest.raises(Unavailable):
        weather.send()


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_for_the_whole_system(status):
    weather = Weather((status, "7"))
    with pytest.raises(DecideAgain):
        weather.send("PATCH", body={})
    assert weather.slept == []
    weather.transport.send("GET", "order/2")
    assert sum(weather.slept) >= 7
    assert weather.time > 57


def test_patience_with_one_request_ends_before_it_is_impolite():
    weather = Weather(*[500] * 50)
    with pytest.raises(Unavailable):
        weather.send()
    assert len(weather.requests) == 6
    with pytest.raises(Unavailable):
        weather.send()
    assert len(weather.requests) == 6
    weather.transport.begin()
    with pytest.raises(Unavailable):
        weather.send()
    assert len(weather.requests) == 12


def test_patience_with_a_sync_ends_too():
    def ask_for_many(weather):
        for number in range(50):
            with suppress(Unavailable):
                weather.transport.send("GET", f"client/{number}")

    weather = Weather(*[500] * 100)
    with pytest.raises(GaveUp, match="a system"):
        ask_for_many(weather)
    assert len(weather.requests) <= 41
    weather = Weather(*[(503, "10")] * 100)
    with pytest.raises(GaveUp):
        weather.send()
    assert weather.time - 50 <= 60


def test_401_is_for_good():
    weather = Weather(401)
    for _ in range(3):
        with pytest.raises(Unauthorized):
            weather.send()
    weather.transport.begin()
    with pytest.raises(Unauthorized):
        weather.send()
    assert len(weather.requests) == 1


@pytest.mark.parametrize("status", [204, 404, 409, 410, 412, 422])
def test_a_definite_answer_is_given_back(status):
    weather = Weather(status)
    assert weather.send("DELETE").status == status
    assert len(weather.requests) == 1


def test_the_token_stays_at_home():
    weather = Weather()
    weather.transport.send("GET", "http://erp.test/api/client?delta=5")
    weather.transport.send("GET", "http://elsewhere.test/client")
    urls = [str(request.url) for request in weather.requests]
    assert urls[0] == "http://erp.test/api/client?delta=5"
    assert urls[1].startswith("http://erp.test/api/")
    assert {r.headers["Authorization"] for r in weather.requests} == {"Bearer t0k"}


def test_a_kill_passes_through():
    class Kill(BaseException):
        pass

    weather = Weather()

    def kill(request):
        raise Kill

    weather.transport._client = httpx.Client(transport=httpx.MockTransport(kill))
    with pytest.raises(Kill):
        weather.send()
