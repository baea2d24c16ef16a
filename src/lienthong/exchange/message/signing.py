"""One signature for one message or for many.

A message of one part alone is signed as it is; everything else is signed over a hash tree, and each message gets the
chain that leads from its parts to the signed top. Source: message-path dossier s.4.1, s.4.2, s.4.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, ChainInput, build_chains
from lienthong.trust.algorithms import Digest, DigestAlgorithm, KeyType, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import SigningKey
from lienthong.trust.xades import SignatureTemplate, SignedObject

MESSAGE_NAME = "/message.xml"
"""Data object name of the SOAP envelope or REST header block."""
RESULT_TYPE = "application/hash-chain-result"
MESSAGE_TYPE = "text/xml"


class MessageParts(msgspec.Struct, frozen=True, gc=False):
    """What a signature must cover of one message."""

    message: Digest
    """Of the envelope or header block, as transported."""
    attachments: tuple[Digest, ...] = ()
    """Of each attachment as transferred, in order; of the REST body, where there is a body part, even an empty one."""


class SignedMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What goes along with one signed message."""

    signature_xml: bytes
    """XAdES document, the same for every message of a batch."""
    hash_chain_result: bytes | None = None
    """Signed in place of the message, the same for every message of a batch; None for a plain signature."""
    hash_chain: bytes | None = None
    """From this message's parts to the result; None for a plain signature."""


def attachment_name(number: int) -> str:
    """Data object name of the attachment with this number, from 1."""
    return f"/attachment{number}"


def sign_batch(
    messages: Sequence[MessageParts],
    *,
    key: SigningKey,
    certificate: Certificate,
    signing_time: datetime,
    ocsp_responses: Sequence[bytes],
    extra_certificates: Sequence[Certificate] = (),
    digest_algorithm: DigestAlgorithm = DigestAlgorithm.SHA512,
) -> list[SignedMessage]:
    """Sign every message, in order, by a single use of the key.

    Args:
        messages: At least one; their digests are by *digest_algorithm*, which ``x-hash-algorithm`` will name.
        certificate: The member's signing certificate.
        signing_time: Aware.
        ocsp_responses: OCSPResponse DER, the signing certificate's first, then one for each extra certificate.
        extra_certificates: Intermediate authorities, nearest to the signer first.
    Raises:
        KeyAccessError: the key refuses.
        ValueError: no message, or a digest by another algorithm.
    Source: message-path dossier s.4.2, s.4.3, s.4.5.
    """
    template = _template(certificate, key.key_type, digest_algorithm, tuple(ocsp_responses), tuple(extra_certificates))
    if len(messages) == 1 and not messages[0].attachments:
        _require(messages[0].message, digest_algorithm)
        signed = SignedObject(MESSAGE_NAME, messages[0].message, MESSAGE_TYPE)
        return [SignedMessage(signature_xml=template.sign(key, (signed,), signing_time))]
    chains = build_chains([_inputs(message) for message in messages], algorithm=digest_algorithm)
    result = SignedObject(SIGNATURE_RESULT, digest_algorithm.digest(chains.result), RESULT_TYPE)
    signature = template.sign(key, (result,), signing_time)
    return [
        SignedMessage(signature_xml=signature, hash_chain_result=chains.result, hash_chain=chain)
        for chain in chains.chains
    ]


def _require(digest: Digest, algorithm: DigestAlgorithm) -> None:
    if digest.algorithm is not algorithm:
        raise ValueError(f"the digest of a message signed by {algorithm.label} must be by {algorithm.label}")


def _inputs(message: MessageParts) -> list[ChainInput]:
    inputs = [ChainInput(MESSAGE_NAME, message.message)]
    inputs += [ChainInput(attachment_name(number), digest) for number, digest in enumerate(message.attachments, 1)]
    return inputs


@lru_cache(maxsize=64)
def _template(
    certificate: Certificate,
    key_type: KeyType,
    digest_algorithm: DigestAlgorithm,
    ocsp_responses: tuple[bytes, ...],
    extra_certificates: tuple[Certificate, ...],
) -> SignatureTemplate:
    """A signer's template, rebuilt only when its OCSP answers change."""
    return SignatureTemplate.for_signer(
        certificate,
        algorithm=SignatureAlgorithm.for_key(key_type, digest_algorithm),
        ocsp_values=ocsp_responses,
        extra_certificates=extra_certificates,
    )
