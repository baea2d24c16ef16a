"""Timestamp queries and replies. Source: RFC 3161 s.2.4; message-path dossier s.5.4."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import algos, cms, core, tsp

from lienthong.trust.algorithms import Digest
from lienthong.trust.errors import AuthorityError, MalformedEvidenceError
from lienthong.trust.keys.notation import ASN1_ERRORS, digest_from_oid
from lienthong.trust.timestamps.tokens import SIZE_MAX, TimestampToken, parse_token

_NULL = b"\x05\x00"
GRANTED = ("granted", "granted_with_mods")


class Reply(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """TimeStampResp; the token is absent in a refusal, which asn1crypto's own class does not allow."""

    _fields = [  # noqa: RUF012 - asn1crypto reads it so
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampQuery:
    """What is to be stamped, and how."""

    digest: Digest
    """Message imprint."""
    nonce: int | None = None
    """Comes back in the token."""
    policy_oid: str | None = None
    """Dotted; asked for by some clients."""
    wants_certificate: bool = False
    """certReq."""
    null_parameters: bool = False
    """Whether the imprint's algorithm carried NULL; some clients compare it with the token's, byte for byte."""


def build_query(digest: Digest, *, nonce: int | None = None, wants_certificate: bool = False) -> bytes:
    """Ask for a timestamp over *digest*, DER; X-Road asks without nonce, policy and certReq."""
    fields: dict[str, object] = {"version": "v1", "message_imprint": encode_imprint(digest)}
    if nonce is not None:
        fields["nonce"] = nonce
    if wants_certificate:
        fields["cert_req"] = True
    encoded: bytes = tsp.TimeStampReq(fields).dump()
    return encoded


def parse_query(data: bytes) -> TimestampQuery:
    """Read a query.

    Raises:
        MalformedEvidenceError: it cannot be read.
        UnsupportedAlgorithmError: nobody here knows its digest algorithm.
    """
    if len(data) > SIZE_MAX:
        raise MalformedEvidenceError("timestamp query is larger than 256 KiB")
    try:
        query = tsp.TimeStampReq.load(data, strict=True)
        imprint = query["message_imprint"]
        oid, value = imprint["hash_algorithm"]["algorithm"].dotted, imprint["hashed_message"].native
        has_null = imprint["hash_algorithm"].dump().endswith(_NULL)
        nonce, policy = query["nonce"].native, query["req_policy"]
        wanted = query["cert_req"].native
        policy_oid = None if isinstance(policy, core.Void) else policy.dotted
        has_extensions = bool(query["extensions"].native)
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("timestamp query cannot be read") from exc
    algorithm = digest_from_oid(oid)
    if len(value) != len(algorithm.digest(b"").value) or has_extensions:
        raise MalformedEvidenceError("timestamp query has an imprint of the wrong length, or extensions")
    return TimestampQuery(
        digest=Digest(algorithm, value),
        nonce=nonce,
        policy_oid=policy_oid,
        wants_certificate=wanted,
        null_parameters=has_null,
    )


def read_reply(reply_der: bytes, *, query: bytes) -> bytes:
    """Take the token out of a reply that answers *query*; its signature is judged elsewhere.

    Raises:
        AuthorityError: the authority refused, or stamped something else.
        MalformedEvidenceError: the reply cannot be read.
    """
    asked = parse_query(query)
    if len(reply_der) > SIZE_MAX:
        raise MalformedEvidenceError("timestamp reply is larger than 256 KiB")
    try:
        reply = Reply.load(reply_der, strict=True)
        status, present = reply["status"]["status"].native, reply["time_stamp_token"]
        text = reply["status"]["status_string"].native
        token_der: bytes = present.dump()
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("timestamp reply cannot be read") from exc
    if status not in GRANTED or isinstance(present, core.Void):
        raise AuthorityError(f"timestamp authority answered {status}: {'; '.join(text or ()) or 'no reason given'}")
    _require_answer(parse_token(token_der), asked)
    return token_der


def encode_imprint(digest: Digest, *, null_parameters: bool = False) -> tsp.MessageImprint:
    """Write a message imprint, its algorithm without parameters unless asked. Source: RFC 5754 s.2."""
    # asn1crypto would always write NULL, so the identifier is put together here.
    contents = core.ObjectIdentifier(digest.algorithm.oid).dump() + (_NULL if null_parameters else b"")
    algorithm = algos.DigestAlgorithm.load(b"\x30" + bytes([len(contents)]) + contents)
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": digest.value})


def _require_answer(token: TimestampToken, asked: TimestampQuery) -> None:
    if token.imprint != asked.digest:
        raise AuthorityError("timestamp authority stamped something else")
    if token.nonce != asked.nonce:
        raise AuthorityError("timestamp authority answered another query (nonce)")
    if asked.policy_oid is not None and token.policy_oid != asked.policy_oid:
        raise AuthorityError("timestamp authority used another policy")
