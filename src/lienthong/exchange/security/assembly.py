"""Puts a snapshot together: our own keys, judged by the same rules as anybody's, at an instant.

A key whose certificate, path or OCSP answer is not good is left out, and the snapshot says why.
Source: message-path dossier s.4.7 (local use); governance dossier s.4.3, s.5.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.profiles import is_test_profile
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.security.snapshot import AuthenticationIdentity, Snapshot, UsableSigner
from lienthong.exchange.serverconf.access import AccessRules
from lienthong.exchange.serverconf.settings import Settings
from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.certificates import Certificate, find_path, judge_path
from lienthong.trust.errors import TrustError
from lienthong.trust.keys import SigningKey
from lienthong.trust.ocsp import judge_response


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A key of ours with its certificate."""

    key: SigningKey
    """Signs."""
    certificate: Certificate
    """Says whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeys:
    """The keys a server holds."""

    authentication: OwnKey | None
    """Of the server itself."""
    signing: Sequence[tuple[ClientId, OwnKey]]
    """Of its members, in order of preference."""
    problems: Mapping[str, str]
    """Why a key of the settings is not here, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a snapshot is made of."""

    settings: Settings
    globalconf: GlobalConfSet
    keys: OwnKeys
    ocsp_responses: Mapping[bytes, bytes]
    """DER by SHA-1 of the certificate."""
    system_certificates: Mapping[ClientId, frozenset[bytes]]
    internal_certificate: bytes | None


@dataclass(frozen=True, slots=True)
class _Evidence:
    chain: tuple[Certificate, ...]
    ocsp_responses: tuple[bytes, ...]
    usable_until: datetime


class _UnusableError(Exception):
    """A key cannot be used; the text says why."""


def own_path(certificate: Certificate, globalconf: GlobalConfSet) -> tuple[Certificate, ...]:
    """Certificate … trust anchor in our own instance; empty where there is none."""
    instance = globalconf.local_instance
    return find_path(certificate, globalconf.ca_certificates(instance), globalconf.top_certificates(instance))


def sha1_of(certificate: Certificate) -> bytes:
    """The name under which OCSP answers are kept and asked for. Source: message-path s.3.10."""
    return hashlib.sha1(certificate.der, usedforsecurity=False).digest()


def require_no_test_profile(settings: Settings, globalconf: GlobalConfSet) -> None:
    """Refuse a configuration that names a test profile, unless the settings allow it; raises ConfigurationError."""
    if settings.allow_test_profile:
        return
    named = [ca.name for ca in globalconf.local.shared.approved_cas if is_test_profile(ca.certificate_profile_info)]
    if named:
        raise ConfigurationError(
            f"the global configuration approves {', '.join(named)} with a test certificate profile; "
            "it is refused unless the settings say allow_test_profile = true"
        )


def assemble(material: Material, *, now: datetime) -> Snapshot:
    """The snapshot of this moment; raises ConfigurationError for a configuration that must not be used."""
    require_no_test_profile(material.settings, material.globalconf)
    authentication, authentication_problem = _authentication(material, now)
    signers: dict[ClientId, UsableSigner] = {}
    problems: dict[ClientId, str] = {}
    for member, key in material.keys.signing:
        if member in signers:
            continue
        try:
            signers[member] = _signer(material, key, now)
        except _UnusableError as exc:
            problems[member] = str(exc)
    return Snapshot(
        settings=material.settings,
        access=AccessRules.prepare(material.settings),
        globalconf=material.globalconf,
        authentication=authentication,
        authentication_problem=authentication_problem,
        signers=signers,
        signer_problems=problems,
        ocsp_responses=material.ocsp_responses,
        system_certificates=material.system_certificates,
        internal_certificate=material.internal_certificate,
    )


def _authentication(material: Material, now: datetime) -> tuple[AuthenticationIdentity | None, str]:
    key = material.keys.authentication
    if key is None:
        return None, "; ".join(material.keys.problems.values()) or "there is no key"
    try:
        evidence = _evidence(material, key.certificate, now)
    except _UnusableError as exc:
        return None, str(exc)
    identity = AuthenticationIdentity(
        chain_der=tuple(certificate.der for certificate in evidence.chain),
        ocsp_responses=evidence.ocsp_responses,
        usable_until=evidence.usable_until,
    )
    return identity, ""


def _signer(material: Material, key: OwnKey, now: datetime) -> UsableSigner:
    evidence = _evidence(material, key.certificate, now)
    identity = SigningIdentity(
        key=key.key,
        certificate=key.certificate,
        extra_certificates=evidence.chain[1:],
        ocsp_responses=evidence.ocsp_responses,
    )
    return UsableSigner(identity=identity, usable_until=evidence.usable_until)


def _evidence(material: Material, certificate: Certificate, now: datetime) -> _Evidence:
    path = own_path(certificate, material.globalconf)
    verdict = judge_path(path, at=now, policy=PRODUCTION)
    if not verdict.is_valid:
        raise _UnusableError(f"its certificate path is not valid ({verdict.problem}): {verdict.detail}")
    usable_until = min(each.not_after for each in path[:-1])
    responses = []
    for index, each in enumerate(path[:-1]):
        response, good_until = _good_answer(material, each, path[index + 1], now)
        responses.append(response)
        usable_until = min(usable_until, good_until)
    return _Evidence(path[:-1], tuple(responses), usable_until)


def _good_answer(
    material: Material, certificate: Certificate, issuer: Certificate, now: datetime
) -> tuple[bytes, datetime]:
    globalconf = material.globalconf
    response = material.ocsp_responses.get(sha1_of(certificate))
    if response is None:
        raise _UnusableError(f"no OCSP answer about {certificate.subject}")
    ca = globalconf.find_ca(globalconf.local_instance, certificate.canonical_issuer)
    try:
        verdict = judge_response(
            response,
            cert=certificate,
            issuer=issuer,
            responders=() if ca is None else ca.responder_certificates,
            others=globalconf.ca_certificates(),
            at=now,
            freshness=globalconf.ocsp_freshness(),
            check_next_update=globalconf.verify_next_update(),
            policy=PRODUCTION,
        )
    except TrustError as exc:
        raise _UnusableError(f"the OCSP answer about {certificate.subject} cannot be read: {exc}") from exc
    if not verdict.is_good or verdict.this_update is None:
        raise _UnusableError(f"{verdict.detail} ({certificate.subject})")
    return response, verdict.this_update + globalconf.ocsp_freshness()
