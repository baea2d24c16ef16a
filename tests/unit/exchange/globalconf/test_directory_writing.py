"""Signed directories of every kind of key, judged by openssl over bytes that none of our readers cut."""

import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes import judges
from tests.fakes.instances import NOW

from lienthong.exchange.globalconf.directory import DirectoryPart
from lienthong.exchange.globalconf.directory_writing import DirectorySigner, write_directory
from lienthong.trust.algorithms import DigestAlgorithm, KeyType
from lienthong.trust.certificates import Issuance, build_name, issue_certificate
from lienthong.trust.certificates.profiles import ROOT
from lienthong.trust.keys import SoftwareKey

OUTER, INNER = "A" * 20, "b" * 20
PART = DirectoryPart(
    identifier="SHARED-PARAMETERS",
    instance="VN",
    location="/V6/20261125030000000000000/shared-params.xml",
    digest=DigestAlgorithm.SHA512.digest(b"<x/>"),
)
KEYS = {
    "EC P-256": SoftwareKey.generate(KeyType.EC),
    "EC P-384": SoftwareKey.generate(KeyType.EC, curve="secp384r1"),
    "RSA 2048": SoftwareKey.generate(KeyType.RSA),
}


def signer(key: SoftwareKey, digest: DigestAlgorithm) -> DirectorySigner:
    issuance = Issuance(
        subject_der=build_name([("2.5.4.3", "internal")]),
        public_key_der=key.public_key_der,
        serial=1,
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=365),
    )
    return DirectorySigner(key=key, certificate=issue_certificate(ROOT, issuance, issuer=None, key=key), digest=digest)


def cut(document: bytes) -> tuple[bytes, bytes]:
    """The signed bytes and the signature: first part of the outer multipart without its header, second without its."""
    _, first, second, end = document.split(b"--" + OUTER.encode())
    assert end == b"--\r\n"
    return first.partition(b"\r\n\r\n")[2][:-2], base64.b64decode(second.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("digest", [DigestAlgorithm.SHA256, DigestAlgorithm.SHA512], ids=lambda digest: digest.label)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_openssl_verifies_the_signature(tmp_path: Path, key: SoftwareKey, digest: DigestAlgorithm) -> None:
    own = signer(key, digest)
    document = write_directory(
        [PART], expires=NOW + timedelta(seconds=600), version=6, signer=own, boundaries=(OUTER, INNER)
    )
    signed, signature = cut(document)
    (tmp_path / "certificate.pem").write_bytes(own.certificate.pem)
    (tmp_path / "signed").write_bytes(signed)
    (tmp_path / "signature").write_bytes(signature)
    public = judges.openssl("x509", "-in", tmp_path / "certificate.pem", "-pubkey", "-noout")
    (tmp_path / "public.pem").write_text(public, encoding="ascii")
    verify = (f"-{digest.label.replace('-', '').lower()}", "-verify", tmp_path / "public.pem")
    judged = judges.openssl("dgst", *verify, "-signature", tmp_path / "signature", tmp_path / "signed")
    assert "Verified OK" in judged
    (tmp_path / "signed").write_bytes(signed.replace(b"Version: 6", b"Version: 5"))
    with pytest.raises(AssertionError, match=r"[Vv]erification"):
        judges.openssl("dgst", *verify, "-signature", tmp_path / "signature", tmp_path / "signed")


def test_openssl_makes_the_hashes_that_the_document_names(tmp_path: Path) -> None:
    own = signer(KEYS["EC P-256"], DigestAlgorithm.SHA512)
    document = write_directory(
        [PART], expires=NOW + timedelta(seconds=600), version=6, signer=own, boundaries=(OUTER, INNER)
    )
    (tmp_path / "certificate.der").write_bytes(own.certificate.der)
    (tmp_path / "part").write_bytes(b"<x/>")
    named = re.search(rb"Verification-certificate-hash: ([^;]+);", document)
    listed = re.search(rb"sha512\r\n\r\n([^\r]+)\r\n--" + INNER.encode(), document)
    assert named is not None
    assert listed is not None
    for found, name in ((named[1], "certificate.der"), (listed[1], "part")):
        computed = judges.openssl("dgst", "-sha512", "-r", tmp_path / name).partition(" ")[0]
        assert base64.b64decode(found).hex() == computed
