"""Two security servers as shipped, with an authority and a central server, made by an operator's commands."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path

from chain import soap
from chain.baseline import SIZES, SYSTEM, Identities
from chain.load import Target
from lienthong.nation.commands import LIENTHONG, lienthong
from lienthong.nation.declarations import table
from lienthong.nation.launcher import Launcher
from lienthong.nation.plan import ProcessPlan

AUTHORITY, CENTRAL = "http://127.82.35.2:8888", "127.82.35.3:8090"
ADDRESSES = {"ss1": "127.82.35.11", "ss2": "127.82.35.12"}
MEMBERS = {"ss1": "VN/GOV/A", "ss2": "VN/GOV/B"}
CLIENTS = {"ss1": soap.CONSUMER, "ss2": soap.PROVIDER}
PROFILE = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"


class Servers:
    """A network whose security servers use keys of one type."""

    def __init__(self, folder: Path, *, key_type: str) -> None:
        self.folder = folder
        self._key_type = key_type
        self._certificates = folder / "certificates"
        self._launcher = Launcher(folder)

    @property
    def url(self) -> str:
        """Where the consumer's server takes calls."""
        return f"http://{ADDRESSES['ss1']}:8080"

    def target(self, size_name: str, protocol: str) -> Target:
        """The call of one size."""
        if protocol == "SOAP":
            return Target(url=self.url, path="/", size=SIZES[size_name], template=soap.question(size_name))
        return Target(url=self.url, path=f"/r1/{CLIENTS['ss2']}/s{size_name}", size=SIZES[size_name])

    def processes(self) -> list[list[int]]:
        """Of each security server, its processes."""
        return [self._launcher.members(name) for name in ADDRESSES]

    def make(self) -> None:
        """Authority, keys, certificates, central server."""
        self._certificates.mkdir(parents=True)
        for name in ("pin", "ra-token"):
            self._write(name, secrets.token_urlsafe(24))
        host, port = AUTHORITY.removeprefix("http://").split(":")
        authority = {"folder": "authority", "password_file": "pin", "ra_token_file": "ra-token", "host": host}
        authority |= {"public_url": AUTHORITY, "country": "VN", "organization": "Benchmark", "common_name": "CA"}
        self._write("authority.toml", table("[authority]", authority | {"port": int(port)}))
        command = (*LIENTHONG, "authority", "serve", "authority.toml")
        self._start("authority", command, f"{AUTHORITY}/health")
        for name in ("issuing", "issuing-ocsp", "tsa", "root"):
            found = sorted((self.folder / "authority" / "tokens").glob(f"{name}.*.cert.der"))
            (self._certificates / f"{name}.pem").write_bytes(_pem(found[-1]))
        for name in ADDRESSES:
            self._make_keys(name)
        self._make_central()

    def start(self, *, tls: str, workers: int) -> None:
        """Both security servers, speaking one version of TLS to each other."""
        for name, address in ADDRESSES.items():
            self._write(f"{name}.toml", self._settings(name, tls=tls, workers=workers))
            lienthong("security", "apply", f"{name}.toml", folder=self.folder)
            health = f"http://{address}:8081/health"
            command = (*LIENTHONG, "security", "serve", "--data", name)
            self._start(name, command, health)

    def stop_servers(self) -> None:
        """End the security servers; the rest stays."""
        for name in ADDRESSES:
            self._launcher.stop(name)

    def stop(self) -> None:
        """End all."""
        self._launcher.stop_all()

    def identities(self) -> Identities:
        """The same keys and certificates, for the baseline."""
        pairs = {name: self._plain_identity(name) for name in ADDRESSES}
        authority = self.folder / "authority.pem"
        authority.write_bytes(
            b"".join((self._certificates / f"{name}.pem").read_bytes() for name in ("issuing", "root"))
        )
        return Identities(front=pairs["ss1"], back=pairs["ss2"], authority=authority)

    def _plain_identity(self, name: str) -> tuple[Path, Path]:
        key = self.folder / f"{name}-auth.key.pem"
        source = self.folder / name / "tokens" / "auth.key.pem"
        done = subprocess.run(
            ["openssl", "pkey", "-in", str(source), "-passin", f"file:{self.folder / 'pin'}"],
            check=True, capture_output=True,
        )  # fmt: skip
        key.touch(mode=0o600)
        key.write_bytes(done.stdout)
        return self._certificates / name / "auth.pem", key

    def _make_keys(self, name: str) -> None:
        folder = self.folder / name
        folder.mkdir()
        (folder / "pin").write_bytes((self.folder / "pin").read_bytes())
        code = MEMBERS[name].rsplit("/", 1)[1]
        subjects = {
            "AUTHENTICATION": f'{{ C = "VN", CN = "{name}" }}',
            "SIGN": f'{{ C = "VN", O = "GOV", CN = "{code}" }}',
        }
        wanted = [
            table(f"[{key}]", {"profile": profile, "type": self._key_type}) + f"subject = {subjects[profile]}\n"
            for key, profile in (("auth", "AUTHENTICATION"), ("sign", "SIGN"))
        ]
        self._write(f"{name}/keys.toml", "\n".join(wanted))
        desk = ("--server", AUTHORITY, "--token-file", str(self.folder / "ra-token"))
        words = ("--tokens", "tokens", "--password-file", "pin", "enroll", "keys.toml", *desk)
        lienthong("security", "key", *words, "--output", str(self._certificates / name), folder=folder)

    def _make_central(self) -> None:
        words = ("--instance", "VN", "--address", CENTRAL, "--key-type", "EC")
        lienthong("central", "init", "--data", "central", *words, folder=self.folder)
        self._write("central.toml", self._declaration())
        lienthong("central", "apply", "central.toml", "--data", "central", folder=self.folder)
        command = (*LIENTHONG, "central", "serve", "--data", "central", "--listen", CENTRAL)
        self._start("central", command, f"http://{CENTRAL}/health")
        anchor = ("--output", str(self.folder / "anchor.xml"))
        lienthong("central", "anchor", "internal", "--data", "central", *anchor, folder=self.folder)

    def _declaration(self) -> str:
        parts = [table("", {"instance": "VN", "addresses": [CENTRAL]})]
        management = {"provider": "VN/GOV/A/caller", "auth_cert_reg_url": "https://127.82.35.3:4001/managementservice/"}
        parts += [table("[management]", management), table("[[member_class]]", {"code": "GOV", "description": "GOV"})]
        for name, member in MEMBERS.items():
            parts.append(table("[[member]]", {"id": member, "name": member}))
            code = CLIENTS[name].rsplit("/", 1)[1]
            parts.append(table("[[member.subsystem]]", {"code": code, "name": code}))
        for name, member in MEMBERS.items():
            server = {"id": f"{member}/{name}", "address": ADDRESSES[name], "clients": [CLIENTS[name]]}
            server["auth_certificates"] = [str(self._certificates / name / "auth.pem")]
            parts.append(table("[[server]]", server))
        of = {name: str(self._certificates / f"{name}.pem") for name in ("issuing", "issuing-ocsp", "tsa")}
        parts.append(table("[[ca]]", {"name": "CA", "profile": PROFILE, "certificate": of["issuing"]}))
        parts.append(table("[[ca.ocsp]]", {"url": f"{AUTHORITY}/ocsp", "certificate": of["issuing-ocsp"]}))
        parts.append(table("[[tsa]]", {"name": "TSA", "url": f"{AUTHORITY}/tsa", "certificate": of["tsa"]}))
        return "\n".join(parts)

    def _settings(self, name: str, *, tls: str, workers: int) -> str:
        server = {
            "id": f"{MEMBERS[name]}/{name}",
            "data": name,
            "anchor": str(self.folder / "anchor.xml"),
            "listen": ADDRESSES[name],
            "systems_listen": ADDRESSES[name],
            "workers": workers,
            "tls_versions": [tls],
        }
        parts = [
            table("[server]", server),
            table("[ports]", {"https": 0}),
            table("[keys]", {"tokens": "tokens", "password_file": "pin"}),
            table("[keys.authentication]", {"key": "auth"}),
            table("[[keys.signing]]", {"member": MEMBERS[name], "key": "sign"}),
            table("[[timestamping]]", {"name": "TSA", "url": f"{AUTHORITY}/tsa"}),
            table("[[client]]", {"id": CLIENTS[name], "connection_type": "HTTP"}),
        ]
        if name == "ss2":
            for size in SIZES:
                service = {"code": f"s{size}", "type": "REST", "url": f"http://{SYSTEM}:9000/{size}"}
                code = soap.service_code(size)
                described = {"code": code, "type": "WSDL", "url": f"http://{SYSTEM}:9000/{code}", "wsdl": "none.wsdl"}
                for each in (service, described):
                    parts.append(table("[[client.service]]", each))
                    parts.append(table("[[client.service.access]]", {"subject": CLIENTS["ss1"]}))
        return "\n".join(parts)

    def _start(self, name: str, command: tuple[str, ...], health: str) -> None:
        process = ProcessPlan(name=name, command=command, health=health)
        self._launcher.start(process)
        self._launcher.await_ready(process)

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _pem(path: Path) -> bytes:
    done = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", str(path)], check=True, capture_output=True
    )  # fmt: skip
    return done.stdout
