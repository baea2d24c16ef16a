"""The Django application that holds the shared frame of pages."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Shared frame of pages."""

    name = "lienthong.systems.foundation.ui"
    label = "ui"
