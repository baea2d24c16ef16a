import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.fakes.pki import key
from tests.shared import shared

from lienthong.trust.algorithms import KeyType, SignatureAlgorithm
from lienthong.trust.errors import KeyAccessError, UnsupportedAlgorithmError
from lienthong.trust.keys import SoftwareKey


def test_a_key_comes_back_from_its_export() -> None:
    exported = key("EC").export(b"secret")
    assert exported.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert SoftwareKey.load(exported, b"secret").public_key_der == key("EC").public_key_der


@pytest.mark.parametrize("password", [b"wrong", None])
def test_a_wrong_password_opens_nothing(password: bytes | None) -> None:
    with pytest.raises(KeyAccessError):
        SoftwareKey.load(key("EC").export(b"secret"), password)


def test_a_key_is_never_written_bare() -> None:
    with pytest.raises(KeyAccessError):
        key("EC").export(b"")


def test_der_without_password_is_read() -> None:
    recorded = SoftwareKey.load(shared("fixtures/xroad/live/pki/ss1-sign-ec.key.p8").read_bytes(), None)
    assert recorded.key_type is KeyType.EC


def test_p384_is_made() -> None:
    assert SoftwareKey.generate(KeyType.EC, curve="secp384r1").key_type is KeyType.EC


def test_keys_outside_the_table_are_refused() -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        SoftwareKey.generate(KeyType.RSA, bits=1024)
    with pytest.raises(UnsupportedAlgorithmError):
        SoftwareKey.generate(KeyType.EC, curve="secp521r1")
    with pytest.raises(UnsupportedAlgorithmError):
        SoftwareKey(ec.generate_private_key(ec.SECP521R1()))
    with pytest.raises(UnsupportedAlgorithmError):
        SoftwareKey(rsa.generate_private_key(public_exponent=65537, key_size=1024))
    bare = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnsupportedAlgorithmError):
        SoftwareKey.load(bare, None)


def test_a_private_key_on_a_curve_nobody_knows_is_refused() -> None:
    named = ec.generate_private_key(ec.SECP256R1())
    der = named.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    unknown = der.replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f"))
    with pytest.raises((UnsupportedAlgorithmError, KeyAccessError)):
        SoftwareKey.load(unknown, None)


def test_a_key_makes_no_signature_of_the_other_type() -> None:
    with pytest.raises(KeyAccessError):
        key("EC").sign(b"", SignatureAlgorithm.RSA_SHA256)


def test_a_key_does_not_show_itself() -> None:
    assert repr(key("EC")) == "<SoftwareKey EC>"
