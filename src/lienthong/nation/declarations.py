"""The files that an operator would write: one declaration for each server of the country, as TOML text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.nation import topology
from lienthong.nation.pki import KeyWish
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import MemberPlan, Network, ServerPlan

_Value = str | int | float | bool | Sequence[str]


def table(header: str, values: Mapping[str, _Value]) -> str:
    """One TOML table; JSON spells strings, numbers and lists as TOML does."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([header, *lines, ""]) if header else "\n".join([*lines, ""])


def authority(pki: Mapping[str, str | int], network: Network) -> str:
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


def central(plan: CountryPlan, pki: Mapping[str, str | int]) -> str:
    """Declaration of the instance for the central server."""
    network, country, certificates = plan.network, plan.country, plan.certificates
    management = {
        "provider": f"{country.managing.id}/management",
        "auth_cert_reg_url": f"https://{network.address(topology.CENTRAL_HOST)}:4001/managementservice/",
    }
    issuing = {"name": pki["common_name"], "profile": pki["profile"], "certificate": str(certificates / "issuing.pem")}
    ocsp = {"url": f"{network.authority_url}/ocsp", "certificate": str(certificates / "issuing-ocsp.pem")}
    tsa = {"name": "TSA", "url": f"{network.authority_url}/tsa", "certificate": str(certificates / "tsa.pem")}
    return "\n".join(
        [
            table("", {"instance": topology.INSTANCE, "addresses": [network.central]}),
            table("[settings]", {"publication_interval": 2, "expire_interval": 600}),
            table("[management]", management),
            *(table("[[member_class]]", {"code": code, "description": text}) for code, text in topology.MEMBER_CLASSES),
            *(_member(member) for member in country.members),
            *(_registered(server, plan) for server in country.servers),
            table("[[ca]]", issuing),
            table("[[ca.ocsp]]", ocsp),
            table("[[tsa]]", tsa),
        ]
    )


def wished_keys(plan: CountryPlan, server: ServerPlan, keys: Mapping[str, KeyWish]) -> str:
    """The keys that a security server shall have certified."""
    names = {
        "instance": topology.INSTANCE,
        "member_class": "GOV",
        "member_code": server.owner.code,
        "server_code": server.code,
        "address": plan.network.address(server.host),
    }
    tables = []
    for key, wish in keys.items():
        subject = {attribute: text.format(**names) for attribute, text in wish.subject.items()}
        tables.append(table(f"[{key}]", {"profile": wish.profile, "dns": [name.format(**names) for name in wish.dns]}))
        tables.append(table(f"[{key}.subject]", subject))
    return "\n".join(tables)


def _member(member: MemberPlan) -> str:
    subsystems = [table("[[member.subsystem]]", {"code": code, "name": name}) for code, name in member.subsystems]
    return "\n".join([table("[[member]]", {"id": member.id, "name": member.name.vi}), *subsystems])


def _registered(server: ServerPlan, plan: CountryPlan) -> str:
    return table(
        "[[server]]",
        {
            "id": server.id,
            "address": plan.network.address(server.host),
            "auth_certificates": [str(plan.certificates / server.name / "auth.pem")],
            "clients": list(server.clients),
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerChoices:
    """What an operator may change in a running security server's settings during the story."""

    dial_port: int = topology.MESSAGES_PORT
    """Message port of every other server."""
    timestamp_failure_s: int = 14400
    """How long timestamping may fail before messages are refused."""


AS_SHIPPED = ServerChoices()
"""What the country boots with."""


def security_server(
    plan: CountryPlan, server: ServerPlan, choices: ServerChoices = AS_SHIPPED, *, signing_key: str = "sign"
) -> str:
    """Settings of a security server; *signing_key* signs for its owner."""
    address = plan.network.address(server.host)
    own: dict[str, _Value] = {
        "id": server.id,
        "data": server.name,
        "anchor": str(plan.anchor),
        "listen": address,
        "systems_listen": address,
        "workers": plan.workers,
    }
    # Only the provider's server knows that its service gives personal data; a consumer says itself to keep none.
    log: dict[str, _Value] = {
        "remote_exceptions": [plan.country.provider],
        "acceptable_timestamp_failure_period_s": choices.timestamp_failure_s,
    }
    parts = [
        table("[server]", own),
        table("[ports]", {"dial_port": choices.dial_port}),
        table("[intervals]", _INTERVALS),
        table("[keys]", {"tokens": "tokens", "password_file": "pin"}),
        table("[keys.authentication]", {"key": "auth"}),
        table("[keys.internal_tls]", {"key": "tls"}),
        table("[[keys.signing]]", {"member": server.owner.id, "key": signing_key}),
        table("[[timestamping]]", {"name": "TSA", "url": f"{plan.network.authority_url}/tsa"}),
        table("[log]", log),
    ]
    parts += [_client(client, plan) for client in server.clients]
    return "\n".join(parts)


_INTERVALS = {
    "configuration_refresh_s": 2,
    "ocsp_fetch_s": 20,
    "ocsp_retry_s": 2,
    "timestamp_s": 5,
    "timestamp_retry_s": 2,
}


def _client(client: str, plan: CountryPlan) -> str:
    parts = [table("[[client]]", {"id": client, "connection_type": "HTTP"})]
    if client == plan.country.provider:
        service: dict[str, _Value] = {
            "code": topology.SERVICE_CODE,
            "type": "OPENAPI",
            "url": plan.network.population_url,
            "openapi": f"{plan.network.population_url}/openapi.json",
            "timeout_s": 10,
            "personal_data": True,
        }
        by_soap: dict[str, _Value] = {
            "code": topology.SOAP_SERVICE_CODE,
            "version": topology.SOAP_SERVICE_VERSION,
            "type": "WSDL",
            "url": f"{plan.network.population_url}/soap",
            "wsdl": f"{plan.network.population_url}/soap",
            "timeout_s": 10,
            "personal_data": True,
        }
        for each in (service, by_soap):
            parts.append(table("[[client.service]]", each))
            parts.append(table("[[client.service.access]]", {"subject": plan.country.client}))
    return "\n".join(parts)


def population(plan: CountryPlan) -> str:
    """Configuration of the population register."""
    host = plan.network.address(topology.POPULATION_HOST)
    listening: dict[str, _Value] = {
        "data_folder": str(plan.folder / "population"),
        "host": host,
        "port": topology.POPULATION_PORT,
        "allowed_hosts": [host],
    }
    day = f"as_of = {plan.as_of.isoformat()}\n"
    return "\n".join([table("", listening) + day, table("[population]", {"people": plan.people, "seed": 2020})])
