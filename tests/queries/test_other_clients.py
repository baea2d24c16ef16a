"""SOAP clients and services that nobody here wrote, through two servers of ours; absent ones are skipped by name."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest
from tests.fakes.loop import Run
from tests.live import wire
from tests.live.comparison import Http
from tests.queries.messages import made, received, without_hash
from tests.queries.network import CONSUMER, CONSUMER_HOST, INTEGERS, PERSON_WSDL, PRODUCER, PROVIDER_HOST, Network, Pair
from tests.shared import ROOT

from lienthong.exchange.connector import SoapRequest
from lienthong.exchange.security import listeners

pytestmark = pytest.mark.sockets
CLIENT, SERVICE = f"{CONSUMER}/subsys1", f"{PRODUCER}/subsys2"
_FIELDS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "serviceVersion")


def judge(name: str) -> tuple[Path, Path]:
    """Python of the judge's environment, and its script; skips the test where the environment is absent."""
    python = ROOT / f".venv-judge-{name}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{name} is not installed: make judges")
    return python, ROOT / "tests" / "judges" / f"soap_{name.partition('-')[0]}.py"


async def said(program: tuple[Path, Path], *words: str) -> object:
    process = await asyncio.create_subprocess_exec(*program, *words, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return json.loads(out)


async def person(request: bytes) -> bytes:
    """A service written with our connector."""
    asked = received(request)
    taken = SoapRequest.read(asked.content_type or "", asked.body)
    number = taken.body.findtext("{urn:vn:legacy}number")
    told = f'<getPersonResponse xmlns="urn:vn:legacy"><name>Người {number}</name></getPersonResponse>'
    content_type, body = taken.answer(told.encode())
    return made(body, content_type=content_type).answer


def address(pair: Pair) -> str:
    return f"http://{CONSUMER_HOST}:{pair.consumer.port(listeners.SYSTEMS)}"


def identifier(text: str, object_type: str) -> dict[str, str]:
    return {"objectType": object_type, **dict(zip(_FIELDS, text.split("/"), strict=False))}


def test_zeep_calls_a_service_by_nothing_but_its_wsdl(network: Network, run: Run) -> None:
    program, pair = judge("zeep"), network.pair()
    pair.service.begin(person)
    headers = {
        "client": identifier(CLIENT, "SUBSYSTEM"),
        "service": identifier(f"{SERVICE}/getPerson/v1", "SERVICE"),
        "userId": "can-bo-1",
        "id": "EE-zeep-1",
        "protocolVersion": "4.0",
    }
    words = (str(PERSON_WSDL), address(pair) + "/", json.dumps(headers), "001088000018")
    assert run(said(program, *words)) == "Người 001088000018"
    (asked,) = pair.service.heard
    assert b"EE-zeep-1" in asked


def test_pyxroad_fetches_the_wsdl_through_us_and_calls_the_service(network: Network, run: Run) -> None:
    program, pair = judge("pyxroad"), network.pair()
    pair.service.begin(person)
    words = (address(pair), CLIENT, f"{SERVICE}/getPerson/v1", "001088000018")
    assert run(said(program, *words)) == "Người 001088000018"


def test_a_service_by_fastapi_xroad_soap_answers_behind_us(network: Network, run: Run) -> None:
    program, pair = judge("fastapi-xroad-soap"), network.pair()
    question = made(INTEGER, soap_action='"ReturnInteger"')
    told = run(_answered(program, pair, question.request))
    assert Http.of(told).fault_code is None, told.decode()
    answer = without_hash(received(told).envelope)
    assert b"ReturnIntegerResponse" in answer
    assert b"1234<" in answer


async def _answered(program: tuple[Path, Path], pair: Pair, request: bytes) -> bytes:
    host, port = INTEGERS
    process = await asyncio.create_subprocess_exec(*program, host, str(port), stdout=DEVNULL, stderr=DEVNULL)
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
                break
            except OSError:
                assert process.returncode is None, "the service did not begin"
                await asyncio.sleep(0.05)
        return await pair.ask(request)
    finally:
        process.terminate()
        await process.wait()


INTEGER = b"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" \
xmlns:xro="http://x-road.eu/xsd/xroad.xsd" xmlns:iden="http://x-road.eu/xsd/identifiers" xmlns:ex="https://example.org">
<soapenv:Header>
<xro:client iden:objectType="SUBSYSTEM"><iden:xRoadInstance>EE</iden:xRoadInstance>\
<iden:memberClass>BUSINESS</iden:memberClass><iden:memberCode>consumer</iden:memberCode>\
<iden:subsystemCode>subsys1</iden:subsystemCode></xro:client>
<xro:service iden:objectType="SERVICE"><iden:xRoadInstance>EE</iden:xRoadInstance>\
<iden:memberClass>BUSINESS</iden:memberClass><iden:memberCode>producer</iden:memberCode>\
<iden:subsystemCode>subsys2</iden:subsystemCode><iden:serviceCode>ReturnInteger</iden:serviceCode></xro:service>
<xro:userId>can-bo-1</xro:userId><xro:id>EE-fastapi-1</xro:id><xro:protocolVersion>4.0</xro:protocolVersion>
</soapenv:Header>
<soapenv:Body><ex:ReturnInteger><Number>1234</Number></ex:ReturnInteger></soapenv:Body>
</soapenv:Envelope>"""


def test_the_wsdl_of_no_service_is_refused(network: Network, run: Run) -> None:
    pair = network.pair()
    asked = b"GET /wsdl?xRoadInstance=EE&memberClass=BUSINESS HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    refused = Http.of(run(pair.ask(asked)))
    assert refused.first.startswith(b"HTTP/1.1 400")
    assert refused.fault_code == "client.invalid_request"


def test_a_server_without_the_setting_gives_no_wsdl(network: Network, run: Run) -> None:
    asked = b"GET /wsdl?xRoadInstance=EE HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    refused = run(wire.play(asked, PROVIDER_HOST, network.pair().provider.port(listeners.SYSTEMS)))
    assert Http.of(refused).fault_code == "client.invalid_http_method"
