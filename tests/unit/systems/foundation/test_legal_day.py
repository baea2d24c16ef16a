from datetime import UTC, date, datetime
from pathlib import Path

from django.test import override_settings

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.legal_day import instant_now, legal_day, legal_day_of

TODAY = override_settings(SYSTEM=SystemConfig(data_folder=Path("unused")))


def test_a_demonstration_lives_on_its_configured_day() -> None:
    assert legal_day() == date(2020, 8, 31)
    assert legal_day_of(datetime(2026, 1, 1, tzinfo=UTC)) == date(2020, 8, 31)


def test_otherwise_the_day_is_that_of_vietnam() -> None:
    with TODAY:
        assert legal_day_of(datetime(2026, 1, 1, 16, 59, tzinfo=UTC)) == date(2026, 1, 1)
        assert legal_day_of(datetime(2026, 1, 1, 17, 0, tzinfo=UTC)) == date(2026, 1, 2)
        assert abs((legal_day() - instant_now().date()).days) <= 1
