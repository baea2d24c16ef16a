from datetime import UTC, datetime

import pytest

from lienthong.systems.foundation.access.models import AccessEvent, AppendOnlyError

pytestmark = pytest.mark.usefixtures("records")


def _event() -> AccessEvent:
    return AccessEvent.objects.create(subject="001185000001", operation="x", instant=datetime(2020, 8, 21, tzinfo=UTC))


def test_an_event_is_added_once_and_never_changed_or_removed() -> None:
    event = _event()
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        AccessEvent.objects.all().update(client="")
    with pytest.raises(AppendOnlyError):
        AccessEvent.objects.all().delete()


def test_an_event_prints_nobody() -> None:
    assert "001185000001" not in f"{_event()} {_event()!r}"
