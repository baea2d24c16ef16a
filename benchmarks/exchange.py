"""Full signed exchanges per second through two security servers, as a ratio to an nginx chain measured in the same run.

Each exchange is signed and verified twice, leaves four durable log records, and passes access rights, OCSP and the real
multipart transport over mutual TLS. The baseline hands the same bytes through nginx, nginx and nginx with the same
certificates and the same version of TLS, and signs and keeps nothing. wrk drives both, in turns.

    python benchmarks/exchange.py             every row, REST and SOAP (about two hours)
    python benchmarks/exchange.py --quick     under a minute; the last line is JSON
    python benchmarks/exchange.py --rows p256/1k --connections 128 --rounds 5

Needs nginx, wrk and openssl (make system). Linux only: memory and processor time are read from /proc.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from chain import soap
from chain.baseline import FRONT, SIZES, chain, information_system
from chain.load import Load, Target, put_load
from chain.network import Servers
from chain.processes import MemoryWatch, processor_seconds, pss_mb

KEY_TYPES = {"p256": "EC", "rsa2048": "RSA"}
TLS_VERSIONS = ("1.3", "1.2")
PROTOCOLS = ("REST", "SOAP")
SETTLE_S = 2.0


@dataclass(slots=True, kw_only=True)
class Row:
    """What was measured of one row, a round at a time."""

    name: str
    ours: list[Load] = field(default_factory=list)
    theirs: list[Load] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    """Processor time of both security servers per exchange."""

    @property
    def ratios(self) -> list[float]:
        """Of each round."""
        return [ours.rate / theirs.rate for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def failed(self) -> int:
        """Exchanges that failed, on either side."""
        return sum(load.failed for load in (*self.ours, *self.theirs))

    def line(self) -> str:
        """One line of the table."""
        ratios = sorted(self.ratios)
        middle = statistics.median
        return (
            f"{self.name:<26} {middle(load.rate for load in self.ours):>8.0f} "
            f"{middle(load.rate for load in self.theirs):>9.0f} {middle(ratios):>6.3f} "
            f"{ratios[0]:>6.3f}-{ratios[-1]:<6.3f} {middle(load.p50_ms for load in self.ours):>8.2f} "
            f"{middle(load.p99_ms for load in self.ours):>8.2f} {middle(self.cpu_us):>8.0f} {self.failed:>6}"
        )


HEADING = (
    f"{'row':<26} {'ours/s':>8} {'nginx/s':>9} {'ratio':>6} {'range':>13} "
    f"{'p50 ms':>8} {'p99 ms':>8} {'cpu us':>8} {'failed':>6}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is exchanged in a row."""

    protocol: str
    size: str
    connections: int

    def __str__(self) -> str:
        """As its row says it; ``SOAP`` is named, REST is not."""
        return f"{'soap ' if self.protocol == 'SOAP' else ''}{self.size} c={self.connections}"

    def baseline(self) -> Target:
        """The same bytes for the nginx chain."""
        url, size = f"http://{FRONT}:8080", SIZES[self.size]
        if self.protocol == "SOAP":
            path = f"/{soap.service_code(self.size)}"
            return Target(url=url, path=path, size=size, template=soap.question(self.size))
        return Target(url=url, path=f"/{self.size}", size=size)


@dataclass(slots=True, kw_only=True)
class Measurement:
    """The whole run."""

    folder: Path
    rounds: int
    seconds: float
    workers: int
    idle_mb: float = 0.0
    largest_mb: float = 0.0

    def measure(self, servers: Servers, shapes: list[Shape], tls: str, label: str) -> list[Row]:
        """The rows of one key type and one version of TLS."""
        servers.start(tls=tls, workers=self.workers)
        nginxes = chain(self.folder, servers.identities(), tls=tls)
        try:
            self.idle_mb = self.idle_mb or self._settled_mb(servers)
            watch = MemoryWatch(servers.processes)
            with watch.watching():
                rows = [self._row(servers, shape, f"{label} TLS{tls} {shape}") for shape in shapes]
            self.largest_mb = max(self.largest_mb, watch.largest_mb)
            return rows
        finally:
            for nginx in nginxes:
                nginx.stop()
            servers.stop_servers()

    def _settled_mb(self, servers: Servers) -> float:
        """Memory of the larger server a moment after a first start, before any message."""
        time.sleep(SETTLE_S)
        return max(map(pss_mb, servers.processes()))

    def _row(self, servers: Servers, shape: Shape, name: str) -> Row:
        row = Row(name=name)
        ours, theirs = servers.target(shape.size, shape.protocol), shape.baseline()
        for target in (theirs, ours):
            put_load(target, connections=shape.connections, seconds=min(2.0, self.seconds / 2))
        for _ in range(self.rounds):
            row.theirs.append(put_load(theirs, connections=shape.connections, seconds=self.seconds))
            before = sum(map(processor_seconds, servers.processes()))
            load = put_load(ours, connections=shape.connections, seconds=self.seconds)
            used = sum(map(processor_seconds, servers.processes())) - before
            row.ours.append(load)
            row.cpu_us.append(used * 1e6 / max(1, load.answers))
        print(row.line(), flush=True)
        return row


