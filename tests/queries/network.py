"""Two security servers of ours in the instance of the stored messages, a stub service, and peers made of raw sockets."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes import pki
from tests.fakes.instance_seen import NOW, answer, certificate, responder
from tests.fakes.loop import Run
from tests.fakes.server_folder import PASSWORD, write_configuration
from tests.live import wire
from tests.live.server import Moment, OurServer

from lienthong.exchange.globalconf import GlobalConf, GlobalConfSet
from lienthong.exchange.globalconf.model import (
    ApprovedCa,
    CaEntry,
    ConfigurationSource,
    MaintenanceMode,
    ManagementService,
    Member,
    OcspResponder,
    PrivateParameters,
    SecurityServer,
    SharedParameters,
    Subsystem,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId, parse_client
from lienthong.exchange.security import listeners
from lienthong.exchange.security.assembly import sha1_of
from lienthong.exchange.security.paths import DataPaths
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import SIGN
from lienthong.trust.tokens import FileTokenStore

CONSUMER_HOST, PROVIDER_HOST, SERVICE_HOST = "127.82.66.1", "127.82.66.2", "127.82.66.3"
INTEGERS = ("127.82.66.4", 8700)
"""Where other people's service listens."""
PERSON_WSDL = Path(__file__).with_name("person.wsdl")
CONSUMER, PRODUCER = "EE/BUSINESS/consumer", "EE/BUSINESS/producer"
CLIENTS = {
    "ss1": (
        CONSUMER,
        f"{CONSUMER}/subsys1",
        f"{CONSUMER}/strict",
        "EE/GOV/TS1OWNER",
        "EE/BUSINESS/signing-error-query",
        "EE/BUSINESS/signing-error-request",
    ),
    "ss2": (
        PRODUCER,
        f"{PRODUCER}/subsys2",
        "EE/BUSINESS/attachment",
        "EE/BUSINESS/signing-error-response",
        "EE/BUSINESS/blah",
        "EE/GOV/TS1OWNER/mgmt service provider",
    ),
}
CANNOT_SIGN = ("EE/BUSINESS/signing-error-request", "EE/BUSINESS/signing-error-response")
"""Members whose token has gone away since the server began."""
SERVICES = {
    PRODUCER: ("getState", "test", "testQuery", "testResponse", "generateMtom", "closed", "off", "strange", "hidden"),
    f"{PRODUCER}/subsys2": ("getState", "getPerson/v1", "ReturnInteger"),
    "EE/BUSINESS/attachment": ("test",),
    "EE/BUSINESS/signing-error-response": ("getState",),
    "EE/BUSINESS/blah": ("getState",),
    "EE/GOV/TS1OWNER/mgmt service provider": ("clientReg",),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """How the two servers stand to each other."""

    dials: str = "provider"
    """Whom the consumer's server reaches: ``provider``, a raw-socket ``peer``, a ``stranger``, or ``nobody``."""
    has_rights: bool = True
    """Whether anyone may call."""
    in_maintenance: bool = False
    """Whether the provider's server says that it is not available."""


ORDINARY = Place()


@dataclass
class Pair:
    """Two running servers and everyone around them."""

    consumer: OurServer
    provider: OurServer
    service: wire.Script
    """What the provider's service answers, and what it saw."""
    peer: wire.Script
    """What a raw-socket provider's server answers, and what it saw."""
    identity: ssl.SSLContext
    """With which a raw-socket consumer's server dials the provider's."""

    async def ask(self, message: bytes) -> bytes:
        """An information system's HTTP request, byte for byte, and what came back."""
        return await wire.play(message, CONSUMER_HOST, self.consumer.port(listeners.SYSTEMS))

    async def ask_provider(self, message: bytes) -> bytes:
        """The same from a server of the consumer's that is a raw socket."""
        port = self.provider.port(listeners.SERVERS)
        return (await wire.play_to_server(message, PROVIDER_HOST, port, self.identity))[1]


@dataclass
class Network:
    """Opens pairs as they are asked for, each once."""

    folder: Path
    run: Run
    _pairs: dict[Place, Pair] = field(default_factory=dict)
    _others: list[Any] = field(default_factory=list)

    def pair(self, place: Place = ORDINARY) -> Pair:
        """The two servers as they stand in *place*."""
        if place not in self._pairs:
            self._pairs[place] = self.run(self._open(place))
        pair = self._pairs[place]
        pair.service.begin(_silence)
        pair.peer.begin(_silence)
        return pair

    async def close(self) -> None:
        for pair in self._pairs.values():
            await pair.consumer.close()
            await pair.provider.close()
        for server in self._others:
            server.close()

    async def _open(self, place: Place) -> Pair:
        folder = self.folder / f"pair-{len(self._pairs)}"
        folder.mkdir()
        service, peer = wire.Script(_silence), wire.Script(_silence)
        plain, plain_port = await wire.serve_recorded(service, SERVICE_HOST)
        strange, strange_port = await wire.serve_recorded(service, SERVICE_HOST, context=_server_context("stranger"))
        shown = "stranger" if place.dials == "stranger" else "ss2"
        raw, raw_port = await wire.serve_recorded(peer, PROVIDER_HOST, context=_server_context(shown))
        self._others += [plain, strange, raw]
        paths = {name: DataPaths(folder / name) for name in CLIENTS}
        moment = Moment(NOW)
        servers = {
            name: OurServer(paths[name], moment, host=host)
            for name, host in (("ss1", CONSUMER_HOST), ("ss2", PROVIDER_HOST))
        }
        provider = servers["ss2"]
        dialled = {"provider": provider.port(listeners.SERVERS), "peer": raw_port, "stranger": raw_port, "nobody": 1}
        urls = (f"http://{SERVICE_HOST}:{plain_port}/soap", f"https://{SERVICE_HOST}:{strange_port}/soap")
        for name, server in servers.items():
            ports = (dialled[place.dials], provider.port(listeners.OCSP))
            write_server(paths[name], name, place, ports=ports, urls=urls)
            await server.open()
            for member in CANNOT_SIGN:
                server.lose_key(parse_client(member))
        return Pair(servers["ss1"], provider, service, peer, _client_context("ss1"))


def write_server(paths: DataPaths, name: str, place: Place, *, ports: tuple[int, int], urls: tuple[str, str]) -> None:
    """The data folder of a server before it runs."""
    paths.data.mkdir()
    clients = CLIENTS[name]
    members = sorted({"/".join(client.split("/")[:3]) for client in clients})
    paths.settings.write_text(_settings(name, members, clients, place, ports=ports, urls=urls), "utf-8")
    (paths.data / "anchor.xml").write_bytes(b"")
    (paths.data / "password").write_bytes(PASSWORD)
    (paths.data / "known.crt").write_bytes(certificate("system").der)
    (paths.data / "service.wsdl").write_bytes(b"<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>")
    (paths.data / "person.wsdl").write_bytes(PERSON_WSDL.read_bytes())
    store = FileTokenStore(paths.data / "tokens", password=PASSWORD)
    store.put_key("auth", pki.key(name))
    store.put_certificate("auth", certificate(name))
    paths.ocsp.mkdir()
    shown = [certificate(name)]
    for number, member in enumerate(members):
        store.put_key(f"sign-{number}", pki.key(member))
        store.put_certificate(f"sign-{number}", signing_certificate(member))
        shown.append(signing_certificate(member))
    for each in shown:
        (paths.ocsp / f"{sha1_of(each).hex()}.ocsp").write_bytes(answer(each))
    write_configuration(paths, configuration(place))


@cache
def signing_certificate(member: str) -> Certificate:
    """Whose subject names the member as EJBCA's profile does. Source: message-path dossier s.4.8."""
    instance, member_class, code = member.split("/")
    subject = [(pki.C, instance), (pki.ORG, member_class), (pki.CN, code)]
    serial = sum(member.encode()) + 100_000
    return pki.certificate(SIGN, subject, pki.key(member), issuer=pki.root(), issuer_key=pki.key("Root"), serial=serial)


def configuration(place: Place) -> GlobalConfSet:
    """The instance EE."""
    clients = {name: [parse_client(each) for each in CLIENTS[name]] for name in CLIENTS}
    root = CaEntry(
        certificate_der=pki.root().der,
        responders=(OcspResponder(url="http://127.82.66.9/ocsp", certificate_der=responder().der),),
    )
    shared = SharedParameters(
        instance="EE",
        sources=(ConfigurationSource(address=SERVICE_HOST, internal_certificates=(pki.root().der,)),),
        approved_cas=(
            ApprovedCa(name="CA", top=root, certificate_profile_info="x.EjbcaCertificateProfileInfoProvider"),
        ),
        members=_members([client for each in clients.values() for client in each]),
        servers=(
            _server("ss1", CONSUMER, CONSUMER_HOST, clients["ss1"]),
            _server("ss2", PRODUCER, PROVIDER_HOST, clients["ss2"], in_maintenance=place.in_maintenance),
        ),
    )
    private = PrivateParameters(
        instance="EE",
        management_service=ManagementService(auth_cert_reg_url="https://x", provider=parse_client(PRODUCER)),
    )
    known = GlobalConf(version=6, shared=shared, private=private, expires=NOW.replace(year=NOW.year + 1))
    return GlobalConfSet.of("EE", [known])


def _members(clients: list[ClientId]) -> tuple[Member, ...]:
    by_member: dict[ClientId, set[str]] = {client.member: set() for client in clients}
    for client in clients:
        if client.subsystem_code is not None:
            by_member[client.member].add(client.subsystem_code)
    return tuple(
        Member(
            id=member,
            class_description=member.member_class,
            name=member.member_code,
            subsystems=tuple(Subsystem(code=code) for code in sorted(codes)),
        )
        for member, codes in by_member.items()
    )


def _server(
    name: str, owner: str, address: str, clients: list[ClientId], *, in_maintenance: bool = False
) -> SecurityServer:
    return SecurityServer(
        id=SecurityServerId(parse_client(owner), name),
        address=address,
        auth_cert_hashes=(certificate(name).hash(DigestAlgorithm.SHA256),),
        clients=tuple(clients),
        maintenance=MaintenanceMode(message="upgrade") if in_maintenance else None,
    )


def _settings(
    name: str,
    members: list[str],
    clients: tuple[str, ...],
    place: Place,
    *,
    ports: tuple[int, int],
    urls: tuple[str, str],
) -> str:
    owner = {"ss1": CONSUMER, "ss2": PRODUCER}[name]
    keys = "".join(
        f'\n[[keys.signing]]\nmember = "{member}"\nkey = "sign-{number}"\n' for number, member in enumerate(members)
    )
    return f"""\
[server]
id = "{owner}/{name}"
data = "."
anchor = "anchor.xml"
{f'wsdl_client = "{CONSUMER}/subsys1"' if name == "ss1" else ""}

[ports]
dial_port = {ports[0]}
dial_ocsp_port = {ports[1]}

[limits]
silence_s = 2

[log]
segment_bytes = 1048576

[keys]
tokens = "tokens"
password_file = "password"
authentication = {{ key = "auth" }}
{keys}
[[timestamping]]
name = "TSA"
url = "http://127.82.66.9/tsa"
""" + "".join(_client(client, place, urls) for client in clients)


def _client(client: str, place: Place, urls: tuple[str, str]) -> str:
    connection = "HTTPS" if client.endswith("/strict") else "HTTP"
    services = "".join(_service(code, place, urls) for code in SERVICES.get(client, ()))
    return f'\n[[client]]\nid = "{client}"\nconnection_type = "{connection}"\ncertificates = ["known.crt"]\n{services}'


def _service(code: str, place: Place, urls: tuple[str, str]) -> str:
    code, _, version = code.partition("/")
    elsewhere = {
        "strange": urls[1],
        "hidden": "http://nowhere.invalid/soap",
        "ReturnInteger": "http://{}:{}/service".format(*INTEGERS),
    }
    url, wsdl = elsewhere.get(code, urls[0]), {"getPerson": "person.wsdl"}.get(code, "service.wsdl")
    versioned = f'version = "{version}"\n' if version else ""
    off = 'disabled = true\nnotice = "until six"\n' if code == "off" else ""
    subjects = CLIENTS["ss1"] if place.has_rights and code != "closed" else ()
    rights = "".join(f'\n[[client.service.access]]\nsubject = "{subject}"\n' for subject in subjects)
    return f'\n[[client.service]]\ncode = "{code}"\ntype = "WSDL"\nurl = "{url}"\nwsdl = "{wsdl}"\n{versioned}{off}{rights}'


def _server_context(name: str) -> ssl.SSLContext:
    return _identified(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), name)


def _client_context(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _identified(context, name)


def _identified(context: ssl.SSLContext, name: str) -> ssl.SSLContext:
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pki.key(name).export(PASSWORD) + ssl.DER_cert_to_PEM_cert(certificate(name).der).encode())
        file.flush()
        context.load_cert_chain(file.name, password=PASSWORD)
    return context


async def _silence(_: bytes) -> bytes | None:
    return None
