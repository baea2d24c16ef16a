"""X.509 certificates: reading, requesting, issuing, finding paths and judging them at an instant."""

from lienthong.trust.certificates.certificate import Certificate
from lienthong.trust.certificates.issuing import Issuance, issue_certificate
from lienthong.trust.certificates.names import build_name
from lienthong.trust.certificates.path import PathVerdict, find_path, judge_path, signed_by
from lienthong.trust.certificates.profiles import PROFILES, Profile
from lienthong.trust.certificates.requests import CertificationRequest, build_request, parse_request
from lienthong.trust.certificates.revocation import RevokedEntry, issue_crl
from lienthong.trust.certificates.usage import is_authentication, is_signing

__all__ = [
    "PROFILES",
    "Certificate",
    "CertificationRequest",
    "Issuance",
    "PathVerdict",
    "Profile",
    "RevokedEntry",
    "build_name",
    "build_request",
    "find_path",
    "is_authentication",
    "is_signing",
    "issue_certificate",
    "issue_crl",
    "judge_path",
    "parse_request",
    "signed_by",
]
