"""The data folder of a server as it was when a case was recorded: settings, keys, configuration, OCSP answers."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tests.live.cases import LIVE, Case

from lienthong.exchange.security.assembly import sha1_of
from lienthong.exchange.security.paths import DataPaths
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import SoftwareKey
from lienthong.trust.ocsp import CertStatus, Status, issue_response
from lienthong.trust.tokens import FileTokenStore

PASSWORD = b"mat-khau-thu"
STATUS_KNOWN_AT = datetime(2026, 11, 25, 2, 44, 40, tzinfo=UTC)
"""When the recorded OCSP answers were made; they are good for an hour."""
OWNERS = {"ss1": "000.00.00.H10", "ss2": "000.00.00.G01"}

Edit = Callable[[str], str]


@dataclass(frozen=True)
class State:
    """How a server differs from its ordinary self."""

    shared: Edit = field(default=lambda text: text)
    """Changes the shared parameters."""
    is_expired: bool = False
    """The global configuration is past."""
    is_logged_out: bool = False
    """The token does not open."""
    revoked: str = ""
    """``sign`` or ``auth``: OCSP says that this certificate of the server is revoked."""


ORDINARY = State()


def _without(text: str) -> Edit:
    def edit(whole: str) -> str:
        assert text in whole
        return whole.replace(text, "")

    return edit


def _without_certificate(server: str) -> Edit:
    hashed = base64.b64encode(hashlib.sha256(certificate(f"{server}-auth-rsa").der).digest()).decode()
    return _without(f"<authCertHash>{hashed}</authCertHash>")


def _in_maintenance(whole: str) -> str:
    after = "<client>id6</client>"
    notice = "<inMaintenanceMode><message>Bảo trì đến 18 giờ</message></inMaintenanceMode>"
    assert after in whole
    return whole.replace(after, after + notice)


def states() -> dict[tuple[str, str], State]:
    """(state, role) to the state of our server in that role; every other pair is ordinary."""
    expired, logged_out = State(is_expired=True), State(is_logged_out=True)
    maintenance = State(shared=_in_maintenance)
    table = {
        ("maintenance", "consumer"): maintenance,
        ("configuration-expired-consumer", "consumer"): expired,
        ("configuration-expired-provider", "provider"): expired,
        ("authentication-certificate-unknown-to-provider", "provider"): State(shared=_without_certificate("ss1")),
        ("authentication-certificate-unknown-to-consumer", "consumer"): State(shared=_without_certificate("ss2")),
        ("client-not-registered-at-server", "provider"): State(shared=_without("<client>id2</client>")),
        ("provider-not-registered-at-server", "consumer"): State(
            shared=_without("<client>id5</client><client>id6</client>")
        ),
        ("consumer-token-logged-out", "consumer"): logged_out,
        ("provider-token-logged-out", "provider"): logged_out,
        ("consumer-authentication-certificate-revoked", "consumer"): State(revoked="auth"),
        ("consumer-signing-certificate-revoked", "consumer"): State(revoked="sign"),
        ("provider-signing-certificate-revoked", "provider"): State(revoked="sign"),
    }
    return {(f"states/{name}", role): state for (name, role), state in table.items()}


def state_of(case: Case, role: str) -> State:
    return states().get((case.state, role), ORDINARY)


@cache
def certificate(name: str) -> Certificate:
    return Certificate.from_der((LIVE / f"pki/{name}.cert.der").read_bytes())


@cache
def key(name: str) -> SoftwareKey:
    return SoftwareKey.load((LIVE / f"pki/{name}.key.p8").read_bytes(), None)


@cache
def ocsp_answer(name: str, *, is_revoked: bool = False) -> bytes:
    """The authority's answer about a certificate, by its own key: only six of them were recorded."""
    status = CertStatus(status=Status.GOOD)
    if is_revoked:
        status = CertStatus(status=Status.REVOKED, revoked_at=STATUS_KNOWN_AT)
    return issue_response(
        certificate(name).serial,
        status,
        issuer=certificate("ca"),
        responder=certificate("ocsp"),
        key=key("ocsp"),
        this_update=STATUS_KNOWN_AT,
        next_update=STATUS_KNOWN_AT + timedelta(days=3650),
    )


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """Where the server finds others."""

    message_port: int = 1
    ocsp_port: int = 1
    service: str = "http://127.0.0.1:1"
    """Scheme, host and port of the stub service."""


