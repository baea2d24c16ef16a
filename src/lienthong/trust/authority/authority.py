"""The authority itself: it certifies requests, answers for what it certified, revokes, and stamps time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.authority import founding
from lienthong.trust.authority.founding import ISSUING_CA, ROOT_CA
from lienthong.trust.authority.records import IssuedRecord, Records
from lienthong.trust.authority.responder import StatusService
from lienthong.trust.authority.settings import AuthoritySettings, Surroundings
from lienthong.trust.certificates import (
    Certificate,
    CertificationRequest,
    Issuance,
    Profile,
    build_name,
    issue_certificate,
    parse_request,
)
from lienthong.trust.certificates.profiles import CA, ROOT, SIGN
from lienthong.trust.certificates.revocation import REASONS
from lienthong.trust.errors import AuthorityError, MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys.verification import require_key_allowed
from lienthong.trust.ocsp import cert_id_of, error_response
from lienthong.trust.ocsp import parse_request as parse_ocsp_request
from lienthong.trust.timestamps import TokenDetails, issue_reply
from lienthong.trust.tokens import FileTokenStore

_SERVICES = "authority.sqlite"


class Authority:
    """A CA with RA, OCSP responder, TSA and CRL (tổ chức cung cấp dịch vụ chứng thực chữ ký số)."""

    def __init__(
        self, store: FileTokenStore, records: Records, settings: AuthoritySettings, surroundings: Surroundings
    ) -> None:
        self._records = records
        self._settings = settings
        self._surroundings = surroundings
        self._tsa_key, self._tsa = founding.load(store, "tsa")
        self._cas = {name: founding.load_ca(store, name) for name in (ROOT_CA, ISSUING_CA)}
        self._services = {name: StatusService(ca, records, settings) for name, ca in self._cas.items()}

    @property
    def settings(self) -> AuthoritySettings:
        """What it was told."""
        return self._settings

    @property
    def root(self) -> Certificate:
        """Certificate of the root."""
        return self._cas[ROOT_CA].certificate

    @property
    def issuing(self) -> Certificate:
        """Certificate of the CA that certifies requests; the top CA that X-Road is told of."""
        return self._cas[ISSUING_CA].certificate

    @property
    def ocsp_responder(self) -> Certificate:
        """Certificate of the issuing CA's OCSP responder."""
        return self._cas[ISSUING_CA].responder

    @property
    def root_ocsp_responder(self) -> Certificate:
        """Certificate of the root's OCSP responder."""
        return self._cas[ROOT_CA].responder

    @property
    def tsa(self) -> Certificate:
        """Certificate of the timestamp authority."""
        return self._tsa

    def close(self) -> None:
        """Let go of the folder."""
        self._records.close()

    def issue_certificate(
        self,
        profile: Profile,
        request: bytes,
        *,
        subject: Sequence[tuple[str, str]] | None = None,
        dns_names: Sequence[str] | None = None,
        validity: timedelta | None = None,
    ) -> Certificate:
        """Certify a PKCS#10 request.

        Args:
            request: DER or PEM.
            subject: What the RA found instead of the request's subject, (dotted OID, text).
            dns_names: What the RA found instead of the request's names.
            validity: Instead of the profile's; the CA's own end is never passed.
        Raises:
            AuthorityError: the request is refused.
            MalformedEvidenceError: the request cannot be read.
        """
        asked = parse_request(request)
        self._require_certifiable(profile, asked, subject)
        start = self._surroundings.clock() - self._settings.backdating
        end = start + (validity or profile.validity) - timedelta(seconds=1)
        issuance = Issuance(
            subject_der=asked.subject_der if subject is None else build_name(subject),
            public_key_der=asked.public_key_der,
            serial=founding.new_serial(self._surroundings),
            not_before=start,
            not_after=min(end, self.issuing.not_after),
            dns_names=asked.dns_names if dns_names is None else dns_names,
            ocsp_url=founding.address(self._settings, "/ocsp"),
            crl_url=founding.address(self._settings, f"/crl/{ISSUING_CA}.crl"),
        )
        certificate = issue_certificate(profile, issuance, issuer=self.issuing, key=self._cas[ISSUING_CA].key)
        self._records.add(IssuedRecord(ca=ISSUING_CA, profile=profile.name, certificate=certificate))
        return certificate

    def revoke(self, serial: int, *, reason: str = "unspecified", ca: str = ISSUING_CA) -> None:
        """Revoke a certificate now; *reason* is an RFC 5280 name. Raises AuthorityError."""
        if reason not in REASONS:
            raise AuthorityError(f"unknown reason {reason!r}: use one of {', '.join(REASONS)}")
        self._service(ca).revoke(serial, at=self._now(), reason=reason)

    def answer_ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request, DER, for its first certificate; what cannot be answered gets an unsigned refusal."""
        try:
            asked = parse_ocsp_request(request)[0]
        except MalformedEvidenceError:
            return error_response("malformed_request")
        for name, ca in self._cas.items():
            known = cert_id_of(ca.certificate, ca.certificate)
            if (known.issuer_name_hash, known.issuer_key_hash) == (asked.issuer_name_hash, asked.issuer_key_hash):
                return self._services[name].answer(asked.serial, at=self._now())
        return error_response("unauthorized")

    def ocsp_answer_for(self, certificate: Certificate) -> bytes:
        """The OCSP response that a certificate of the issuing CA gets, for in-process use."""
        return self._services[ISSUING_CA].answer(certificate.serial, at=self._now())

    def refresh_answers(self) -> Iterator[int]:
        """Sign ahead every answer that is getting old, one per step."""
        for service in self._services.values():
            yield from service.refresh(at=self._now())

    def crl(self, name: str) -> bytes:
        """The CRL of ``root`` or ``issuing``, DER; raises AuthorityError for another name."""
        return self._service(name).crl(at=self._now())

    def stamp(self, query: bytes) -> bytes:
        """Answer a timestamp query, DER: a token or a refusal."""
        details = TokenDetails(
            serial=founding.new_serial(self._surroundings),
            gen_time=self._now(),
            policy_oid=self._settings.policy_oid,
        )
        return issue_reply(query, details, certificate=self._tsa, key=self._tsa_key)

    def _now(self) -> datetime:
        return self._surroundings.clock().replace(microsecond=0)

    def _service(self, name: str) -> StatusService:
        if name not in self._services:
            raise AuthorityError(f"no CA named {name!r}")
        return self._services[name]

    def _require_certifiable(
        self, profile: Profile, asked: CertificationRequest, subject: Sequence[tuple[str, str]] | None
    ) -> None:
        if profile in {ROOT, CA}:
            raise AuthorityError("this authority certifies no further CA")
        if not asked.proves_possession:
            raise AuthorityError("certification request is not signed with its own key")
        try:
            require_key_allowed(asked.public_key_der, PRODUCTION)
        except UnsupportedAlgorithmError as exc:
            raise AuthorityError(f"certification request has a key that does not count: {exc}") from exc
        present = {oid for oid, _ in (asked.subject_attributes if subject is None else subject)}
        missing = set(self._settings.sign_subject) - present if profile is SIGN else set()
        if missing or not present:
            raise AuthorityError(f"subject lacks {', '.join(sorted(missing)) or 'every attribute'}")


def create_authority(
    folder: Path, settings: AuthoritySettings, *, password: bytes, surroundings: Surroundings
) -> Authority:
    """Found an authority in an empty folder and open it; raises AuthorityError where there is one already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store, records = FileTokenStore(folder / "tokens", password=password), Records(folder / _SERVICES)
    try:
        founding.found(store, records, settings, surroundings)
    except AuthorityError:
        records.close()
        raise
    return Authority(store, records, settings, surroundings)


def open_authority(
    folder: Path, settings: AuthoritySettings, *, password: bytes, surroundings: Surroundings
) -> Authority:
    """Open the authority that lies in *folder*; raises AuthorityError, KeyAccessError."""
    store = FileTokenStore(folder / "tokens", password=password)
    if not store.names():
        raise AuthorityError(f"there is no authority in {folder.name}")
    return Authority(store, Records(folder / _SERVICES), settings, surroundings)
