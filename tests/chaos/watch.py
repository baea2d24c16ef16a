"""What servers hold, in memory and on disk, while a body passes that is far larger than memory may be."""

import os
import threading

from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork
from tests.chaos.processes import pss_mb

MB = 1024 * 1024
BODY = int(os.environ.get("LIENTHONG_BODY_MB", "256")) * MB
LIMIT_MB = 300
SECRET = b"Ho ten va so can cuoc cua mot nguoi; "
PIECE = (SECRET * (MB // len(SECRET) + 1))[:MB]


class Watch(threading.Thread):
    """Looks at both servers again and again while a body passes."""

    def __init__(self, network: ChaosNetwork) -> None:
        super().__init__()
        self.network = network
        self.largest_mb: dict[str, float] = {}
        self.readable: list[str] = []
        self.seen_on_disk = 0
        self.over = threading.Event()

    def __enter__(self) -> "Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        while not self.over.wait(0.5):
            for server in (CONSUMER, PROVIDER):
                held = pss_mb(self.network.family(server))
                self.largest_mb[server.name] = max(held, self.largest_mb.get(server.name, 0.0))
                for path in self.network.spooled(server):
                    self._look_at(path, server.name)

    def _look_at(self, path: os.PathLike[str], server: str) -> None:
        try:
            with open(path, "rb") as spooled:
                content = spooled.read(4 * MB)
        except OSError:
            return
        self.seen_on_disk += bool(content)
        if SECRET in content:
            self.readable.append(server)


def judge_memory(network: ChaosNetwork, watch: Watch) -> None:
    network.judge_leftovers()
    print({name: f"{held:.0f} MB" for name, held in watch.largest_mb.items()})
    assert watch.largest_mb.keys() == {CONSUMER.name, PROVIDER.name}
    assert max(watch.largest_mb.values()) < LIMIT_MB, watch.largest_mb
