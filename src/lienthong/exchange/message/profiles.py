"""Which member a signing certificate speaks for, by the rule its authority's certificate profile names.

The name in the global configuration is a Java class name that other implementations use as an enumeration; only its
last part counts. Source: governance dossier s.2.4; message-path dossier s.4.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError
from lienthong.trust.certificates import Certificate

COMMON_NAME = "2.5.4.3"
SERIAL_NUMBER = "2.5.4.5"
COUNTRY = "2.5.4.6"
ORGANIZATION = "2.5.4.10"
ORGANIZATIONAL_UNIT = "2.5.4.11"
BUSINESS_CATEGORY = "2.5.4.15"
ORGANIZATION_IDENTIFIER = "2.5.4.97"

_Parts = tuple[str | None, str | None, str | None]
_Rule = Callable[[Certificate, str], _Parts]
_ESTONIAN_PREFIXES = {"NTREE-": "COM", "GO:EE-": "GOV", "NP:EE-": "NGO"}
_ESTONIAN_DIGITS = {**dict.fromkeys("123456", "COM"), "7": "GOV", "8": "NGO", "9": "NGO"}
_ESTONIAN_CODE = re.compile(r"[1-9][0-9]{7}")
_SUFFIXES = ("CertificateProfileInfoProvider", "CertificateProfileInfo", "SignCertificateProfileInfo")


def member_of(certificate: Certificate, *, profile: str, instance: str) -> ClientId:
    """The member that the subject names, always without a subsystem.

    Args:
        profile: ``certificateProfileInfo`` of the issuing authority.
        instance: Where the message says the signer is; some profiles do not write it into the subject.
    Raises:
        Fault: ``incorrect_certificate``: profile unknown, or the subject lacks what the profile needs.
    """
    rule = _RULES.get(_short_name(profile))
    if rule is None:
        raise Fault("incorrect_certificate", f"Certificate profile {profile!r} is not known here")
    try:
        return ClientId(*(part or "" for part in rule(certificate, instance)))
    except IdentifierError as exc:
        text = f"Subject {certificate.subject!r} does not name a member by profile {_short_name(profile)}: {exc}"
        raise Fault("incorrect_certificate", text) from exc


def is_test_profile(profile: str) -> bool:
    """Whether a certificate profile is one for tests, which no server in service believes."""
    return _short_name(profile) == "test"


def _short_name(profile: str) -> str:
    name = profile.rpartition(".")[2]
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        name = name.removesuffix(suffix)
    return name.lower()


def _ejbca(certificate: Certificate, instance: str) -> _Parts:
    return _attributes(certificate, COUNTRY, ORGANIZATION, COMMON_NAME)


def _finnish(certificate: Certificate, instance: str) -> _Parts:
    serial = certificate.subject_value(SERIAL_NUMBER)
    if serial is None:
        return _finnish_legacy(certificate, instance)
    parts = serial.split("/")
    if len(parts) != 3 or certificate.subject_value(COUNTRY) != "FI" or not certificate.subject_value(ORGANIZATION):
        return (None, None, None)
    return (parts[0], parts[2], certificate.subject_value(COMMON_NAME))


def _finnish_legacy(certificate: Certificate, instance: str) -> _Parts:
    if certificate.subject_value(ORGANIZATIONAL_UNIT) is None:
        return _ejbca(certificate, instance)
    if certificate.subject_value(COUNTRY) != "FI":
        return (None, None, None)
    return _attributes(certificate, ORGANIZATION, ORGANIZATIONAL_UNIT, COMMON_NAME)


def _faroese(certificate: Certificate, instance: str) -> _Parts:
    if certificate.subject_value(COUNTRY) != "FO" or certificate.subject_value(SERIAL_NUMBER) is None:
        return (None, None, None)
    return _attributes(certificate, ORGANIZATION, ORGANIZATIONAL_UNIT, COMMON_NAME)


def _icelandic(certificate: Certificate, instance: str) -> _Parts:
    named = certificate.subject_value(SERIAL_NUMBER), certificate.subject_value(ORGANIZATIONAL_UNIT)
    if named == (None, None):
        return _ejbca(certificate, instance)
    if certificate.subject_value(COUNTRY) != "IS" or None in named:
        return (None, None, None)
    return _attributes(certificate, ORGANIZATION, ORGANIZATIONAL_UNIT, COMMON_NAME)


def _basic(certificate: Certificate, instance: str) -> _Parts:
    return (instance, certificate.subject_value(BUSINESS_CATEGORY), certificate.subject_value(SERIAL_NUMBER))


def _estonian_seal(certificate: Certificate, instance: str) -> _Parts:
    identifier = certificate.subject_value(ORGANIZATION_IDENTIFIER)
    if identifier is not None:
        member_class = _ESTONIAN_PREFIXES.get(identifier[:6])
        return (instance, "NEE", identifier) if member_class is None else (instance, member_class, identifier[6:])
    code = certificate.subject_value(SERIAL_NUMBER)
    if code is None or not _ESTONIAN_CODE.fullmatch(code):
        return (None, None, None)
    return (instance, _ESTONIAN_DIGITS[code[0]], code)


def _estonian_person(certificate: Certificate, instance: str) -> _Parts:
    return (instance, "PERSON", certificate.subject_value(SERIAL_NUMBER))


def _business(certificate: Certificate, instance: str) -> _Parts:
    return (instance, "BUSINESS", certificate.subject_value(COMMON_NAME))


def _attributes(certificate: Certificate, first: str, second: str, third: str) -> _Parts:
    """Three subject attributes by OID, absent ones as None."""
    return (certificate.subject_value(first), certificate.subject_value(second), certificate.subject_value(third))


_RULES: dict[str, _Rule] = {
    "ejbca": _ejbca,
    "fivrk": _finnish,
    "fo": _faroese,
    "is": _icelandic,
    "basic": _basic,
    "basicacme": _basic,
    "skklass3": _estonian_seal,
    "skesteid": _estonian_person,
    "test": _business,
}
"""Short name of the profile, lower case → its rule; ``test`` is the profile of X-Road's own unit tests."""
