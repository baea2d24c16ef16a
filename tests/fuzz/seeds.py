"""Write the seeds of the corpus anew: ``python -m tests.fuzz.seeds``. They are valid inputs, small and of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from zlib import crc32

from tests.fakes import pki, soap_messages
from tests.fakes.instances import NOW, certificate, key_entries, registry
from tests.fakes.log_records import log_record
from tests.fakes.settings_files import COMPLETE
from tests.fakes.signing import BODY, MESSAGE, SHA512, Signer, issued, stamp
from tests.fakes.wsdl_documents import GOOD
from tests.fuzz.table import CORPUS
from tests.fuzz.targets.journal import SALT
from tests.shared import ROOT

from lienthong.exchange.central.registry import private_parameters, shared_parameters
from lienthong.exchange.connector.envelopes import SoapHeaders, write_envelope, write_fault
from lienthong.exchange.connector.related import SoapAttachment, write_related
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import write_anchor
from lienthong.exchange.globalconf.metadata import PartMetadata, write_metadata
from lienthong.exchange.globalconf.model import AnchorSource, ConfigurationAnchor
from lienthong.exchange.globalconf.optional_parts import (
    write_fetch_interval,
    write_monitoring,
    write_verify_next_update,
)
from lienthong.exchange.globalconf.registry import CODECS
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.message.evidence import EvidenceContainer, write_evidence
from lienthong.exchange.message.faults import render_soap_fault
from lienthong.exchange.message.hash_chain import ChainInput, build_chains
from lienthong.exchange.messagelog.frames import Mark, encode_frame_header, encode_trailer
from lienthong.exchange.messagelog.record import encode_evidence, encode_fields
from lienthong.exchange.transport import content
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part, write_message
from lienthong.trust.certificates import build_request
from lienthong.trust.certificates.profiles import TSA
from lienthong.trust.ocsp import build_request as build_ocsp_request
from lienthong.trust.timestamps import build_query

Seeds = Mapping[str, bytes]
_RESPONSE = (
    b"200\r\nOK\r\nContent-Type:application/json\r\nx-road-id:m-1\r\nx-road-client:VN/GOV/H10/onestop\r\n"
    b"x-road-service:VN/GOV/G01/population/citizens\r\nx-road-request-id:u\r\nx-road-request-hash:AAAA\r\n"
)
_TYPES = "\n".join((
    content.OCSP_RESPONSE_TYPE, content.REST_REQUEST_TYPE, content.REST_RESPONSE_TYPE, content.REST_BODY_TYPE,
    content.HASH_CHAIN_RESULT_TYPE, content.HASH_CHAIN_TYPE, content.SIGNATURE_TYPE, content.SOAP_TYPE,
    content.message_content_type("xtopA"), "SHA-512",
))  # fmt: skip
_SIGNED_PART = (
    b"Content-Type: multipart/mixed; boundary=I\r\n\r\n--I\r\nExpire-date: 2027-01-01T00:00:00Z\r\nVersion: 6\r\n\r\n"
    b"--I\r\nContent-type: application/octet-stream\r\nContent-transfer-encoding: base64\r\n"
    b"Content-identifier: SHARED-PARAMETERS; instance='VN'\r\nContent-location: /V6/1/shared-params.xml\r\n"
    b"Hash-algorithm-id: http://www.w3.org/2001/04/xmlenc#sha512\r\n\r\nAAAA\r\n--I--\r\n"
)


def _multipart() -> Seeds:
    parts = [Part(content.REST_REQUEST_TYPE, MESSAGE), Part(content.REST_BODY_TYPE, BODY)]
    return {"usual": write_message(parts, boundary="xtopA"), "bare-lf": b"--b\nA: b\n c\n\nx\n--b--\n"}


def _connector_soap() -> Seeds:
    headers = SoapHeaders(
        client=ClientId("VN", "GOV", "H10", "onestop"),
        service=ServiceId(ClientId("VN", "GOV", "G01", "legacy"), "getPerson", "v1"),
        message_id="VN-1",
        represented_party="COM/1",
        security_server=SecurityServerId(ClientId("VN", "GOV", "G01"), "ss2"),
    )
    envelope = write_envelope(headers, b"<getPerson/>")
    file = SoapAttachment(content_id="a", body=b"abc")
    return {
        "envelope": envelope,
        "attachment": write_related(envelope, [file], boundary="0-boundary")[1],
        "fault": write_fault("SOAP-ENV:Client", "no", detail="why"),
    }


def _related() -> Seeds:
    writer = MultipartWriter("b", Framing.RELATED)
    parts = [Part("text/xml", b"<a/>", b"Content-ID: <root>\r\n"), Part("image/png", BODY, b"A: b\r\n c\r\n")]
    usual = b"".join(map(writer.write_part, parts)) + writer.close()
    folded = b"--b\n B: c\nContent-Type: text/xml;\n charset=UTF-8\n\n<a/>\n--b"
    return {"usual": usual, "folded": folded}


def _soap() -> Seeds:
    answer = soap_messages.envelope(
        soap_messages.HEADER + soap_messages.HASH + soap_messages.PARTY, soap_messages.ANSWER
    )
    fault = render_soap_fault(Fault("server.x", "m", detail="d"))
    utf16 = b"text/xml; charset=UTF-16\n" + soap_messages.envelope(prolog="").encode("utf-16")
    return {
        "envelope": soap_messages.REQUEST.encode(),
        "answer": answer.encode(),
        "utf16": utf16,
        "fault": fault,
        "rest": MESSAGE,
    }


def _hash_chain() -> Seeds:
    built = build_chains([[ChainInput("/message.xml", SHA512.digest(MESSAGE))] for _ in range(3)])
    return {"result": built.result, "chain": built.chains[0]}


def _evidence() -> Seeds:
    signature = Signer().sign()
    plain = EvidenceContainer(message=MESSAGE, signature_xml=signature, attachments={1: BODY})
    return {"plain": write_evidence(plain, at=NOW)}


def _http() -> Seeds:
    return {
        "get": b"GET /r1/a%2Fb?x=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "post": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "chunked": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: x\r\n\r\n",
        "expect": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
        "pipelined": b"GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    }


def _globalconf() -> Seeds:
    known, keys = registry(), key_entries()
    seeds = {f"shared-v{v}": codec.write_shared(shared_parameters(known, keys)) for v, codec in CODECS.items()}
    return {**seeds, "private": CODECS[6].write_private(private_parameters(known))}


def _anchor() -> Seeds:
    source = AnchorSource(download_url="http://cs.example.vn/internalconf", certificates=(certificate("internal").der,))
    anchor = ConfigurationAnchor(instance="VN", sources=(source,), generated_at=NOW)
    return {
        "anchor": write_anchor(anchor),
        "metadata": write_metadata(PartMetadata(identifier="SHARED-PARAMETERS", instance="VN", expires=NOW, version=6)),
        "monitoring": write_monitoring(ClientId("VN", "GOV", "G01")),
        "nextupdate": write_verify_next_update(verify=True),
        "fetchinterval": write_fetch_interval(timedelta(seconds=600)),
    }


def _settings() -> Seeds:
    manual = (ROOT / "docs" / "manual" / "central-server.md").read_text(encoding="utf-8")
    declaration = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)[0]
    return {"server": COMPLETE.encode(), "declaration": declaration.encode()}


def _journal() -> Seeds:
    record = log_record(body=BODY)
    fields, evidence = encode_fields(record), encode_evidence(record)
    trailer = encode_trailer(crc32(BODY), len(fields + evidence + BODY))
    first = encode_frame_header(Mark(1, SALT, 4096), fields, evidence, len(BODY)) + fields + evidence + BODY + trailer
    trailer = encode_trailer(crc32(BODY), len(fields + BODY))
    second = encode_frame_header(Mark(2, SALT, 4096, 4096), fields, b"", len(BODY)) + fields + BODY + trailer
    return {"fields": fields, "frame": first + bytes(64), "shared": first + second + bytes(64)}


def _answers() -> Seeds:
    return {
        "json-fault": b'{"type":"server.x","message":"m","detail":"d"}',
        "xml-fault": b"<error><type>t</type><message>m</message><detail>d</detail></error>",
        "facade": b"/a?dstcode=VN:GOV:G01:population&providerurl=http://a/b",
        "openapi": b"openapi: 3.0.3\nservers:\n  - url: https://a.b/c\npaths: {}\n",
        "openapi-json": b'{"servers":[{"url":"https://{h}.b:1/c?d"}]}',
        "query": b"serviceCode=a",
    }


def _claim() -> Seeds:
    claim = '{"number":"001185000001","name":"Nguyễn Thị Đào","date_of_birth":"1985-02-03","sex":"2"}'
    return {"claim": claim.encode(), "empty": b"{}"}


SEEDS: dict[str, Callable[[], Seeds]] = {
    "multipart": _multipart,
    "related": _related,
    "part_sequence": lambda: {"types": _TYPES.encode(), "der": b"\x30\x03\x0a\x01\x06"},
    "rest_block": lambda: {"request": MESSAGE, "response": _RESPONSE},
    "soap": _soap,
    "connector_soap": _connector_soap,
    "identifiers": lambda: {"client": b"VN/GOV/H10/onestop", "escaped": b"VN/GOV/a%2Fb/%C4%90", "member": b"a/b/c"},
    "hash_chain": _hash_chain,
    "xades_signature": lambda: {"ours": Signer().sign()},
    "asic_container": _evidence,
    "http_connection": _http,
    "ocsp": lambda: {
        "response": Signer().ocsp_values[0],
        "request": build_ocsp_request(Signer().certificate, pki.root()),
        "related": b"--b\r\nContent-Type: application/ocsp-response\r\n\r\nx\r\n--b--\r\n",
        "query": b"cert_hash=" + b"0a" * 32,
    },
    "timestamp": lambda: {"token": stamp(b""), "query": build_query(SHA512.digest(b""), nonce=7)},
    "certificate": lambda: {
        "signing": Signer().certificate.der,
        "stamping-pem": issued(TSA, "Stamper").pem,
        "request": build_request(pki.key(), pki.MEMBER, dns_names=["ss1.example.vn"]),
    },
    "signed_directory": lambda: {"signed-part": _SIGNED_PART},
    "globalconf": _globalconf,
    "anchor": _anchor,
    "settings": _settings,
    "journal": _journal,
    "rest_answers": _answers,
    "wsdl": lambda: {"good": GOOD.encode()},
    "openapi": lambda: {
        "yaml": _answers()["openapi"],
        "json": b'{"openapi":"3.1.0","info":{"title":"a"},"paths":{"/a":{"get":{"$ref":"#/info"}}},"servers":[{}]}',
    },
    "population_claim": _claim,
}


def main() -> None:
    for target, make in SEEDS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in make().items():
            (folder / f"seed-{name}").write_bytes(data)


if __name__ == "__main__":
    main()
