"""Running a system as one process: migrate, listen, say when ready."""

from __future__ import annotations

import logging.config
import os
from pathlib import Path
from socket import create_connection
from threading import Thread
from time import monotonic, sleep

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lienthong.systems.foundation.configuration import SystemConfig

CONFIG_VARIABLE = "LIENTHONG_SYSTEM_CONFIG"
"""Environment variable with the path of the configuration file, for ``python -m django`` and the worker process."""

_PATIENCE_SECONDS = 30


def config_path() -> Path:
    """The configuration file named by the environment; read by a system's settings module alone."""
    return Path(os.environ[CONFIG_VARIABLE])


def prepare(config_file: Path, *, settings_module: str) -> SystemConfig:
    """Point Django at *config_file* and bring the database to the shape the code expects."""
    os.environ[CONFIG_VARIABLE] = str(config_file.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    django.setup()
    logging.config.dictConfig(settings.LOGGING)
    call_command("migrate", verbosity=0, interactive=False)
    config: SystemConfig = settings.SYSTEM
    return config


def serve(config: SystemConfig, *, application: str) -> None:
    """Listen until a signal stops the process; the application says when it is ready.

    Args:
        application: ``module:factory`` of the WSGI application.
    """
    connections.close_all()
    tls = config.tls
    server = Granian(
        application,
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=config.threads,
        factory=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        ssl_cert=Path(tls.certificate) if tls else None,
        ssl_key=Path(tls.key) if tls else None,
        ssl_ca=Path(tls.client_authority) if tls and tls.client_authority else None,
        ssl_client_verify=bool(tls and tls.client_authority),
    )
    server.serve()


def ready_application(name: str) -> WSGIHandler:
    """The WSGI application of the configured system; says on standard output that it is ready, once it is."""
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018  # imports the operations and pages now, not at the first request
    Thread(target=_say_when_listening, args=(name, settings.SYSTEM), daemon=True).start()
    return application


def _say_when_listening(name: str, config: SystemConfig) -> None:
    """The server opens its port only after it has the application, so the port itself is asked."""
    deadline = monotonic() + _PATIENCE_SECONDS
    while monotonic() < deadline:
        try:
            create_connection((config.host, config.port), timeout=1).close()
        except OSError:
            sleep(0.01)
        else:
            print(f"{name} ready on {config.base_url}", flush=True)
            return
