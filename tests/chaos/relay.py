"""A network between two servers that can be made bad: it trickles, or breaks in the middle of a message."""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType

PIECE = 16 * 1024
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes ``close`` a reset."""


@dataclass(frozen=True)
class Weather:
    """What the network does to every connection made from now on."""

    bytes_per_s: int | None = None
    """Trickles; None: as fast as it goes."""
    cut_up_after: int | None = None
    """Resets both ends once so many bytes went towards the provider."""
    cut_down_after: int | None = None
    """Resets both ends once so many bytes went towards the consumer."""


class Relay:
    """Passes connections on from one address to another."""

    def __init__(self, listen: tuple[str, int], target: tuple[str, int]) -> None:
        self.weather = Weather()
        self.resets = 0
        self._target = target
        self._socket = socket.create_server(listen)
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> "Relay":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self.reset_all()

    def reset_all(self) -> None:
        """Break every connection there is."""
        for each in list(self._open):
            self._reset(each)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            weather = self.weather
            self._open |= {near, far}
            for source, sink, limit in ((near, far, weather.cut_up_after), (far, near, weather.cut_down_after)):
                threading.Thread(
                    target=self._pump, args=(source, sink, limit, weather.bytes_per_s), daemon=True
                ).start()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int | None, bytes_per_s: int | None) -> None:
        passed = 0
        piece = PIECE if bytes_per_s is None else max(1, bytes_per_s // 20)
        with contextlib.suppress(OSError):
            while data := source.recv(piece):
                sink.sendall(data)
                passed += len(data)
                if limit is not None and passed >= limit:
                    self.resets += 1
                    self._reset(source)
                    self._reset(sink)
                    return
                if bytes_per_s is not None:
                    time.sleep(len(data) / bytes_per_s)
            sink.shutdown(socket.SHUT_WR)
            return
        self._reset(source)
        self._reset(sink)

    def _reset(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.shutdown(socket.SHUT_RDWR)
        end.close()
