"""A worker's view of the data folder: the snapshot in force, replaced whole when something has changed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import Fault
from lienthong.exchange.messagelog.gate import refuses
from lienthong.exchange.security.assembly import assemble
from lienthong.exchange.security.channel import TimestampNotice
from lienthong.exchange.security.material import read_material, read_settings
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.ports import Clock
from lienthong.exchange.security.snapshot import Snapshot


class ServerState:
    """Holds the snapshot and how timestamping stands."""

    def __init__(self, paths: DataPaths, clock: Clock) -> None:
        self._paths = paths
        self._clock = clock
        self._folder = GlobalConfFolder(paths.globalconf)
        self._timestamps = TimestampNotice(last_success=None, failing_since=None, has_tsa=True)
        self.snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """The snapshot in force; a worker opens its doors only once there is one."""
        if self.snapshot is None:
            raise Fault("global_conf_outdated", "There is no global configuration yet")
        return self.snapshot

    def read(self) -> Snapshot:
        """A new snapshot from what is on disk now; raises ConfigurationError, Fault."""
        settings = read_settings(self._paths)
        return assemble(read_material(settings, self._folder), now=self._clock())

    def reload(self) -> None:
        """Put a new snapshot in force; the old one stays when the new one cannot be read."""
        self.snapshot = self.read()

    def note_timestamps(self, notice: TimestampNotice) -> None:
        """Take in how timestamping stands; a control process that has seen no success cannot shorten known failures."""
        known = self._timestamps.failing_since
        if known is not None and notice.failing_since is not None and notice.last_success is None:
            notice = msgspec.structs.replace(notice, failing_since=min(known, notice.failing_since))
        self._timestamps = notice

    def log_gate(self) -> Fault | None:
        """The fault that every message meets while nothing can be timestamped. Source: message-path s.5.3."""
        now: datetime = self._clock()
        notice = self._timestamps
        period = self.current().settings.log.acceptable_timestamp_failure_period
        return refuses(now, notice.last_success, notice.failing_since, period, has_tsa=notice.has_tsa)
