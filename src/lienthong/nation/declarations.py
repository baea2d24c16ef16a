"""The files that an operator would write: one declaration for each server of the country, as TOML text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from lienthong.nation import topology
from lienthong.nation.topology import Network, ServerPlan

_Value = str | int | float | bool | Sequence[str]


def table(header: str, values: Mapping[str, _Value]) -> str:
    """One TOML table; JSON spells strings, numbers and lists as TOML does."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([header, *lines, ""]) if header else "\n".join([*lines, ""])


def authority(pki: Mapping[str, str], network: Network) -> str:
    """Configuration of the authority."""
    own = {key: value for key, value in pki.items() if key != "profile"}
    return table(
        "[authority]",
        {
            "folder": "authority",
            "password_file": "pin",
            "ra_token_file": "ra-token",
            "host": network.address(topology.AUTHORITY_HOST),
            "port": topology.AUTHORITY_PORT,
            "public_url": network.authority_url,
            **own,
        },
    )


def central(pki: Mapping[str, str], network: Network, certificates: Path) -> str:
    """Declaration of the instance for the central server."""
    parts = [
        table("", {"instance": topology.INSTANCE, "addresses": [network.central]}),
        table("[settings]", {"publication_interval": 2, "expire_interval": 600}),
        table(
            "[management]",
            {
                "provider": f"{topology.COMMUNICATIONS.id}/management",
                "auth_cert_reg_url": f"https://{network.address(topology.CENTRAL_HOST)}:4001/managementservice/",
            },
        ),
    ]
    parts += [table("[[member_class]]", {"code": code, "description": text}) for code, text in topology.MEMBER_CLASSES]
    for member in topology.MEMBERS:
        parts.append(table("[[member]]", {"id": member.id, "name": member.name}))
        parts += [table("[[member.subsystem]]", {"code": code, "name": name}) for code, name in member.subsystems]
    parts += [_central_server(server, network, certificates) for server in topology.SERVERS]
    parts += [
        table(
            "[[ca]]",
            {
                "name": pki["common_name"],
                "profile": pki["profile"],
                "certificate": str(certificates / "issuing.pem"),
            },
        ),
        table(
            "[[ca.ocsp]]",
            {"url": f"{network.authority_url}/ocsp", "certificate": str(certificates / "issuing-ocsp.pem")},
        ),
        table(
            "[[tsa]]",
            {
                "name": "TSA",
                "url": f"{network.authority_url}/tsa",
                "certificate": str(certificates / "tsa.pem"),
            },
        ),
    ]
    return "\n".join(parts)


def _central_server(server: ServerPlan, network: Network, certificates: Path) -> str:
    return table(
        "[[server]]",
        {
            "id": server.id,
            "address": network.address(server.host),
            "auth_certificates": [str(certificates / f"{server.name}-auth.pem")],
            "clients": list(server.clients),
        },
    )


def security_server(server: ServerPlan, network: Network, anchor: Path, *, workers: int) -> str:
    """Settings of a security server."""
    address = network.address(server.host)
    parts = [
        table(
            "[server]",
            {
                "id": server.id,
                "data": server.name,
                "anchor": str(anchor),
                "listen": address,
                "systems_listen": address,
                "workers": workers,
            },
        ),
        table(
            "[intervals]",
            {
                "configuration_refresh_s": 2,
                "ocsp_fetch_s": 20,
                "ocsp_retry_s": 2,
                "timestamp_s": 5,
                "timestamp_retry_s": 2,
            },
        ),
        table("[keys]", {"tokens": "tokens", "password_file": "pin"}),
        table("[keys.authentication]", {"key": "auth"}),
        table("[keys.internal_tls]", {"key": "tls"}),
        table("[[keys.signing]]", {"member": server.owner.id, "key": "sign"}),
        table("[[timestamping]]", {"name": "TSA", "url": f"{network.authority_url}/tsa"}),
        # Only the provider's server knows that its service gives personal data; a consumer says itself to keep none.
        table("[log]", {"remote_exceptions": [topology.PROVIDER]}),
    ]
    parts += [_client(client, network) for client in server.clients]
    return "\n".join(parts)


def _client(client: str, network: Network) -> str:
    parts = [table("[[client]]", {"id": client, "connection_type": "HTTP"})]
    if client == topology.PROVIDER:
        parts.append(
            table(
                "[[client.service]]",
                {
                    "code": topology.SERVICE_CODE,
                    "type": "OPENAPI",
                    "url": network.population_url,
                    "openapi": f"{network.population_url}/openapi.json",
                    "timeout_s": 10,
                    "personal_data": True,
                },
            )
        )
        parts.append(table("[[client.service.access]]", {"subject": topology.CLIENT}))
    return "\n".join(parts)


def population(network: Network, data: Path, *, as_of: date, people: int) -> str:
    """Configuration of the population register."""
    return "\n".join(
        [
            table(
                "",
                {
                    "data_folder": str(data),
                    "host": network.address(topology.POPULATION_HOST),
                    "port": topology.POPULATION_PORT,
                    "allowed_hosts": [network.address(topology.POPULATION_HOST)],
                },
            )
            + f"as_of = {as_of.isoformat()}\n",
            table("[population]", {"people": people, "seed": 2020}),
        ]
    )
