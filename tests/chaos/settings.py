"""The settings of the two servers, as an operator would write them; a test changes single tables."""

from collections.abc import Mapping

from lienthong.nation.declarations import table
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import ServerPlan

Tables = Mapping[str, Mapping[str, str | int | float | bool | list[str]]]
"""Table to changed values; ``client`` and ``service`` stand for every one, ``access`` says who may call."""

INTERVALS = {
    "configuration_refresh_s": 1,
    "ocsp_fetch_s": 5,
    "ocsp_retry_s": 1,
    "timestamp_s": 2,
    "timestamp_retry_s": 1,
}


def server_settings(plan: CountryPlan, server: ServerPlan, changes: Tables) -> str:
    """TOML of one server."""
    address = plan.network.address(server.host)
    tables = {
        "server": {
            "id": server.id,
            "data": server.name,
            "anchor": str(plan.anchor),
            "listen": address,
            "systems_listen": address,
            "workers": 2,
        },
        "intervals": INTERVALS,
        "keys": {"tokens": "tokens", "password_file": "pin"},
        "keys.authentication": {"key": "auth"},
        "keys.internal_tls": {"key": "tls"},
        "ports": {},
        "limits": {"connect_timeout_s": 5},
        "log": {},
    }
    parts = [table(f"[{name}]", {**values, **changes.get(name, {})}) for name, values in tables.items()]
    parts.append(table("[[keys.signing]]", {"member": server.owner.id, "key": "sign"}))
    parts.append(table("[[timestamping]]", {"name": "TSA", "url": f"{plan.network.authority_url}/tsa"}))
    parts += [_client(client, plan, changes) for client in server.clients]
    return "\n".join(parts)


def _client(client: str, plan: CountryPlan, changes: Tables) -> str:
    parts = [table("[[client]]", {"id": client, "connection_type": "HTTP", **changes.get("client", {})})]
    if client == plan.country.provider:
        service = {"code": "echo", "url": plan.network.population_url, "timeout_s": 20, **changes.get("service", {})}
        subjects = changes.get("access", {}).get("subjects", [plan.country.client])
        parts.append(table("[[client.service]]", service))
        parts += [table("[[client.service.access]]", {"subject": subject}) for subject in subjects]
        soap = {**service, "code": "measure", "type": "WSDL", "wsdl": "none.wsdl"}
        soap["url"] = f"{plan.network.population_url}/soap"
        parts.append(table("[[client.service]]", soap))
        parts += [table("[[client.service.access]]", {"subject": subject}) for subject in subjects]
    return "\n".join(parts)
