"""Ours as the provider's server: every recorded transport message is played to it, with a recorded service behind.

What the service gets and what ours answers must be what a genuine server sent and answered.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable

import pytest
import yaml
from tests.fakes.loop import Run
from tests.live import judged
from tests.live.cases import Call, Case, cases, message_id_of
from tests.live.comparison import Http, differences, fault_text, unequal
from tests.live.exceptions import DIVERGENCES
from tests.live.server import HOST
from tests.live.stage import Stage, Theatre
from tests.live.wire import play_to_server
from tests.unit.exchange import recordings

from lienthong.exchange.security import listeners
from lienthong.exchange.transport import content

pytestmark = pytest.mark.sockets
ROLE = "provider"
REFUSED_IN_HANDSHAKE = (
    "states/authentication-certificate-unknown-to-provider",
    "states/provider-token-logged-out",
)


_ATTACHMENTS = re.compile(rb"\r\n(--xatt\w+\r\n.*--xatt\w+--)\r\n", re.DOTALL)
_SOAP_PART = b"Content-Transfer-Encoding: 8bit\r\n\r\n%b\r\n%b\r\n"
_REQUEST_HASH = re.compile(rb"<(?:\w+:)?requestHash[^>]*>[^<]*</(?:\w+:)?requestHash>")


def _replayable() -> list[Case]:
    return [case for case in cases() if case.calls[0].transit_request is not None]


@pytest.mark.parametrize("case", _replayable(), ids=lambda case: case.name)
def test_provider(case: Case, theatre: Theatre, run: Run) -> None:
    stage = theatre.stage(case, ROLE)
    suite, answers = run(replay(stage, case))
    divergence = DIVERGENCES.get((case.name, ROLE))
    if divergence is not None and divergence.fault_code is not None:
        (answer,) = answers
        assert b"<faultcode>%b</faultcode>" % divergence.fault_code.encode() in answer
        assert fault_text(answer) == divergence.text
        assert stage.service.heard == []
        return
    if divergence is not None:
        DIVERGENT[case.name](case.calls[0], answers[0], stage.service.heard[0])
        return
    is_batch, text = len(case.calls) > 1, stage.text_of(case, ROLE)
    found = [
        line
        for call, answer in zip(case.calls, answers, strict=True)
        for line in differences(answer, call.transit_response or b"", text=text, is_batch=is_batch)
    ]
    found += _asked(stage, case)
    found += _changed(case, answers)
    found += unequal("TLS", suite, case.suites["provider_side"])
    found += judged.log_differences(stage, case, ROLE)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.state in REFUSED_IN_HANDSHAKE], ids=lambda case: case.name
)
def test_provider_refuses_in_the_handshake(case: Case, theatre: Theatre, run: Run) -> None:
    stage = theatre.stage(case, ROLE)
    with pytest.raises(ssl.SSLError, match="ALERT"):
        run(play_to_server(b"", HOST, stage.server.port(listeners.SERVERS), stage.peer_context))


def test_everything_ours_logged_as_provider_is_evidence(
    theatre: Theatre, run: Run, record_property: Callable[[str, object], None]
) -> None:
    run(replay(theatre.stage(cases()[0], ROLE), cases()[0]))
    containers = [each for stage in theatre.stages(ROLE) for each in run(stage.server.exported())]
    record_property("containers", len(containers))
    assert len(containers) >= 2
    assert {judged.verdict(container) for container in containers} == {None}


def _passes_untouched(call: Call, answer: bytes, asked: bytes) -> None:
    assert asked.split()[1].removeprefix(b"/rest") == b"/a%2Fb/%C3%A1/%20c;d=1"
    assert (Http.of(answer).parts or [])[0].content.startswith(b"204\r\n")


def _same_document(call: Call, answer: bytes, _: bytes) -> None:
    ours, recorded = (Http.of(raw or b"").parts or [] for raw in (answer, call.transit_response))
    assert ours[0] == recorded[0]
    assert yaml.safe_load(ours[1].content) == yaml.safe_load(recorded[1].content)
    assert ours[1].content == Http.of(call.service_response or b"").body.replace(b"http://127.0.3.1:9000", b"")


DIVERGENT = {"rest/encoded-path": _passes_untouched, "meta/rest-getOpenAPI": _same_document}


async def replay(stage: Stage, case: Case) -> tuple[list[str], list[bytes]]:
    """Play every transport message at once; the service answers each as it did. What TLS agreed on, and the answers."""
    by_message = {call.message_id: call for call in case.calls}
    envelopes = {message_id_of(call.service_response or b""): call.service_response for call in case.calls}

    async def answer(request: bytes) -> bytes | None:
        if (message_id := message_id_of(request)) in envelopes and message_id is not None:
            return envelopes[message_id]
        if case.name == "rest/service-slow":
            return None
        if len(case.calls) > 1:  # where files are numbered by connection, an answer may lie with another question
            return service_answer(by_message[message_id_of(request)].transit_response)
        return case.calls[0].service_response or service_answer(case.calls[0].transit_response)

    stage.service.begin(answer)
    async with asyncio.TaskGroup() as group:
        port = stage.server.port(listeners.SERVERS)
        played = [group.create_task(play_to_server(_sent(call), HOST, port, stage.peer_context)) for call in case.calls]
    suites, answers = zip(*(task.result() for task in played), strict=True)
    return suites[0], list(answers)


def service_answer(transit_response: bytes | None) -> bytes:
    """What the service must have answered, where that was not recorded: the signed block without what was added."""
    parts = Http.of(transit_response or b"").parts or []
    if parts and b"requestHash" in parts[0].content:
        return _soap_answer(Http.of(transit_response or b""))
    if len(parts) < 2 or parts[1].content_type != content.REST_BODY_TYPE:
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    status, reason, *lines = parts[0].content.split(b"\r\n")[:-1]
    kept = [line for line in lines if not line.startswith(b"x-road-")]
    length = b"Content-Length: %d" % len(parts[1].content)
    return b"\r\n".join([b"HTTP/1.1 %b %b" % (status, reason), *kept, length, b"", parts[1].content])


def _soap_answer(transit: Http) -> bytes:
    """The service's own envelope, and the attachments under its own boundary."""
    content_type = recordings.header(transit.headers, b"x-original-content-type")
    envelope = _REQUEST_HASH.sub(b"", (transit.parts or [])[0].content)
    attachments = _ATTACHMENTS.search(transit.body)
    if attachments is not None:
        boundary = content_type.rpartition("boundary=")[2].strip('"').encode()
        files = re.sub(rb"--xatt\w+", b"--" + boundary, attachments[1])
        envelope = b"--%b\r\nContent-Type: text/xml; charset=UTF-8\r\n" % boundary + _SOAP_PART % (envelope, files)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(envelope)}\r\n\r\n"
    return head.encode() + envelope


