"""Makes a country out of an empty folder: keys, certificates, declarations, each by an operator's command."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import yaml

from lienthong.nation import declarations, topology
from lienthong.nation.commands import LIENTHONG, lienthong
from lienthong.nation.launcher import Launcher, ProcessPlan, python_command
from lienthong.nation.topology import Network, ServerPlan

Tell = Callable[[str], None]
"""Shows progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPlan:
    """A country to be made."""

    folder: Path
    """Everything lies below it."""
    network: Network
    """Where it listens."""
    as_of: date
    """The day whose units and terms it lives by."""
    people: int = 2000
    """How many invented people."""
    workers: int = 2
    """Worker processes of each security server."""

    @property
    def certificates(self) -> Path:
        """Certificates that the central server publishes."""
        return self.folder / "certificates"

    @property
    def anchor(self) -> Path:
        """Anchor of the internal configuration."""
        return self.folder / "anchor.xml"

    def authority_process(self) -> ProcessPlan:
        """The authority."""
        health = f"{self.network.authority_url}/health"
        return ProcessPlan(
            name="authority", command=(*LIENTHONG, "authority", "serve", "authority.toml"), health=health
        )

    def central_process(self) -> ProcessPlan:
        """The central server."""
        command = (*LIENTHONG, "central", "serve", "--data", "central", "--listen", self.network.central)
        return ProcessPlan(name="central", command=command, health=f"http://{self.network.central}/health")

    def population_process(self) -> ProcessPlan:
        """The population register."""
        command = python_command("-m", "lienthong.systems.population", "--config", "population.toml")
        return ProcessPlan(name="population", command=command, health=f"{self.network.population_url}/health")

    def server_process(self, server: ServerPlan) -> ProcessPlan:
        """A security server."""
        health = f"http://{self.network.address(server.host)}:{topology.STATUS_PORT}/health"
        command = (*LIENTHONG, "security", "serve", "--data", server.name)
        return ProcessPlan(name=server.name, command=command, health=health)

    def processes(self) -> tuple[ProcessPlan, ...]:
        """Every process, in the order of starting."""
        servers = tuple(self.server_process(server) for server in topology.SERVERS)
        return (self.authority_process(), self.central_process(), self.population_process(), *servers)


def boot(plan: CountryPlan, launcher: Launcher, tell: Tell) -> None:
    """Make the country and start it; every process is ready when this returns.

    Raises:
        CommandError, LaunchError: what failed, and what it said.
    """
    pki = yaml.safe_load(files(__package__).joinpath("pki.yaml").read_text("utf-8"))
    plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    plan.certificates.mkdir(exist_ok=True)
    _write(plan.folder / "pin", secrets.token_urlsafe(18))
    _write(plan.folder / "ra-token", secrets.token_urlsafe(24))
    _write(plan.folder / "authority.toml", declarations.authority(pki["authority"], plan.network))
    launcher.start(plan.authority_process())
    _write(
        plan.folder / "population.toml",
        declarations.population(plan.network, plan.folder / "population", as_of=plan.as_of, people=plan.people),
    )
    launcher.start(plan.population_process())
    launcher.await_ready(plan.authority_process())
    tell("authority")
    _collect_authority(plan)
    with ThreadPoolExecutor(2) as pool:
        central = pool.submit(_init_central, plan)
        for done in [pool.submit(_make_server, plan, server, pki["certificates"]) for server in topology.SERVERS]:
            done.result()
        central.result()
    _open_central(plan, launcher, pki["authority"])
    tell("central")
    for server in topology.SERVERS:
        launcher.start(plan.server_process(server))
    for server in topology.SERVERS:
        launcher.await_ready(plan.server_process(server))
        tell(server.name)
    launcher.await_ready(plan.population_process())
    tell("population")


def _collect_authority(plan: CountryPlan) -> None:
    """Put the authority's published certificates where the declaration names them."""
    for name in ("issuing", "issuing-ocsp", "tsa"):
        found = sorted((plan.folder / "authority" / "tokens").glob(f"{name}.*.cert.der"))
        (plan.certificates / f"{name}.pem").write_bytes(found[-1].read_bytes())


def _make_server(plan: CountryPlan, server: ServerPlan, certificates: dict[str, dict[str, object]]) -> None:
    """Keys, requests and certificates of one security server."""
    folder = plan.folder / server.name
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "pin").write_bytes((plan.folder / "pin").read_bytes())
    names = {
        "instance": topology.INSTANCE,
        "member_class": "GOV",
        "member_code": server.owner.code,
        "server_code": server.code,
        "address": plan.network.address(server.host),
    }
    token = ("security", "key", "--tokens", "tokens", "--password-file", "pin")
    for name, wanted in certificates.items():
        lienthong(*token, "create", name, folder=folder)
        subject = [f"--subject={key}={str(text).format(**names)}" for key, text in dict(wanted["subject"]).items()]  # type: ignore[call-overload]  # a mapping in pki.yaml
        dns = [f"--dns={str(wanted['dns']).format(**names)}"] if "dns" in wanted else []
        lienthong(*token, "request", name, *subject, *dns, "--output", f"{name}.csr", folder=folder)
        certificate = plan.certificates / f"{server.name}-{name}.pem"
        desk = ("--server", plan.network.authority_url, "--token-file", str(plan.folder / "ra-token"))
        output = ("--output", str(certificate))
        lienthong("authority", "certify", str(wanted["profile"]), f"{name}.csr", *desk, *output, folder=folder)
        lienthong(*token, "import", name, str(certificate), folder=folder)


def _init_central(plan: CountryPlan) -> None:
    words = ("--instance", topology.INSTANCE, "--address", plan.network.central, "--key-type", "EC")
    lienthong("central", "init", "--data", "central", *words, folder=plan.folder)


def _open_central(plan: CountryPlan, launcher: Launcher, pki: dict[str, str]) -> None:
    _write(plan.folder / "central.toml", declarations.central(pki, plan.network, plan.certificates))
    lienthong("central", "apply", "central.toml", "--data", "central", folder=plan.folder)
    launcher.start(plan.central_process())
    anchor = ("--output", str(plan.anchor))
    lienthong("central", "anchor", "internal", "--data", "central", *anchor, folder=plan.folder)
    for server in topology.SERVERS:
        text = declarations.security_server(server, plan.network, plan.anchor, workers=plan.workers)
        _write(plan.folder / f"{server.name}.toml", text)
        lienthong("security", "apply", f"{server.name}.toml", folder=plan.folder)
    launcher.await_ready(plan.central_process())


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)
