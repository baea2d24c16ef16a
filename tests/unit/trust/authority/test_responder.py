from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.pki import CN, NOW, C, certificate, issuing, key, settings
from tests.unit.trust.ocsp.answers import signer

from lienthong.trust.authority import IssuedRecord, Records
from lienthong.trust.authority.responder import CertificationAuthority, StatusService
from lienthong.trust.certificates.profiles import OCSP
from lienthong.trust.errors import AuthorityError
from lienthong.trust.ocsp import Status, parse_response


def test_a_revocation_forgets_what_was_signed_ahead(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite")
    records.add(IssuedRecord(ca="issuing", profile="SIGN", certificate=signer()))
    responder = certificate(OCSP, [(C, "VN"), (CN, "R")], key("r"), issuer=issuing(), issuer_key=key("Issuing"))
    ca = CertificationAuthority(
        name="issuing", certificate=issuing(), key=key("Issuing"), responder=responder, responder_key=key("r")
    )
    service, serial = StatusService(ca, records, settings()), signer().serial
    assert list(service.refresh(at=NOW)) == [serial]
    assert parse_response(service.answer(serial, at=NOW)).status.status is Status.GOOD
    first = service.crl(at=NOW)
    service.revoke(serial, at=NOW, reason="superseded")
    assert parse_response(service.answer(serial, at=NOW)).status.status is Status.REVOKED
    assert service.crl(at=NOW) != first
    earlier = parse_response(service.answer(serial, at=NOW - timedelta(hours=1)))
    assert earlier.this_update == NOW - timedelta(hours=1)
    with pytest.raises(AuthorityError):
        service.revoke(5, at=NOW, reason="superseded")
    records.close()


def test_keys_are_not_shown() -> None:
    ca = CertificationAuthority(name="root", certificate=issuing(), key=key(), responder=issuing(), responder_key=key())
    assert "SoftwareKey" not in repr(ca)