def _changed(case: Case, answers: list[bytes]) -> list[str]:
    """How a SOAP answer of ours is more than the service's own envelope with a request hash in it."""
    answered = {message_id_of(call.service_response or b""): call.service_response for call in case.calls}
    return [
        line
        for call, answer in zip(case.calls, answers, strict=True)
        if (own := answered.get(call.message_id)) is not None and b"requestHash" in answer
        for line in unequal("envelope", _unbound(answer), _envelope_of(own))
    ]


def _unbound(answer: bytes) -> bytes:
    return _REQUEST_HASH.sub(b"", (Http.of(answer).parts or [])[0].content)


def _envelope_of(service_answer: bytes) -> bytes:
    taken = Http.of(service_answer)
    return taken.body if taken.parts is None else taken.parts[0].content


def _sent(call: Call) -> bytes:
    sent = call.transit_request_altered or call.transit_request
    assert sent is not None
    return sent


def _asked(stage: Stage, case: Case) -> list[str]:
    """How what the service got differs from what it got when recorded."""
    recorded = {call.message_id: call.service_request for call in case.calls if call.service_request is not None}
    asked = {message_id_of(request) or case.calls[0].message_id: request for request in stage.service.heard}
    unrecorded = {call.message_id for call in case.calls if call.service_request is None}
    if not set(recorded) <= set(asked) or (set(asked) - set(recorded) and len(case.calls) == len(unrecorded)):
        return [f"asked {sorted(map(str, asked))}, recorded {sorted(map(str, recorded))}"]
    authority = stage.service_authority.encode()
    return [
        line
        for message_id, request in asked.items()
        if message_id in recorded
        for line in differences(request, recorded[message_id].replace(b"127.0.3.1:9000", authority))
    ]
