from pathlib import Path

from lienthong.systems.foundation.configuration import DatabaseConfig, SystemConfig
from lienthong.systems.foundation.settings import database_settings, django_settings, secret_in


def test_the_secret_is_drawn_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = secret_in(tmp_path / "data")
    assert len(secret) >= 64
    assert secret_in(tmp_path / "data") == secret
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
    assert secret_in(tmp_path / "other") != secret


def test_sqlite_keeps_a_write_ahead_log_and_writers_queue(tmp_path: Path) -> None:
    options = database_settings(DatabaseConfig(), tmp_path)["OPTIONS"]
    assert "journal_mode=WAL" in options["init_command"]
    assert options["transaction_mode"] == "IMMEDIATE"


def test_postgresql_takes_its_password_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("well kept\n")
    database = DatabaseConfig(engine="postgresql", name="population", password_file=str(tmp_path / "password"))
    settings = database_settings(database, tmp_path)
    assert settings["ENGINE"].endswith("postgresql")
    assert settings["PASSWORD"] == "well kept"
    assert "well kept" not in repr(database)


def test_a_system_has_no_sessions_no_sign_in_and_no_debugging(tmp_path: Path) -> None:
    settings = django_settings(SystemConfig(data_folder=tmp_path), system="lienthong.systems.population")
    assert settings["DEBUG"] is False
    assert not [app for app in settings["INSTALLED_APPS"] if app.startswith("django.contrib")]
