"""``python -m django write_openapi FILE``: write the OpenAPI document that is committed beside the operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lienthong.systems.foundation.operations.interface import openapi_text
from lienthong.systems.population.provides.operations import api


class Command(BaseCommand):
    """Writes the document."""

    help = "Write the OpenAPI document of the operations"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        options["file"].write_text(openapi_text(api), encoding="utf-8")
