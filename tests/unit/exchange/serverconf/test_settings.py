import dataclasses

import pytest
from tests.fakes.settings_files import COMPLETE, read

from lienthong.exchange.serverconf.settings import Settings


def test_settings_are_values() -> None:
    settings = read(COMPLETE)
    assert settings == read(COMPLETE)
    assert hash(settings.clients) == hash(read(COMPLETE).clients)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.workers = 2  # type: ignore[misc]  # that it fails is the point


def test_settings_name_no_secret() -> None:
    secrets = {"password", "pin", "dsn", "secret", "token"}
    assert not secrets & {field.name for field in dataclasses.fields(Settings)}
