"""OCSP: asking, answering and judging answers. Source: RFC 6960; message-path dossier s.4.7."""

from lienthong.trust.ocsp.judgement import (
    CERT_VALIDATION,
    INCORRECT_VALIDATION_INFO,
    OcspVerdict,
    StaticVerdict,
    good_until,
    judge_freshness,
    judge_response,
    judge_static,
)
from lienthong.trust.ocsp.requests import CertId, build_request, cert_id_of, parse_request
from lienthong.trust.ocsp.responses import (
    CertStatus,
    OcspResponse,
    Status,
    error_response,
    issue_response,
    parse_response,
)

__all__ = [
    "CERT_VALIDATION",
    "INCORRECT_VALIDATION_INFO",
    "CertId",
    "CertStatus",
    "OcspResponse",
    "OcspVerdict",
    "StaticVerdict",
    "Status",
    "build_request",
    "cert_id_of",
    "error_response",
    "good_until",
    "issue_response",
    "judge_freshness",
    "judge_response",
    "judge_static",
    "parse_request",
    "parse_response",
]
