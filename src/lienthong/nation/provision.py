"""Makes a country out of an empty folder: keys, certificates, declarations, each by an operator's command."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lienthong.nation import declarations, topology
from lienthong.nation.commands import lienthong
from lienthong.nation.launcher import Launcher
from lienthong.nation.pki import KeyWish, Pki, read_pki
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import ServerPlan

Tell = Callable[[str], None]
"""Hears the name of each process that is ready."""


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
        enrolled = [pool.submit(enroll, plan, server, pki.keys) for server in plan.country.servers]
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


def _collect_authority(plan: CountryPlan) -> None:
    """Put the authority's published certificates where the declaration names them."""
    for name in ("issuing", "issuing-ocsp", "tsa"):
        found = sorted((plan.folder / "authority" / "tokens").glob(f"{name}.*.cert.der"))
        (plan.certificates / f"{name}.pem").write_bytes(found[-1].read_bytes())


def enroll(plan: CountryPlan, server: ServerPlan, keys: Mapping[str, KeyWish]) -> None:
    """Have a security server's keys certified, and keep copies of the certificates for the central server."""
    folder = plan.folder / server.name
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / "pin", (plan.folder / "pin").read_text("utf-8"))
    _write(folder / "keys.toml", declarations.wished_keys(plan, server, keys))
    token = ("security", "key", "--tokens", "tokens", "--password-file", "pin")
    desk = ("--server", plan.network.authority_url, "--token-file", str(plan.folder / "ra-token"))
    output = ("--output", str(plan.certificates / server.name))
    lienthong(*token, "enroll", "keys.toml", *desk, *output, folder=folder)


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


def signing_keys(plan: CountryPlan, server: ServerPlan) -> list[str]:
    """Names of a server's signing keys, the newest last."""
    names = [
        path.name.removesuffix(".key.pem") for path in (plan.folder / server.name / "tokens").glob("sign*.key.pem")
    ]
    return sorted(names, key=lambda name: (len(name), name))


def apply_settings(
    plan: CountryPlan,
    server: ServerPlan,
    choices: declarations.ServerChoices = declarations.AS_SHIPPED,
) -> None:
    """Write a security server's settings, with its newest signing key, and apply them."""
    text = declarations.security_server(plan, server, choices, signing_key=signing_keys(plan, server)[-1])
    _write(plan.folder / f"{server.name}.toml", text)
    lienthong("security", "apply", f"{server.name}.toml", folder=plan.folder)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)
