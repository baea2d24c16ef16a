"""Answers of a responder for the tests of this room."""

from datetime import datetime, timedelta
from functools import cache

from tests.fakes.pki import CN, MEMBER, NOW, C, certificate, issuing, key

from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import OCSP, SIGN
from lienthong.trust.keys import SoftwareKey
from lienthong.trust.ocsp import CertStatus, Status, issue_response

GOOD = CertStatus(status=Status.GOOD)


@cache
def signer() -> Certificate:
    return certificate(SIGN, MEMBER, key("signer"), issuer=issuing(), issuer_key=key("Issuing"))


@cache
def responder() -> Certificate:
    subject = [(C, "VN"), (CN, "OCSP Responder")]
    return certificate(OCSP, subject, key("responder"), issuer=issuing(), issuer_key=key("Issuing"), serial=99)


def answer(
    status: CertStatus = GOOD,
    *,
    serial: int | None = None,
    by: Certificate | None = None,
    by_key: SoftwareKey | None = None,
    this_update: datetime = NOW,
    next_update: datetime | None = NOW + timedelta(hours=1),
    by_name: bool = False,
    embed_responder: bool = True,
) -> bytes:
    return issue_response(
        signer().serial if serial is None else serial,
        status,
        issuer=issuing(),
        responder=by or responder(),
        key=by_key or key("responder"),
        this_update=this_update,
        next_update=next_update,
        by_name=by_name,
        embed_responder=embed_responder,
    )