def write_server(folder: Path, *, server: str, key_type: str, state: State, dialled: Dialled) -> DataPaths:
    """Everything that the folder of a running server holds."""
    paths = DataPaths(folder)
    tokens = _tokens(folder.parent / f"tokens-{server}-{key_type}", server, key_type)
    paths.settings.write_text(_settings(server, dialled, tokens), "utf-8")
    (folder / "anchor.xml").write_bytes(b"")
    (folder / "password").write_bytes(b"sai" if state.is_logged_out else PASSWORD)
    paths.ocsp.mkdir()
    for use in ("sign", "auth"):
        name = f"{server}-{use}-{key_type}"
        answer = ocsp_answer(name, is_revoked=state.revoked == use)
        (paths.ocsp / f"{sha1_of(certificate(name)).hex()}.ocsp").write_bytes(answer)
    shutil.copytree(LIVE / "globalconf" / server, paths.globalconf)
    shared = paths.globalconf / "VN/shared-params.xml"
    shared.write_text(state.shared(shared.read_text("utf-8")), "utf-8")
    if state.is_expired:
        for path in (paths.globalconf / "VN").glob("*.metadata"):
            path.write_text(path.read_text("utf-8").replace("2040-01-01", "2026-11-25"), "utf-8")
    return paths


def _tokens(folder: Path, server: str, key_type: str) -> Path:
    """The keys of a server, made once: every state has the same."""
    if not folder.exists():
        store = FileTokenStore(folder, password=PASSWORD)
        for use in ("sign", "auth"):
            store.put_key(use, key(f"{server}-{use}-{key_type}"))
            store.put_certificate(use, certificate(f"{server}-{use}-{key_type}"))
    return folder


def _settings(server: str, dialled: Dialled, tokens: Path) -> str:
    return f"""\
[server]
id = "VN/GOV/{OWNERS[server]}/{server}"
data = "."
anchor = "anchor.xml"

[ports]
dial_port = {dialled.message_port}
dial_ocsp_port = {dialled.ocsp_port}

[limits]
silence_s = 1

[log]
segment_bytes = 1048576

[keys]
tokens = "{tokens}"
password_file = "password"
authentication = {{ key = "auth" }}

[[keys.signing]]
member = "VN/GOV/{OWNERS[server]}"
key = "sign"

[[timestamping]]
name = "Test TSA"
url = "http://127.0.9.1:8899/"
""" + {"ss1": _CONSUMER_CLIENTS, "ss2": _PROVIDER_CLIENTS}[server].replace("SERVICE", dialled.service)


_CONSUMER_CLIENTS = """
[[client]]
id = "VN/GOV/000.00.00.H10/onestop"
connection_type = "HTTP"

[[client]]
id = "VN/GOV/000.00.00.H10/norights"
connection_type = "HTTP"
"""
_RIGHT = """
[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"
"""
_LEGACY = "".join(
    f"""
[[client.service]]
code = "{code}"
{version}
type = "WSDL"
url = "SERVICE/soap"
wsdl = "SERVICE/legacy.wsdl"
{_RIGHT}"""
    for code, version in (
        ("getPerson", 'version = "v1"'),
        ("getRandom", 'version = "v1"'),
        ("helloMtom", ""),
        ("faulty", 'version = "v1"'),
    )
)
_PROVIDER_CLIENTS = f"""
[[client]]
id = "VN/GOV/000.00.00.G01/legacy"
{_LEGACY}
[[client]]
id = "VN/GOV/000.00.00.G01/population"

[[client.service]]
code = "citizens"
url = "SERVICE/rest"
{_RIGHT}
[[client.service]]
code = "partial"
url = "SERVICE/rest"

[[client.service.endpoint]]
method = "GET"
path = "/allowed/*"
{_RIGHT}method = "GET"
path = "/allowed/*"

[[client.service]]
code = "pets"
type = "OPENAPI"
url = "SERVICE/pets"
openapi = "SERVICE/openapi.yaml"
{_RIGHT}
[[client.service]]
code = "down"
url = "http://127.82.31.9:9"
{_RIGHT}
[[client.service]]
code = "slow"
url = "SERVICE/slow"
timeout_s = 1
{_RIGHT}
[[client.service]]
code = "off"
url = "SERVICE/rest"
disabled = true
notice = "Bảo trì đến 18 giờ"
{_RIGHT}
[[client.service]]
code = "hangup"
url = "SERVICE/hangup"
{_RIGHT}
[[client.service]]
code = "closed"
url = "SERVICE/rest"
"""
