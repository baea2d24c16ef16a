"""Batch and plain signatures, judged by reading them back: value, references, chain of every message."""

from datetime import UTC, datetime

import pytest
from tests.unit.exchange.recordings import live

from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, verify_chain
from lienthong.exchange.message.signing import MESSAGE_NAME, MessageParts, SignedMessage, attachment_name, sign_batch
from lienthong.trust.algorithms import PRODUCTION, Digest, DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import EcdsaFormat, SigningKey, SoftwareKey, verify_signature
from lienthong.trust.xades import parse_signature

AT = datetime(2026, 11, 25, 2, 45, tzinfo=UTC)
SHA512 = DigestAlgorithm.SHA512


class CountingKey:
    """Counts how often it signs."""

    def __init__(self, key: SoftwareKey) -> None:
        self._key = key
        self.uses = 0
        self.key_type = key.key_type
        self.public_key_der = key.public_key_der

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        self.uses += 1
        return self._key.sign(data, algorithm)


def signer(kind: str) -> tuple[CountingKey, Certificate]:
    key = SoftwareKey.load(live("pki", f"ss1-sign-{kind}.key.p8"), None)
    return CountingKey(key), Certificate.from_der(live("pki", f"ss1-sign-{kind}.cert.der"))


def parts(number: int, attachments: int = 0, algorithm: DigestAlgorithm = SHA512) -> MessageParts:
    return MessageParts(
        algorithm.digest(b"message %d" % number),
        tuple(algorithm.digest(b"attachment %d of %d" % (each, number)) for each in range(attachments)),
    )


def sign(
    messages: list[MessageParts], key: SigningKey, certificate: Certificate, algorithm: DigestAlgorithm = SHA512
) -> list[SignedMessage]:
    return sign_batch(
        messages,
        key=key,
        certificate=certificate,
        signing_time=AT,
        ocsp_responses=[b"\x30\x03\x0a\x01\x00"],
        digest_algorithm=algorithm,
    )


def signed_object(message: SignedMessage, certificate: Certificate) -> tuple[str, Digest]:
    """What the signature covers, after its value and its own references were checked."""
    signature = parse_signature(message.signature_xml)
    assert signature.certificate == certificate
    assert verify_signature(
        certificate.public_key_der,
        signature.signed_info,
        signature.signature_value,
        signature.algorithm,
        policy=PRODUCTION,
        ecdsa=EcdsaFormat.RAW,
    )
    outside, inside = signature.references
    assert inside.holds
    return outside.uri, outside.digest


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_one_message_of_one_part_is_signed_plainly(kind: str) -> None:
    key, certificate = signer(kind)
    (signed,) = sign([parts(1)], key, certificate)
    assert signed_object(signed, certificate) == (MESSAGE_NAME, SHA512.digest(b"message 1"))
    assert (signed.hash_chain_result, signed.hash_chain) == (None, None)
    assert key.uses == 1


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("shape", [[1], [0, 0], [0, 2, 0], [3, 0, 0, 1, 0, 0, 0]])
def test_everything_else_is_signed_once_and_chained(kind: str, shape: list[int]) -> None:
    key, certificate = signer(kind)
    messages = [parts(number, attachments) for number, attachments in enumerate(shape)]
    signed = sign(messages, key, certificate)
    assert key.uses == 1
    assert len({message.signature_xml for message in signed}) == 1
    for message, given in zip(signed, messages, strict=True):
        assert message.hash_chain_result is not None
        assert message.hash_chain is not None
        assert signed_object(message, certificate) == (SIGNATURE_RESULT, SHA512.digest(message.hash_chain_result))
        covered = verify_chain(message.hash_chain_result, message.hash_chain, inputs(given))
        assert {part.name for part in covered} == set(inputs(given))


def inputs(given: MessageParts) -> dict[str, Digest]:
    names = {attachment_name(number): digest for number, digest in enumerate(given.attachments, 1)}
    return {MESSAGE_NAME: given.message, **names}


def test_another_digest_algorithm() -> None:
    key, certificate = signer("rsa")
    sha256 = DigestAlgorithm.SHA256
    plain = sign([parts(1, algorithm=sha256)], key, certificate, sha256)
    batch = sign([parts(1, 1, sha256)], key, certificate, sha256)
    assert signed_object(plain[0], certificate)[1].algorithm is sha256
    assert signed_object(batch[0], certificate)[1].algorithm is sha256


@pytest.mark.parametrize(
    "messages",
    [[], [parts(1, algorithm=DigestAlgorithm.SHA256)], [parts(1), parts(2, algorithm=DigestAlgorithm.SHA256)]],
)
def test_what_cannot_be_signed(messages: list[MessageParts]) -> None:
    key, certificate = signer("ec")
    with pytest.raises(ValueError, match=r"SHA-512|message"):
        sign(messages, key, certificate)
    assert key.uses == 0
