"""Where a security server keeps things below its data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lienthong.exchange.serverconf.settings import APPLIED_SETTINGS, PID_FILE


@dataclass(frozen=True, slots=True)
class DataPaths:
    """Files and folders of one server."""

    data: Path
    """The data folder."""

    @property
    def settings(self) -> Path:
        """The settings in force, written by ``security apply``."""
        return self.data / APPLIED_SETTINGS

    @property
    def pid(self) -> Path:
        """Process id of the running server."""
        return self.data / PID_FILE

    @property
    def globalconf(self) -> Path:
        """Global configuration as X-Road lays it out."""
        return self.data / "globalconf"

    @property
    def ocsp(self) -> Path:
        """OCSP answers, one file a certificate."""
        return self.data / "ocsp"

    @property
    def spool(self) -> Path:
        """Bodies in flight."""
        return self.data / "spool"

    @property
    def control(self) -> Path:
        """Socket on which the control process takes orders."""
        return self.data / "control.sock"
