"""The data folder of the own server of :mod:`.instance_seen`, with real key files, and a peer that answers dials."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes import instance_seen as seen
from tests.fakes import pki
from tests.fakes.settings_files import COMPLETE

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, listen, serve
from lienthong.exchange.adapters.ocsp_fetch import ocsp_answer
from lienthong.exchange.adapters.tls import TlsIdentity, TlsVersions, transport_server_context
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.globalconf.metadata import PartMetadata
from lienthong.exchange.globalconf.refresh import StoredPart
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.exchange.security.assembly import sha1_of
from lienthong.exchange.security.paths import DataPaths
from lienthong.trust.algorithms import Digest
from lienthong.trust.tokens import FileTokenStore

PASSWORD = b"mat-khau-thu"
_VERSION = 6


def write_folder(folder: Path, conf: GlobalConfSet, *, port: int, ocsp_port: int) -> DataPaths:
    """Everything that a server's folder holds before it runs."""
    paths = DataPaths(folder)
    ports = f"\n[ports]\ndial_port = {port}\ndial_ocsp_port = {ocsp_port}\n"
    folder.mkdir(exist_ok=True)
    paths.settings.write_text(COMPLETE + seen.CONSUMER + ports, "utf-8")
    (folder / "password").write_bytes(PASSWORD)
    (folder / "population.crt").write_bytes(seen.certificate("system").der)
    (folder / "anchor.xml").write_bytes(b"")
    store = FileTokenStore(folder / "tokens", password=PASSWORD)
    for name, holder, signs in (("authentication", "ss1", False), ("signing", "G01", True), ("province", "G01", True)):
        store.put_key(name, pki.key(holder))
        store.put_certificate(name, seen.certificate(holder, signs=signs))
    paths.ocsp.mkdir()
    for certificate in (seen.certificate("ss1"), seen.certificate("G01", signs=True)):
        (paths.ocsp / f"{sha1_of(certificate).hex()}.ocsp").write_bytes(seen.answer(certificate))
    write_configuration(paths, conf)
    return paths


def write_configuration(paths: DataPaths, conf: GlobalConfSet) -> None:
    """The folder of a configuration with one instance."""
    codec, known = codec_for(_VERSION), conf.local
    assert known.private is not None
    parts = {"shared": codec.write_shared(known.shared), "private": codec.write_private(known.private)}
    stored = {
        f"{kind}-params.xml": StoredPart(
            data=data,
            metadata=PartMetadata(
                identifier=f"{kind.upper()}-PARAMETERS",
                instance=known.shared.instance,
                version=_VERSION,
                expires=known.expires,
            ),
        )
        for kind, data in parts.items()
    }
    folder = GlobalConfFolder(paths.globalconf)
    folder.set_local_instance(known.shared.instance)
    folder.replace(known.shared.instance, stored)


@dataclass(frozen=True, slots=True)
class Peer:
    """A provider's server on loopback."""

    port: int
    ocsp_port: int


@asynccontextmanager
async def answering_peer(
    address: str = "127.0.1.2", *, versions: TlsVersions = TlsVersions.BOTH, name: str = "ss2", has_ocsp: bool = True
) -> AsyncIterator[Peer]:
    """Shows the certificate of that name and gives OCSP answers; asks for a certificate, whichever."""
    certificate = seen.certificate(name)
    identity = TlsIdentity(chain_der=(certificate.der,), key_pem=pki.key(name).export(PASSWORD), password=PASSWORD)
    context = transport_server_context(identity, is_registered=lambda _: True, versions=versions)
    messages, ocsp = listen(address, 0), listen(address, 0)
    peer = Peer(messages.getsockname()[1], ocsp.getsockname()[1])

    def lookup(digest: Digest) -> bytes | None:
        is_known = has_ocsp and digest.algorithm.digest(certificate.der) == digest
        return seen.answer(certificate) if is_known else None

    async def answer(request: HttpRequest) -> HttpResponse:
        return ocsp_answer(request.raw_query, lookup, method=request.method)

    async def refuse(_: HttpRequest) -> HttpResponse:
        raise AssertionError("explain sends no message")

    async with (
        await serve(refuse, sockets=[messages], ssl_context=context),
        await serve(answer, sockets=[ocsp]),
    ):
        yield peer