def four_syncs_ms(folder: Path, seconds: float = 1.0) -> float:
    """Median time of four fdatasyncs one after another, each of 1 KiB into a file of zeros."""
    room = 16 * 1024 * 1024
    descriptor = os.open(folder / "syncs", os.O_RDWR | os.O_CREAT)
    os.pwrite(descriptor, bytes(room), 0)
    os.fsync(descriptor)
    found, offset, started = [], 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        begun = time.perf_counter()
        for _ in range(4):
            os.pwrite(descriptor, b"x" * 1024, offset % room)
            os.fdatasync(descriptor)
            offset += 1024
        found.append(time.perf_counter() - begun)
    os.close(descriptor)
    return statistics.median(found) * 1000


def hardware() -> str:
    """Processor, cores, memory."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="P-256, 1 KB, c = 1 and 128 (SOAP: 128), one short round")
    parser.add_argument("--keys", nargs="+", choices=KEY_TYPES, default=list(KEY_TYPES))
    parser.add_argument("--tls", nargs="+", choices=TLS_VERSIONS, default=list(TLS_VERSIONS))
    parser.add_argument("--protocols", nargs="+", choices=PROTOCOLS, default=list(PROTOCOLS))
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 32, 128])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each load")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of each security server")
    parser.add_argument("--folder", type=Path, help="where to write; must be on a real disk")
    args = parser.parse_args()
    if args.quick:
        args.keys, args.sizes, args.connections, args.rounds, args.seconds = ["p256"], ["1k"], [1, 128], 1, 2.0
    folder = Path(tempfile.mkdtemp(prefix="exchange-", dir=args.folder)).resolve()
    try:
        report(args, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(args: argparse.Namespace, folder: Path) -> None:
    """Make the networks, measure every row, print the table and the summary."""
    print(f"{hardware()}; {args.workers} workers per security server", flush=True)
    print(HEADING, flush=True)
    run = Measurement(folder=folder, rounds=args.rounds, seconds=args.seconds, workers=args.workers)
    rows: dict[tuple[str, str], list[Row]] = {}
    system = information_system(folder)
    try:
        for key in args.keys:
            measure_keys(args, run, key, rows)
        syncs_ms = four_syncs_ms(folder)
    finally:
        system.stop()
    print(f"four fdatasyncs, one after another: {syncs_ms:.3f} ms")
    print(json.dumps(summary(rows, run, syncs_ms)))


def measure_keys(args: argparse.Namespace, run: Measurement, key: str, rows: dict[tuple[str, str], list[Row]]) -> None:
    """The rows of one key type, in a network of its own."""
    servers = Servers(run.folder / key, key_type=KEY_TYPES[key])
    try:
        servers.make()
        for tls in args.tls:
            rows[key, tls] = run.measure(servers, shapes(args), tls, key)
    finally:
        servers.stop()


def shapes(args: argparse.Namespace) -> list[Shape]:
    """What is measured of each key type and version of TLS; a quick run leaves the lone SOAP caller out."""
    found = itertools.starmap(Shape, itertools.product(args.protocols, args.sizes, args.connections))
    return [shape for shape in found if not (args.quick and str(shape).startswith("soap") and shape.connections == 1)]


def summary(rows: dict[tuple[str, str], list[Row]], run: Measurement, syncs_ms: float) -> dict[str, object]:
    """The figures that a bar is set for."""

    def ratio(tls: str, protocol: str) -> float | None:
        name = f"p256 TLS{tls} {Shape(protocol, '1k', 128)}"
        return next((round(statistics.median(row.ratios), 4) for row in rows.get(("p256", tls), ())
                     if row.name == name), None)  # fmt: skip

    alone = [
        load.p50_ms for row in rows.get(("p256", "1.3"), ()) if row.name == "p256 TLS1.3 1k c=1" for load in row.ours
    ]
    return {
        "ratio_tls13": ratio("1.3", "REST"),
        "ratio_tls12": ratio("1.2", "REST"),
        "soap_ratio_tls13": ratio("1.3", "SOAP"),
        "soap_ratio_tls12": ratio("1.2", "SOAP"),
        "p50_over_fdatasyncs": round(statistics.median(alone) / syncs_ms, 2) if alone else None,
        "failed": sum(row.failed for found in rows.values() for row in found),
        "idle_pss_mb": round(run.idle_mb, 1),
        "max_pss_mb": round(run.largest_mb, 1),
    }


if __name__ == "__main__":
    main()
