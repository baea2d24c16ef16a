"""Ours as the consumer's server: every recorded call is played to it, with a recorded provider's server behind.

What it sends on and what it gives back must be what a genuine server sent and gave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.fakes.loop import Run
from tests.live import judged
from tests.live.cases import Call, Case, cases, message_id_of
from tests.live.comparison import Http, differences, fault_text, unequal
from tests.live.exceptions import DIVERGENCES
from tests.live.server import HOST
from tests.live.stage import Stage, Theatre
from tests.live.wire import play

from lienthong.exchange.security import listeners

pytestmark = pytest.mark.sockets
ROLE = "consumer"
OF_OUR_CLIENT = (b"accept-encoding", b"host", b"x-proxy-version")
"""Our HTTP client takes no compressed answers from other servers, dials the port it was given, and is of our version."""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_consumer(case: Case, theatre: Theatre, run: Run) -> None:
    stage = theatre.stage(case, ROLE)
    answers = run(replay(stage, case))
    divergence = DIVERGENCES.get((case.name, ROLE))
    if divergence is not None:
        (answer,) = answers
        assert Http.of(answer).fault_code == divergence.fault_code
        assert fault_text(answer) == divergence.text
        assert stage.peer.heard == []
        return
    text = stage.text_of(case, ROLE)
    found = [
        line
        for call, answer in zip(case.calls, answers, strict=True)
        for line in differences(answer, call.consumer_response, text=text)
    ]
    found += _sent(stage, case)
    if case.suites is not None:
        found += unequal("TLS", stage.peer.suites, [case.suites["consumer_side"]] * len(case.calls))
    found += judged.log_differences(stage, case, ROLE)
    assert not found, "\n".join(found)


def test_everything_ours_logged_as_consumer_is_evidence(
    theatre: Theatre, run: Run, record_property: Callable[[str, object], None]
) -> None:
    run(replay(theatre.stage(cases()[0], ROLE), cases()[0]))
    containers = [each for stage in theatre.stages(ROLE) for each in run(stage.server.exported())]
    record_property("containers", len(containers))
    assert len(containers) >= 2
    assert {judged.verdict(container) for container in containers} == {None}


async def replay(stage: Stage, case: Case) -> list[bytes]:
    """Play every call; each gets the request id that was recorded."""
    by_message = {call.message_id: call for call in case.calls}

    async def answer(request: bytes) -> bytes | None:
        call = case.calls[0] if len(by_message) == 1 else by_message[message_id_of(request)]
        if call.transit_response_altered is not None:
            return call.transit_response_altered
        return call.transit_response or b""

    stage.peer.begin(answer)
    async with asyncio.TaskGroup() as group:
        played = []
        for call in case.calls:
            taken = _hand_out(stage, call)
            played.append(group.create_task(play(call.consumer_request, HOST, stage.server.port(listeners.SYSTEMS))))
            if len(case.calls) > 1:
                await taken.wait()
    return [task.result() for task in played]


def _hand_out(stage: Stage, call: Call) -> asyncio.Event:
    """The next call gets its recorded ids; the event says when it has them."""
    taken = asyncio.Event()
    moment = stage.server.moment
    moment.uuids.append(call.request_id or "9c4a9a3e-3d1e-4b43-8a53-59fd1ec5a9f5")
    if call.is_made:
        moment.uuids.append((call.message_id or "").removeprefix("VN-"))
    moment.on_taken = taken.set
    return taken


def _sent(stage: Stage, case: Case) -> list[str]:
    """How what ours sent differs from what was recorded between the servers."""
    recorded = {call.message_id: call.transit_request for call in case.calls if call.transit_request is not None}
    sent = {message_id_of(request): request for request in stage.peer.heard}
    if set(sent) != set(recorded):
        return [f"sent {sorted(map(str, sent))}, recorded {sorted(map(str, recorded))}"]
    is_batch = len(case.calls) > 1
    return [
        line
        for message_id, request in sent.items()
        for line in differences(request, recorded[message_id], ignoring=OF_OUR_CLIENT, is_batch=is_batch)
    ]
