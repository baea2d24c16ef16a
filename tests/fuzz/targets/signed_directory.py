"""Signed directories: the document as given, and the same bytes as what a trusted key signed."""

from __future__ import annotations

import base64
import contextlib

from tests.fakes.instances import NOW, certificate, signing_key

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.directory import read_directory
from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm

REFUSES = (Fault,)
_ALGORITHM = SignatureAlgorithm.ECDSA_SHA512
_DIGEST = DigestAlgorithm.SHA512


def read(data: bytes) -> None:
    trusted = (certificate("internal").der,)
    with contextlib.suppress(Fault):
        read_directory(data, certificates=trusted, at=NOW)
    directory = read_directory(_signed(data), certificates=trusted, at=NOW)
    assert directory.expires > NOW
    assert directory.version > 0
    for part in directory.parts:
        assert part.identifier is not None
        assert ".." not in part.location.split("/")


def _signed(data: bytes) -> bytes:
    """*data* in place of the signed part; its own header comes with it."""
    signature = base64.b64encode(signing_key("internal").sign(_body_of(data), _ALGORITHM))
    name = base64.b64encode(certificate("internal").hash(_DIGEST).value)
    return b"\r\n".join((
        b"Content-Type: multipart/related; boundary=OUTER", b"", b"--OUTER", data, b"--OUTER",
        b"Content-Transfer-Encoding: base64", b"Signature-Algorithm-Id: " + _ALGORITHM.uri.encode(),
        b'Verification-certificate-hash: %b; hash-algorithm-id="%b"' % (name, _DIGEST.uri.encode()),
        b"", signature, b"--OUTER--", b"",
    ))  # fmt: skip


def _body_of(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[2]
