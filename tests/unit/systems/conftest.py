"""Django for the unit tests of systems: an in-memory database, migrated once; every test leaves it as it was."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import django
import pytest
from django.conf import settings

from lienthong.systems.foundation import every_system
from lienthong.systems.foundation.configuration import SystemConfig

AS_OF = date(2020, 8, 31)

if not settings.configured:
    settings.configure(
        SECRET_KEY="unit tests only",
        ALLOWED_HOSTS=["localhost"],
        INSTALLED_APPS=every_system.INSTALLED_APPS,
        MIDDLEWARE=["lienthong.systems.foundation.ui.headers.strict_headers"],
        ROOT_URLCONF="lienthong.systems.population.urls",
        DATABASES=every_system.DATABASES,
        DEFAULT_AUTO_FIELD=every_system.DEFAULT_AUTO_FIELD,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        USE_TZ=True,
        USE_I18N=False,
        APPEND_SLASH=False,
        LOGGING_CONFIG=None,
        SILENCED_SYSTEM_CHECKS=["fields.W163"],
        SYSTEM=SystemConfig(data_folder=Path("unused"), as_of=AS_OF),
    )
    django.setup()


@pytest.fixture(scope="session")
def migrated() -> None:
    """The tables of every system, made by their migrations."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@pytest.fixture
def records(migrated: None) -> Iterator[None]:
    """A database the test may write to; all of it is taken back afterwards."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)
