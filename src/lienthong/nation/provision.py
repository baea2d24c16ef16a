"""Makes a country out of an empty folder: keys, certificates, declarations, each by an operator's command."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import msgspec
import yaml

from lienthong.nation import declarations, topology
from lienthong.nation.commands import lienthong
from lienthong.nation.launcher import Launcher
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import ServerPlan

Tell = Callable[[str], None]
"""Hears the name of each process that is ready."""


class CertificateWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate every security server asks for."""

    profile: str
    """Of the authority."""
    subject: dict[str, str]
    """Attributes, with places for the server's names."""
    dns: str = ""
    """DNS name; empty for none."""


class Pki(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The country's public key infrastructure, from ``pki.yaml``."""

    authority: dict[str, str | int]
    """Settings of the authority."""
    certificates: dict[str, CertificateWish]
    """By name of the key."""


def read_pki() -> Pki:
    """The infrastructure as the package ships it."""
    text = files(__package__).joinpath("pki.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), Pki)


def boot(plan: CountryPlan, launcher: Launcher, tell: Tell) -> None:
    """Make the country and start it; every process is ready when this returns.

    Raises:
        CommandError, LaunchError: what failed, and what it said.
    """
    pki = read_pki()
    plan.certificates.mkdir(exist_ok=True)
    _write(plan.folder / "pin", secrets.token_urlsafe(18))
    _write(plan.folder / "ra-token", secrets.token_urlsafe(24))
    _write(plan.folder / "authority.toml", declarations.authority(pki.authority, plan.network))
    _write(plan.folder / "population.toml", declarations.population(plan))
    launcher.start(plan.authority_process())
    with ThreadPoolExecutor(2) as pool:
        central = pool.submit(_init_central, plan)
        launcher.await_ready(plan.authority_process())
        tell("authority")
        _collect_authority(plan)
        enrolled = [pool.submit(enroll, plan, *wanted, pki=pki) for wanted in _wanted(plan, pki)]
        launcher.start(plan.population_process())
        for step in (central, *enrolled):
            step.result()
    _open_central(plan, launcher, pki)
    tell("central")
    servers = plan.country.servers
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda server: apply_settings(plan, server), servers))
    for server in servers:
        launcher.start(plan.server_process(server))
    for process in (*(plan.server_process(server) for server in servers), plan.population_process()):
        launcher.await_ready(process)
        tell(process.name)


def _wanted(plan: CountryPlan, pki: Pki) -> Iterator[tuple[ServerPlan, str]]:
    return ((server, name) for server in plan.country.servers for name in pki.certificates)


def _collect_authority(plan: CountryPlan) -> None:
    """Put the authority's published certificates where the declaration names them."""
    for name in ("issuing", "issuing-ocsp", "tsa"):
        found = sorted((plan.folder / "authority" / "tokens").glob(f"{name}.*.cert.der"))
        (plan.certificates / f"{name}.pem").write_bytes(found[-1].read_bytes())


def enroll(plan: CountryPlan, server: ServerPlan, name: str, *, pki: Pki, key: str = "") -> None:
    """Give a security server a key with a certificate.

    Args:
        name: Which certificate of ``pki.yaml``.
        key: Name of the key; that of the certificate where it is empty.
    """
    folder, wish, key = plan.folder / server.name, pki.certificates[name], key or name
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / "pin", (plan.folder / "pin").read_text("utf-8"))
    names = {
        "instance": topology.INSTANCE,
        "member_class": "GOV",
        "member_code": server.owner.code,
        "server_code": server.code,
        "address": plan.network.address(server.host),
    }
    subject = [f"--subject={attribute}={text.format(**names)}" for attribute, text in wish.subject.items()]
    dns = [f"--dns={wish.dns.format(**names)}"] if wish.dns else []
    desk = ("--server", plan.network.authority_url, "--token-file", str(plan.folder / "ra-token"))
    output = ("--output", str(plan.certificates / f"{server.name}-{key}.pem"))
    token = ("security", "key", "--tokens", "tokens", "--password-file", "pin")
    lienthong(*token, "enroll", key, wish.profile, *subject, *dns, *desk, *output, folder=folder)


def _init_central(plan: CountryPlan) -> None:
    words = ("--instance", topology.INSTANCE, "--address", plan.network.central, "--key-type", "EC")
    lienthong("central", "init", "--data", "central", *words, folder=plan.folder)


def _open_central(plan: CountryPlan, launcher: Launcher, pki: Pki) -> None:
    _write(plan.folder / "central.toml", declarations.central(plan, pki.authority))
    lienthong("central", "apply", "central.toml", "--data", "central", folder=plan.folder)
    launcher.start(plan.central_process())
    anchor = ("--output", str(plan.anchor))
    lienthong("central", "anchor", "internal", "--data", "central", *anchor, folder=plan.folder)
    launcher.await_ready(plan.central_process())


def apply_settings(
    plan: CountryPlan,
    server: ServerPlan,
    choices: declarations.ServerChoices = declarations.AS_SHIPPED,
) -> None:
    """Write a security server's settings and apply them."""
    _write(plan.folder / f"{server.name}.toml", declarations.security_server(plan, server, choices))
    lienthong("security", "apply", f"{server.name}.toml", folder=plan.folder)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)
