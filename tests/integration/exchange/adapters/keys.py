"""Keys and certificates of a small test world, made once per run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from lienthong.exchange.adapters.tls import TlsIdentity

PASSWORD = b"for tests"
_START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One root, one intermediate below it, and who they vouch for."""

    root_der: bytes
    intermediate_der: bytes
    server: TlsIdentity
    client: TlsIdentity
    expired: TlsIdentity
    stranger: TlsIdentity


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certify(subject: str, key, issuer: str, issuer_key, *, ca: bool = False, until: int = 2100) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_START)
        .not_valid_after(dt.datetime(until, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _identity(key, *chain: bytes) -> TlsIdentity:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSWORD),
    )
    return TlsIdentity(chain_der=chain, key_pem=pem, password=PASSWORD)


@cache
def world() -> World:
    root, middle, lone = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client_key = ec.generate_private_key(ec.SECP256R1())
    root_der = _certify("root", root, "root", root, ca=True)
    middle_der = _certify("intermediate", middle, "root", root, ca=True)
    return World(
        root_der=root_der,
        intermediate_der=middle_der,
        server=_identity(rsa_key, _certify("ss1", rsa_key, "intermediate", middle), middle_der),
        client=_identity(client_key, _certify("ss2", client_key, "intermediate", middle), middle_der),
        expired=_identity(client_key, _certify("old", client_key, "intermediate", middle, until=2021), middle_der),
        stranger=_identity(lone, _certify("stranger", lone, "stranger", lone)),
    )
