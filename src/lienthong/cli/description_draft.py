"""A settings file that ``security description`` changes: read whole, edited line by line, read whole again."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from lienthong.exchange.adapters.description_source import DescriptionSource
from lienthong.exchange.adapters.durable_files import write_whole
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.serverconf.lines import KeyPath
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import Service

ADDRESSES = ("http://", "https://")
"""A place that begins so is an address; any other is a file, which may start at the data folder."""


class RefusedError(ExchangeError):
    """The command cannot be carried out; the text says why."""


class Draft:
    """The file as it will be; nothing is written before :meth:`write`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._original = self.text = file.read_bytes().decode("utf-8")
        self.settings = parse_settings(self.text, file=file)

    def edit(self, change: Callable[[str], str]) -> None:
        """Change the text; raises InvalidSettingsError with every problem that this would make."""
        text = change(self.text)
        self.settings = parse_settings(text, file=self._file)
        self.text = text

    @property
    def has_changed(self) -> bool:
        """Whether the text is another than the file's."""
        return self.text != self._original

    def write(self) -> bool:
        """Put the text in place of the file, unless they are the same; whether it was."""
        if not self.has_changed:
            return False
        write_whole(self._file, self.text.encode("utf-8"), mode=stat.S_IMODE(self._file.stat().st_mode))
        return True

    def descriptions(self, place: str = "") -> Iterator[tuple[int, str]]:
        """Position of the client and place of every description, or of the one at *place*."""
        for position, client in enumerate(self.settings.clients):
            for each in dict.fromkeys(service.description for service in client.services):
                if each and place in {"", each}:
                    yield position, each

    def services(self, client: int, place: str) -> list[tuple[KeyPath, Service]]:
        """The services of a description with their places in the file."""
        services = enumerate(self.settings.clients[client].services)
        return [(("client", client, "service", at), each) for at, each in services if each.description == place]

    def source(self, place: str) -> DescriptionSource:
        """Where the description comes from that the settings name so."""
        return DescriptionSource(place if place.startswith(ADDRESSES) else str(self.settings.data / place))

    def place_of(self, given: str) -> str:
        """How the settings name a place given on the command line: files in the data folder start there."""
        if given.startswith(ADDRESSES):
            return given
        path, data = Path(given).resolve(), self.settings.data.resolve()
        return str(path.relative_to(data) if path.is_relative_to(data) else path)
