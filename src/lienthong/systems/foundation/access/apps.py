"""The Django application that keeps access events in each system's own database."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Access events."""

    name = "lienthong.systems.foundation.access"
    label = "access"
    verbose_name = "Nhật ký truy cập dữ liệu cá nhân"
