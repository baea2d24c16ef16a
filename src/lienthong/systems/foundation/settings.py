"""Django settings of every system, made of its configuration: no sessions, no sign-in, no script, no personal log."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from lienthong.systems.foundation.configuration import DatabaseConfig, SystemConfig
from lienthong.systems.foundation.logs import logging_settings

_SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"


def django_settings(config: SystemConfig, *, system: str) -> dict[str, Any]:
    """The settings of the system whose Python package is *system*: names and values for its settings module."""
    return {
        "SECRET_KEY": secret_in(config.data_folder),
        "DEBUG": False,
        "ALLOWED_HOSTS": list(config.allowed_hosts),
        "INSTALLED_APPS": ["lienthong.systems.foundation.access", "lienthong.systems.foundation.ui", system],
        "MIDDLEWARE": ["lienthong.systems.foundation.ui.headers.strict_headers"],
        "ROOT_URLCONF": f"{system}.urls",
        "APPEND_SLASH": False,
        "DATABASES": {"default": database_settings(config.database, config.data_folder)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": False,
        "LANGUAGE_CODE": "vi",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 64 * 1024,
        "LOGGING_CONFIG": None,
        "LOGGING": logging_settings(),
        "SILENCED_SYSTEM_CHECKS": ["fields.W163"],  # comments on columns are for PostgreSQL; SQLite has none
        "SYSTEM": config,
    }


def database_settings(database: DatabaseConfig, folder: Path) -> dict[str, Any]:
    """One database as Django spells it: SQLite in WAL mode, writers queueing at BEGIN; or PostgreSQL."""
    if database.engine == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / (database.name or "records.sqlite3")),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
        }
    password = Path(database.password_file).read_text(encoding="utf-8").strip() if database.password_file else ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": str(database.port),
        "USER": database.user,
        "PASSWORD": password,
        "CONN_MAX_AGE": None,
    }


def secret_in(folder: Path) -> str:
    """The secret of this installation, drawn on first use and kept readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
