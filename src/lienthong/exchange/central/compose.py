"""Runs a central server: publishes at its interval, serves what is published, also right after a restart."""

from __future__ import annotations

import asyncio
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from aiohttp import web

from lienthong.exchange.central.service import CentralFolder, CentralService
from lienthong.exchange.central.web import make_application
from lienthong.exchange.errors import ExchangeError
from lienthong.trust.errors import TrustError

_RETRY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralConfig:
    """How a central server runs."""

    data: Path
    """Data folder, made by ``central init``."""
    password_file: Path | None = None
    """Holds the token's password; ``token.password`` in the data folder where None."""
    host: str = "0.0.0.0"  # noqa: S104 - a central server is there to be reached
    """Address to listen on."""
    port: int = 80
    """Plain HTTP port; genuine clients expect 80."""
    tls_port: int | None = None
    """HTTPS port, where a certificate is given."""
    tls_certificate: Path | None = None
    """PEM with certificate and key."""
    interval: timedelta | None = None
    """How often to publish; the registry's setting where None."""


def serve(config: CentralConfig) -> None:
    """Run until SIGTERM or SIGINT."""
    asyncio.run(run_central(config))


async def run_central(config: CentralConfig, *, ready: Callable[[], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT, or until cancelled; *ready* is called when ports are open."""
    service = CentralService(
        CentralFolder(path=config.data, password_file=config.password_file), clock=lambda: datetime.now(UTC)
    )
    await asyncio.to_thread(service.database.registry)
    application = make_application(service.public, clock=lambda: datetime.now(UTC), registry=service.database.registry)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        for site in _sites(runner, config):
            await site.start()
        await _publish_until_stopped(service, config, ready)
    finally:
        await runner.cleanup()


def _sites(runner: web.AppRunner, config: CentralConfig) -> list[web.TCPSite]:
    sites = [web.TCPSite(runner, config.host, config.port)]
    if config.tls_port is not None and config.tls_certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(config.tls_certificate)
        sites.append(web.TCPSite(runner, config.host, config.tls_port, ssl_context=context))
    return sites


async def _publish_until_stopped(
    service: CentralService, config: CentralConfig, ready: Callable[[], None] | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    log = structlog.get_logger("central")
    log.info("central_started", host=config.host, port=config.port)
    if ready is not None:
        ready()
    while not stop.is_set():
        pause = await _publish_once(service, config, log)
        try:
            async with asyncio.timeout(pause.total_seconds()):
                await stop.wait()
        except TimeoutError:
            continue
    log.info("central_stopped")


async def _publish_once(service: CentralService, config: CentralConfig, log: structlog.stdlib.BoundLogger) -> timedelta:
    try:
        registry = await asyncio.to_thread(service.database.registry)
        await asyncio.to_thread(service.publish)
    except (ExchangeError, TrustError, OSError) as exc:
        log.error("publication_failed", cause=str(exc))
        return min(_RETRY, config.interval or _RETRY)
    log.info("configuration_published", instance=registry.instance)
    return config.interval or registry.publication_interval
