"""Reads a settings file as a whole: all of it is valid, or every problem is named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lienthong.exchange.identifiers import ClientId, SecurityServerId, parse_server
from lienthong.exchange.serverconf.client_reading import read_clients
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.settings import (
    FacadeSettings,
    FaultSpelling,
    IndexEngine,
    Intervals,
    KeyReference,
    Keys,
    Limits,
    LogEngine,
    LogSettings,
    Ports,
    Settings,
    TimestampingService,
)
from lienthong.exchange.serverconf.tables import UNKNOWN_CLIENT, Sheet, Table

_UNKNOWN_SERVER = SecurityServerId(UNKNOWN_CLIENT, "?")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_TLS_VERSIONS = ("1.2", "1.3")


def parse_settings(text: str, *, file: Path, data: Path | None = None) -> Settings:
    """Read the settings of one security server from TOML text.

    Args:
        file: Name of the file, for messages, and where a relative ``server.data`` starts.
        data: Data folder to use instead of the one the file names.
    Raises:
        InvalidSettingsError: with every problem of the file.
    """
    sheet = Sheet(text, file=file)
    server = sheet.root.table("server")
    named = server.text("data", ".")
    sheet.data = data if data is not None else file.parent / named
    settings = _read_settings(sheet, server)
    sheet.root.close()
    if sheet.problems:
        raise InvalidSettingsError(*sheet.problems)
    return settings


def _read_settings(sheet: Sheet, server: Table) -> Settings:
    root = sheet.root
    expected = "INSTANCE/CLASS/CODE/SERVER"
    server_id = server.converted("id", parse_server, expected=expected, default=_UNKNOWN_SERVER)
    keys = _read_keys(root.table("keys"))
    settings = Settings(
        id=server_id,
        data=sheet.data,
        anchor=server.file("anchor"),
        listen=server.listener("listen", "0.0.0.0"),  # noqa: S104 as in Settings
        systems_listen=server.listener("systems_listen", "127.0.0.1"),
        workers=server.number("workers", 1, low=1, high=256),
        allow_test_profile=server.flag("allow_test_profile", default=False),
        fault_spelling=server.choice("fault_spelling", FaultSpelling.LOWER),
        pools=server.flag("pools", default=True),
        tls_versions=_read_tls_versions(server),
        min_supported_client_version=_read_version(server),
        wsdl_client=server.client("wsdl_client") if server.has("wsdl_client") else None,
        ports=_read_ports(root.table("ports")),
        intervals=_read_intervals(root.table("intervals")),
        limits=_read_limits(root.table("limits")),
        log=_read_log(root.table("log")),
        keys=keys,
        timestamping=tuple(_read_timestamping(table) for table in root.tables("timestamping")),
        clients=read_clients(root.tables("client"), instance=server_id.owner.instance, signing=dict(keys.signing)),
        facade=_read_facade(root.table("facade")),
    )
    _demand_signing_of_owner(root, server_id, dict(keys.signing))
    server.close()
    return settings


def _demand_signing_of_owner(root: Table, server: SecurityServerId, signing: Mapping[ClientId, KeyReference]) -> None:
    if signing and UNKNOWN_CLIENT not in {server.owner, *signing} and server.owner not in signing:
        found = f"no signing key of the server's owner, {server.owner}"
        root.refuse("keys", found=found, expected="one under [[keys.signing]]: the owner signs management requests")


def _read_tls_versions(server: Table) -> tuple[str, ...]:
    versions = server.texts("tls_versions")
    if not set(versions) <= set(_TLS_VERSIONS):
        server.refuse("tls_versions", found=", ".join(versions), expected='"1.2", "1.3" or both')
    if server.has("tls_versions") and not versions:
        server.refuse("tls_versions", found="none", expected='"1.2", "1.3" or both')
    return versions or _TLS_VERSIONS


def _read_version(server: Table) -> str:
    version = server.text("min_supported_client_version", "")
    if version and not _VERSION.fullmatch(version):
        server.refuse("min_supported_client_version", found=version, expected="three numbers such as 7.6.0")
    return version


def _read_ports(table: Table) -> Ports:
    default = Ports()
    ports = Ports(
        messages=table.number("messages", default.messages, low=1, high=65535),
        ocsp=table.number("ocsp", default.ocsp, low=1, high=65535),
        http=table.number("http", default.http, low=0, high=65535),
        https=table.number("https", default.https, low=0, high=65535),
        status=table.number("status", default.status, low=0, high=65535),
        dial_port=table.number("dial_port", default.dial_port, low=1, high=65535),
        dial_ocsp_port=table.number("dial_ocsp_port", default.dial_ocsp_port, low=1, high=65535),
    )
    listening = [port for port in (ports.messages, ports.ocsp, ports.http, ports.https, ports.status) if port]
    if len(set(listening)) < len(listening):
        expected = "different ports (0 closes http, https or status)"
        table.refuse("", found="one port for two listeners", expected=expected)
    table.close()
    return ports


def _read_intervals(table: Table) -> Intervals:
    default = Intervals()
    intervals = Intervals(
        configuration_refresh=table.seconds("configuration_refresh_s", default.configuration_refresh),
        ocsp_fetch=table.optional_seconds("ocsp_fetch_s"),
        ocsp_retry=table.seconds("ocsp_retry_s", default.ocsp_retry),
        timestamp=table.optional_seconds("timestamp_s"),
        timestamp_retry=table.seconds("timestamp_retry_s", default.timestamp_retry),
    )
    table.close()
    return intervals


def _read_limits(table: Table) -> Limits:
    default = Limits()
    limits = Limits(
        parallel_connections=table.number("parallel_connections", default.parallel_connections, low=1, high=1_000_000),
        body_bytes=table.number("body_bytes", default.body_bytes, low=1, high=1024**4),
        loggable_body_bytes=table.number("loggable_body_bytes", default.loggable_body_bytes, low=0, high=1024**3),
        truncated_body_allowed=table.flag("truncated_body_allowed", default.truncated_body_allowed),
        header_block_bytes=table.number("header_block_bytes", default.header_block_bytes, low=8192, high=1024**2),
        service_timeout=table.seconds("service_timeout_s", default.service_timeout, high=86_400),
        answer_timeout=table.seconds("answer_timeout_s", default.answer_timeout, high=86_400),
        connect_timeout=table.seconds("connect_timeout_s", default.connect_timeout, high=3600),
        silence=table.seconds("silence_s", default.silence, high=3600),
    )
    table.close()
    return limits


def _read_log(table: Table) -> LogSettings:
    default = LogSettings()
    log = LogSettings(
        engine=table.choice("engine", default.engine),
        index=table.choice("index", default.index),
        dsn_file=table.optional_file("dsn_file"),
        body_logging=table.flag("body_logging", default.body_logging),
        local_exceptions=table.clients("local_exceptions"),
        remote_exceptions=table.clients("remote_exceptions"),
        withhold_personal_data=table.flag("withhold_personal_data", default.withhold_personal_data),
        timestamp_immediately=table.flag("timestamp_immediately", default.timestamp_immediately),
        acceptable_timestamp_failure_period=table.seconds(
            "acceptable_timestamp_failure_period_s", default.acceptable_timestamp_failure_period, low=0
        ),
        segment_bytes=table.number("segment_bytes", default.segment_bytes, low=1024**2, high=1024**4),
        archive_after=table.seconds("archive_after_s", default.archive_after, low=0, high=3_153_600_000),
    )
    is_postgres = log.engine is LogEngine.POSTGRES
    if is_postgres and table.has("index"):
        table.refuse("index", found="an index beside PostgreSQL as the log", expected="nothing: that log is its own")
    if is_postgres and log.archive_after:
        table.refuse("archive_after_s", found="a period", expected="nothing: only journals are archived")
    if (is_postgres or log.index is IndexEngine.POSTGRES) and not table.has("dsn_file"):
        table.refuse("dsn_file", found="nothing", expected="the file that holds the PostgreSQL connection string")
    table.close()
    return log


def _read_keys(table: Table) -> Keys:
    keys = Keys(
        tokens=table.file("tokens"),
        password_file=table.file("password_file"),
        authentication=_read_key(table.table("authentication")),
        internal_tls=_read_key(table.table("internal_tls")) if table.has("internal_tls") else None,
        signing=tuple(_read_signing(entry) for entry in table.tables("signing")),
    )
    if not keys.signing:
        table.refuse("signing", found="nothing", expected="a signing key for each member, under [[keys.signing]]")
    table.close()
    return keys


def _read_key(table: Table) -> KeyReference:
    reference = KeyReference(key=table.text("key"), certificate=table.optional_file("certificate"))
    table.close()
    return reference


def _read_signing(table: Table) -> tuple[ClientId, KeyReference]:
    member = table.client("member")
    if member.subsystem_code is not None:
        table.refuse("member", found="a subsystem", expected="a member, INSTANCE/CLASS/CODE: members sign")
    return member, _read_key(table)


def _read_timestamping(table: Table) -> TimestampingService:
    service = TimestampingService(name=table.text("name"), url=table.address("url"))
    table.close()
    return service


def _read_facade(table: Table) -> FacadeSettings:
    mapped: list[tuple[str, str]] = []
    for entry in table.tables("service"):
        mapped.append((entry.address("providerurl"), entry.text("code")))
        entry.close()
    facade = FacadeSettings(
        enabled=table.flag("enabled", default=False),
        client=table.client("client") if table.has("client") else None,
        services=tuple(mapped),
    )
    table.close()
    return facade
