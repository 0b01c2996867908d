"""A world's ports answer its own connector; they may have been another's before."""

from __future__ import annotations

import httpx
import pytest
from run_agreed import small

from tallystick.connectors.command import Command
from tallystick.connectors.environment import TOKENS, masked, own_tokens
from tallystick.dataflow.json import save
from tallystick.run.wiring import Patience, SocketWiring
from tallystick.vocabulary.events import Response


@pytest.fixture
def wiring(tmp_path):
    file = tmp_path / "dataflow.json"
    save(small(), file)
    launch = Command(argv=("never-started",))
    made = SocketWiring(small(), file, launch=launch, patience=Patience())
    yield made
    made.close()


def asked(wiring, token):
    """Ask the target with a token; give what reached the world, and whether there was an answer."""
    reached = []

    def exchange(name, request):
        reached.append((name, request.headers["authorization"]))
        return Response(status=204)

    wiring.open(exchange, lambda _name, _request: None)
    try:
        httpx.get(
            f"{wiring.urls['target']}/customers",
            headers={"authorization": f"Bearer {token}"},
            trust_env=False,
        )
    except httpx.TransportError:
        return reached, False
    return reached, True


def test_its_own_tokens_are_let_in_whichever_system_they_are_sent_to(wiring):
    for token in wiring.tokens.values():
        assert asked(wiring, token) == ([("target", f"Bearer {token}")], True)


def test_a_connector_that_another_run_left_behind_is_not_mistaken_for_it(wiring):
    for token in own_tokens().values():
        assert asked(wiring, token) == ([], False)


@pytest.mark.parametrize("token", ["wrong", TOKENS["target"], "target-token-5d1f0c7a-12"])
def test_any_other_token_is_the_connector_s_own_mistake(wiring, token):
    assert asked(wiring, token) == ([("target", f"Bearer {token}")], True)


def test_no_text_keeps_a_token():
    for tokens in (TOKENS, own_tokens()):
        text = f"{tokens['source']}, then {tokens['target']}."
        assert masked(text) == "<source-token>, then <target-token>."
