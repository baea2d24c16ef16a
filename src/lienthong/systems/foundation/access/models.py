"""The table of access events: append-only, in the database as well as in Python."""

from __future__ import annotations

from typing import Any, Never

from django.db import models


class AppendOnlyError(TypeError):
    """Something tried to change or remove an access event."""


class AccessEventRows(models.QuerySet["AccessEvent"]):
    """Rows that can be added and read, never changed."""

    def update(self, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError("access events are never changed")

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnlyError("access events are never removed")


class AccessEvent(models.Model):
    """One answer about one person (*sự kiện truy cập dữ liệu cá nhân*): who asked, for what, what was given, when."""

    subject = models.CharField(max_length=12, db_comment="Personal number the answer is about, given or asked")
    message_id = models.CharField(max_length=255, db_comment="X-Road-Id, the message in both security servers' logs")
    client = models.CharField(max_length=1023, db_comment="INSTANCE/CLASS/CODE/SUBSYSTEM of the party that asked")
    officer = models.CharField(max_length=255, db_comment="X-Road-UserId")
    issue = models.CharField(max_length=255, db_comment="X-Road-Issue: dossier or legal basis")
    operation = models.CharField(max_length=64, db_comment="Operation id of the provider's OpenAPI document")
    data_classes = models.CharField(
        max_length=255, db_comment="Classes of data given, separated by spaces; empty if none"
    )
    instant = models.DateTimeField(db_comment="When the answer was made, UTC")

    objects = AccessEventRows.as_manager()

    class Meta:
        """Table and index."""

        db_table = "access_event"
        indexes = (models.Index(fields=("subject", "-id"), name="access_event_by_subject"),)

    def __str__(self) -> str:
        return f"access event {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; a second save is refused."""
        if not self._state.adding:
            raise AppendOnlyError("access events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError("access events are never removed")
