from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.judges import openssl, pkilint
from tests.fakes.pki import NOW, issuing, root
from tests.unit.trust.ocsp.answers import GOOD, answer, signer

from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.ocsp import CertStatus, Status, error_response, parse_response

REVOKED = CertStatus(status=Status.REVOKED, revoked_at=NOW - timedelta(hours=1), reason="keyCompromise")
REVOKED_SILENTLY = CertStatus(status=Status.REVOKED, revoked_at=NOW)
UNKNOWN = CertStatus(status=Status.UNKNOWN)


@pytest.mark.parametrize("status", [GOOD, REVOKED, REVOKED_SILENTLY, UNKNOWN])
@pytest.mark.parametrize("by_name", [True, False])
def test_what_is_answered_is_read(status: CertStatus, by_name: bool) -> None:
    read = parse_response(answer(status, by_name=by_name, next_update=None))
    assert read.status == status
    assert (read.this_update, read.produced_at, read.next_update) == (NOW, NOW, None)
    assert (read.responder_name is None, read.responder_key_hash is None) == (not by_name, by_name)
    assert len(read.certificates) == 1


@pytest.mark.parametrize(("status", "word"), [(GOOD, "good"), (REVOKED, "revoked"), (UNKNOWN, "unknown")])
def test_openssl_and_pkilint_accept_the_answer(status: CertStatus, word: str, tmp_path: Path) -> None:
    for name, certificate in {"root": root(), "issuing": issuing(), "signer": signer()}.items():
        (tmp_path / f"{name}.pem").write_bytes(certificate.pem)
    (tmp_path / "answer.der").write_bytes(answer(status))
    words = openssl(
        "ocsp", "-respin", tmp_path / "answer.der", "-issuer", tmp_path / "issuing.pem", "-cert",
        tmp_path / "signer.pem", "-CAfile", tmp_path / "root.pem", "-verify_other", tmp_path / "issuing.pem",
        "-validity_period", "999999999", "-attime", str(int(NOW.timestamp())),
    )  # fmt: skip
    assert "Response verify OK" in words
    assert f": {word}\n" in words
    assert pkilint("lint_ocsp_response", tmp_path / "answer.der") == []


def test_revoked_says_when() -> None:
    with pytest.raises(MalformedEvidenceError):
        answer(CertStatus(status=Status.REVOKED))


@pytest.mark.parametrize("status", ["malformed_request", "internal_error", "try_later", "unauthorized"])
def test_a_refusal_is_no_answer(status: str) -> None:
    with pytest.raises(MalformedEvidenceError, match=status):
        parse_response(error_response(status))


def _changed(**fields: object) -> bytes:
    parsed = ocsp.OCSPResponse.load(answer())
    basic = parsed["response_bytes"]["response"].parsed
    for name, value in fields.items():
        basic["tbs_response_data"][name] = value
    encoded: bytes = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
        }
    ).dump(force=True)
    return encoded


@pytest.mark.parametrize("data", [b"", b"\x00" * 300_000, _changed(responses=[])])
def test_what_is_no_answer_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_response(data)


def test_an_unknown_algorithm_is_read() -> None:
    parsed = ocsp.OCSPResponse.load(answer())
    basic = parsed["response_bytes"]["response"].parsed
    basic["signature_algorithm"] = {"algorithm": "md5_rsa"}
    contents = {"response_type": "basic_ocsp_response", "response": basic}
    changed = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": contents}).dump(force=True)
    assert parse_response(changed).algorithm is None


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_response(data)


MUTABLE = answer()


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(0, 255), st.booleans())
def test_a_mutation_is_malformed_or_read(position: int, value: int, cut: bool) -> None:
    data = bytearray(MUTABLE)
    data[position % len(data)] = value
    try:
        parse_response(bytes(data[: position % len(data)] if cut else data))
    except MalformedEvidenceError:
        return


def test_an_answer_of_another_kind_is_not_read() -> None:
    other = ocsp.OCSPResponse.load(answer())
    kind = "1.3.6.1.5.5.7.48.1.99"
    raw = other.dump().replace(ocsp.ResponseType("basic_ocsp_response").dump(), ocsp.ResponseType(kind).dump())
    if raw == other.dump():
        raise AssertionError("nothing was changed")
    with pytest.raises(MalformedEvidenceError):
        parse_response(raw)
