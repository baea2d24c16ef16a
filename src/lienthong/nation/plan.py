"""A country to be made, as a value that is kept in its folder, so that every command finds it again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from lienthong.nation import topology
from lienthong.nation.commands import LIENTHONG, python_command
from lienthong.nation.errors import FolderError
from lienthong.nation.topology import Country, Network, ServerPlan, country_on

PLAN_FILE = "country.json"
"""Marks a folder as a country's; no other folder is ever emptied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPlan:
    """A process of the country."""

    name: str
    """For people, and of its log file."""
    command: Sequence[str]
    """Program and arguments."""
    health: str
    """URL that answers 200 once the process is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPlan:
    """A country to be made."""

    folder: Path
    """Everything lies below it."""
    network: Network
    """Where it listens."""
    as_of: date
    """The day whose units and terms it lives by."""
    people: int = 1000
    """How many invented people."""
    workers: int = 2
    """Worker processes of each security server."""

    @property
    def country(self) -> Country:
        """Who is in it."""
        return country_on(self.as_of)

    @property
    def certificates(self) -> Path:
        """Certificates that the central server publishes."""
        return self.folder / "certificates"

    @property
    def anchor(self) -> Path:
        """Anchor of the internal configuration."""
        return self.folder / "anchor.xml"

    def systems_url(self, server: ServerPlan) -> str:
        """Where information systems reach a security server."""
        return f"http://{self.network.address(server.host)}:{topology.SYSTEMS_PORT}"

    def status_url(self, server: ServerPlan) -> str:
        """Where operators look at a security server."""
        return f"http://{self.network.address(server.host)}:{topology.STATUS_PORT}/"

    def authority_process(self) -> ProcessPlan:
        """The authority."""
        command = (*LIENTHONG, "authority", "serve", "authority.toml")
        return ProcessPlan(name="authority", command=command, health=f"{self.network.authority_url}/health")

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
        command = (*LIENTHONG, "security", "serve", "--data", server.name)
        return ProcessPlan(name=server.name, command=command, health=f"{self.status_url(server)}health")

    def processes(self) -> tuple[ProcessPlan, ...]:
        """Every process, in the order of starting."""
        servers = tuple(self.server_process(server) for server in self.country.servers)
        return (self.authority_process(), self.central_process(), self.population_process(), *servers)


class _Kept(msgspec.Struct):
    network: int
    as_of: date
    people: int
    workers: int


def found_country(plan: CountryPlan) -> None:
    """Empty the country's folder and keep the plan there; raises FolderError for a folder that is not a country's."""
    folder = plan.folder
    if folder.exists() and not (folder / PLAN_FILE).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder} is not empty and holds no country; name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    kept = _Kept(plan.network.number, plan.as_of, plan.people, plan.workers)
    (folder / PLAN_FILE).write_bytes(msgspec.json.encode(kept))


def load_country(folder: Path) -> CountryPlan:
    """The plan that *folder* keeps; raises FolderError where there is none."""
    try:
        kept = msgspec.json.decode((folder / PLAN_FILE).read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError) as exc:
        raise FolderError(f"{folder} holds no country; `lienthong nation up` makes one") from exc
    network = Network(kept.network)
    return CountryPlan(folder=folder, network=network, as_of=kept.as_of, people=kept.people, workers=kept.workers)
