"""The optional parts of a configuration: MONITORING, NEXTUPDATE, FETCHINTERVAL. Source: governance dossier s.1.4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from lienthong.exchange.globalconf.codec import checked
from lienthong.exchange.globalconf.codec_v2 import CLIENT_ID
from lienthong.exchange.globalconf.elements import client_of, text_of
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.lexical import BOOLEAN, INT, read_boolean
from lienthong.exchange.globalconf.model import GlobalConf
from lienthong.exchange.globalconf.private_xml import seconds_of
from lienthong.exchange.globalconf.structure import Child, Sequence, optional
from lienthong.exchange.globalconf.tree import client_node, node, text, write_tree
from lienthong.exchange.identifiers import ClientId, IdentifierError

MONITORING = "MONITORING"
NEXTUPDATE = "NEXTUPDATE"
FETCHINTERVAL = "FETCHINTERVAL"

_MONITORING = Sequence((Child("monitoringClient", Sequence((optional("monitoringClientId", CLIENT_ID),))),))
_NEXTUPDATE = Sequence((Child("verifyNextUpdate", BOOLEAN),))
_FETCHINTERVAL = Sequence((Child("ocspFetchInterval", INT),))
_LEAST_INTERVAL = timedelta(seconds=60)

FILE_NAMES = {
    MONITORING: "monitoring-params.xml",
    NEXTUPDATE: "nextupdate-params.xml",
    FETCHINTERVAL: "fetchinterval-params.xml",
}


def read_monitoring(data: bytes) -> ClientId | None:
    """Who may ask every server for monitoring data; raises Fault ``malformed_optional_parts_conf``."""
    root = checked(data, _MONITORING, Code.MALFORMED_OPTIONAL)
    found = root.find("monitoringClient/monitoringClientId")
    try:
        return None if found is None else client_of(found)
    except IdentifierError as exc:
        raise refuse(Code.MALFORMED_OPTIONAL, f"monitoring client is no identifier: {exc}") from exc


def read_verify_next_update(data: bytes) -> bool:
    """Whether nextUpdate of OCSP answers counts; raises Fault ``malformed_optional_parts_conf``."""
    return read_boolean(text_of(checked(data, _NEXTUPDATE, Code.MALFORMED_OPTIONAL), "verifyNextUpdate"))


def read_fetch_interval(data: bytes) -> timedelta:
    """How often OCSP answers are asked for, at least 60 s; raises Fault ``malformed_optional_parts_conf``."""
    root = checked(data, _FETCHINTERVAL, Code.MALFORMED_OPTIONAL)
    return max(seconds_of(root, "ocspFetchInterval"), _LEAST_INTERVAL)


def with_optional_parts(conf: GlobalConf, parts: Mapping[str, bytes]) -> GlobalConf:
    """The configuration with what the optional parts say (by content identifier); unknown parts say nothing."""
    if MONITORING in parts:
        conf = replace(conf, monitoring_client=read_monitoring(parts[MONITORING]))
    if NEXTUPDATE in parts:
        conf = replace(conf, verify_next_update=read_verify_next_update(parts[NEXTUPDATE]))
    if FETCHINTERVAL in parts:
        conf = replace(conf, ocsp_fetch_interval=read_fetch_interval(parts[FETCHINTERVAL]))
    return conf


def check_optional_part(identifier: str, data: bytes) -> None:
    """Raise Fault ``malformed_optional_parts_conf`` where a known part cannot be read; others are not looked at."""
    readers = {MONITORING: read_monitoring, NEXTUPDATE: read_verify_next_update, FETCHINTERVAL: read_fetch_interval}
    if identifier in readers:
        readers[identifier](data)


def write_monitoring(client: ClientId | None) -> bytes:
    """The file of part MONITORING."""
    inner = node("monitoringClient", None if client is None else client_node("monitoringClientId", client))
    return write_tree(node("conf", inner), _MONITORING)


def write_verify_next_update(verify: bool) -> bytes:
    """The file of part NEXTUPDATE."""
    return write_tree(node("conf", text("verifyNextUpdate", verify)), _NEXTUPDATE)


def write_fetch_interval(interval: timedelta) -> bytes:
    """The file of part FETCHINTERVAL."""
    return write_tree(node("conf", text("ocspFetchInterval", int(interval.total_seconds()))), _FETCHINTERVAL)
