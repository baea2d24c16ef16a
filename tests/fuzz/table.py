"""Every fuzz target in one place: what it reads, which errors it may raise, where more seeds lie.

A target's ``read`` raises nothing but the errors in its ``REFUSES``: anything else, a failed assertion, a run of more
than ten seconds or more than a gigabyte of memory is a finding. A finding becomes a file in ``corpus/<target>/`` named
after the defect, which the ordinary suite replays for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SHARED = HERE.parents[2] / "shared" / "fixtures" / "xroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One parser, or a few that read the same kind of bytes."""

    name: str
    """Module in ``targets/`` and folder in ``corpus/``."""
    shared: tuple[str, ...] = ()
    """Patterns of shared fixtures that serve as seeds, where they are there."""
    bytes_max: int = 8192
    """Longest input tried."""

    def load(self) -> tuple[Callable[[bytes], object], tuple[type[Exception], ...]]:
        """Its ``read`` and its documented errors."""
        module = import_module(f"tests.fuzz.targets.{self.name}")
        return module.read, module.REFUSES

    def seeds(self) -> Iterator[Path]:
        """Committed inputs, then shared ones."""
        yield from sorted((CORPUS / self.name).glob("*"))
        for pattern in self.shared:
            yield from (p for p in sorted(SHARED.glob(pattern)) if p.is_file() and p.stat().st_size <= self.bytes_max)


TARGETS = (
    Target(name="multipart", shared=("transport/*", "live/rest/*/*"), bytes_max=16384),
    Target(name="related", shared=("queries/*", "live/soap/*/[134]-*")),
    Target(name="part_sequence"),
    Target(name="rest_block", bytes_max=2048),
    Target(name="soap", shared=("queries/*", "live/soap/*/1-*")),
    Target(name="connector_soap", shared=("queries/*", "live/soap/*/6-*")),
    Target(name="identifiers", bytes_max=512),
    Target(name="hash_chain", shared=("hashchains/*", "signatures/hash-chain*")),
    Target(name="xades_signature", shared=("signatures/*.xml",), bytes_max=32768),
    Target(name="asic_container", shared=("asic/*", "asic-parse/*"), bytes_max=32768),
    Target(name="http_connection", bytes_max=2048),
    Target(name="ocsp", shared=("queries/test.ocsp",)),
    Target(name="timestamp", shared=("timestamps/*",)),
    Target(name="certificate"),
    Target(name="signed_directory", shared=("signed-directory/textual/*.txt",)),
    Target(name="globalconf", shared=("globalconf/*/*/*-params.xml",), bytes_max=32768),
    Target(name="anchor", shared=("anchors/*", "globalconf/*.xml", "globalconf/*/*/*.metadata")),
    Target(name="settings"),
    Target(name="journal"),
    Target(name="rest_answers"),
    Target(name="wsdl"),
    Target(name="openapi", bytes_max=4096),
    Target(name="population_claim", bytes_max=1024),
)
BY_NAME = {target.name: target for target in TARGETS}
