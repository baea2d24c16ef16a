"""Somebody in the middle alters a byte; neither server believes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from lienthong.nation import topology
from lienthong.nation.declarations import ServerChoices
from lienthong.nation.provision import apply_settings
from lienthong.nation.relay import Relay, TransportKey
from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.topology import ServerPlan
from lienthong.nation.wording import sentence

RELAY_PORT = 5600
_PATIENCE_S = 20.0
_CALLS_IN_A_ROW = 6
"""So many calls, over new connections, that each of two workers has had some."""
_QUESTION = "server.serverproxy.signature_verification.invalid_signature_value"
_ANSWER = "server.clientproxy.signature_verification.malformed_signature.invalid_hash_chain"


def altered_in_flight(stage: Stage) -> Told:
    """A relay alters one digit of the question, then one of the answer; each is refused where it arrives."""
    officer, number, provider = stage.officer, stage.other.number, stage.country.provider_server
    birth = stage.other_claim.date_of_birth
    with _relayed(stage, provider) as relay:
        _alter(relay, f"/persons/{number}")
        question = refusal(lambda: officer.look_up(number, by=provider), code=_QUESTION)
        _alter(relay, birth)
        answer = refusal(lambda: officer.look_up(number, by=provider), code=_ANSWER)
        require(relay.altered == 2, f"the relay altered {relay.altered} pieces, not two")
        relay.wanted = b""
        officer.look_up(number, by=provider)
    return Told(text=sentence("altered_in_flight", question=_short(question.code), answer=_short(answer.code)))


def _short(code: str) -> str:
    """The last words of a code, for a narrow line."""
    return code.partition("signature_verification.")[2]


def _alter(relay: Relay, text: str) -> None:
    """Have the last digit of *text* altered, wherever it passes."""
    relay.instead = f"{text[:-1]}{(int(text[-1]) + 1) % 10}".encode()
    relay.wanted = text.encode()


@contextmanager
def _relayed(stage: Stage, provider: ServerPlan) -> Iterator[Relay]:
    """The province's server dials the relay while the block lasts: the port it dials is a setting."""
    consumer, address = stage.country.consumer_server, stage.plan.network.address(provider.host)
    as_provider, as_consumer = _transport_key(stage, provider), _transport_key(stage, consumer)
    with Relay((address, RELAY_PORT), (address, topology.MESSAGES_PORT), as_provider, as_consumer) as relay:
        apply_settings(stage.plan, consumer, ServerChoices(dial_port=RELAY_PORT))
        try:
            _call_until(stage, provider, relay, is_relayed=True)
            yield relay
        finally:
            apply_settings(stage.plan, consumer)
        _call_until(stage, provider, relay, is_relayed=False)


def _call_until(stage: Stage, provider: ServerPlan, relay: Relay, *, is_relayed: bool) -> None:
    """Call until every worker of the province's server has read its settings again."""
    deadline, in_a_row = time.monotonic() + _PATIENCE_S, 0
    while in_a_row < _CALLS_IN_A_ROW:
        require(time.monotonic() < deadline, "the applied settings have not taken effect")
        passed = relay.passed
        stage.officer.look_up(stage.other.number, by=provider)
        in_a_row = in_a_row + 1 if (relay.passed > passed) is is_relayed else 0


def _transport_key(stage: Stage, server: ServerPlan) -> TransportKey:
    folder = stage.plan.folder
    return TransportKey(
        certificate=folder / "certificates" / server.name / "auth.pem",
        key=folder / server.name / "tokens" / "auth.key.pem",
        password=(folder / server.name / "pin").read_text("utf-8").strip(),
    )
