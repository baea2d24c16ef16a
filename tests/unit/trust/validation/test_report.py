"""A report says what is known, and null where nothing is."""

import json

import pytest
from tests.fakes import pki
from tests.fakes.signing import Signer

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.validation import (
    Indication,
    PartState,
    ReportedPart,
    RevocationEvidence,
    SignatureReport,
    TimeEvidence,
    TimestampKind,
)

FULL = SignatureReport(
    policy="production",
    signer="VN/GOV/1/sub",
    certificate=Signer().certificate,
    chain=(Signer().certificate, pki.root()),
    revocation=(RevocationEvidence(subject="CN=a", responder="CN=b", produced_at=pki.NOW, status="GOOD"),),
    signed_at=pki.NOW,
    time=TimeEvidence(gen_time=pki.NOW, authority="CN=TSA", kind=TimestampKind.SINGLE),
    parts=(ReportedPart(name="/message.xml", digest=DigestAlgorithm.SHA256.digest(b""), state=PartState.VERIFIED),),
)


def test_everything_known() -> None:
    told = json.loads(json.dumps(FULL.to_json()))
    assert told["valid"] is True
    assert told["fault_code"] is None
    assert told["signed_at"] == "2026-11-25T03:00:00Z"
    assert told["timestamp"] == {"gen_time": "2026-11-25T03:00:00Z", "authority": "CN=TSA", "kind": "single"}
    assert told["parts"] == [
        {
            "name": "/message.xml",
            "digest_algorithm": "SHA-256",
            "digest_b64": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "state": "verified",
        }
    ]
    assert told["certificate"]["serial"] == "4711"
    assert told["revocation"][0]["produced_at"] == "2026-11-25T03:00:00Z"


def test_nothing_known() -> None:
    told = SignatureReport(fault_code="asic_mime_type_not_found").to_json()
    assert told["valid"] is False
    assert told["signer"] is None
    assert told["signed_at"] is None
    assert told["timestamp"] == {"gen_time": None, "authority": None, "kind": None}
    assert told["parts"] == []
    assert set(told) == set(FULL.to_json())


@pytest.mark.parametrize(
    ("code", "missing", "indication"),
    [
        (None, (), Indication.TOTAL_PASSED),
        ("invalid_signature_value", (), Indication.TOTAL_FAILED),
        ("cannot_create_cert_path", (), Indication.INDETERMINATE),
        ("invalid_cert_path.incorrect_validation_info", (), Indication.INDETERMINATE),
        ("invalid_cert_path.cert_validation", (), Indication.TOTAL_FAILED),
        ("invalid_cert_path.cert_validation", ("OCSP answer",), Indication.INDETERMINATE),
    ],
)
def test_indication(code: str | None, missing: tuple[str, ...], indication: Indication) -> None:
    assert SignatureReport(fault_code=code, missing=missing).indication is indication
