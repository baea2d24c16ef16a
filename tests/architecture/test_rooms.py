"""Every room stands in a contract, and unit tests stand where their module stands."""

import tomllib

from tests.architecture.source_tree import SOURCE
from tests.shared import ROOT

CONTRACTS = tomllib.loads((ROOT / "importlinter.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
CORE = "Protocol, cryptography and domain rules do no I/O and know no framework"
SHELL_OF_TRUST = {"authority", "tokens", "errors"}
SHELL_OF_EXCHANGE = {"adapters", "central", "connector", "security", "pages", "errors"}
UNIT = ROOT / "tests" / "unit"
OF_SEVERAL_MODULES = {
    "exchange/globalconf/test_codecs.py": "one table of cases over codec_v2 to codec_v6",
    "exchange/connector/test_imports.py": "what importing the package brings with it",
}
"""Tests without one module of their own, with the reason."""


def rooms(*below: str) -> set[str]:
    """Modules and packages that stand directly in a package."""
    found = (SOURCE.joinpath(*below)).iterdir()
    return {path.stem for path in found if (path.suffix == ".py" or (path / "__init__.py").exists())} - {"__init__"}


def layers_of(container: str) -> set[str]:
    """The rooms that the layers contract of a container names."""
    (contract,) = [c for c in CONTRACTS if c["type"] == "layers" and c["containers"] == [container]]
    return {room.strip(" ()") for layer in contract["layers"] for room in layer.replace(":", "|").split("|")}


def test_every_room_is_in_a_layer() -> None:
    assert layers_of("lienthong") == rooms()
    for container in ("trust", "exchange", "systems"):
        assert layers_of(f"lienthong.{container}") == rooms(container), container


def test_every_core_room_is_kept_from_io() -> None:
    (contract,) = [c for c in CONTRACTS if c["name"] == CORE]
    core = {f"lienthong.trust.{room}" for room in rooms("trust") - SHELL_OF_TRUST}
    core |= {f"lienthong.exchange.{room}" for room in rooms("exchange") - SHELL_OF_EXCHANGE}
    assert core - set(contract["source_modules"]) == set()


def test_architecture_names_every_room() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    missing = [
        f"{layer}/{room}"
        for layer in ("trust", "exchange", "systems")
        for room in rooms(layer) - {"errors"}
        if f"`{layer}/{room}" not in page
    ]
    assert missing == []


def test_unit_tests_mirror_the_sources() -> None:
    stray = []
    for path in sorted(UNIT.rglob("test_*.py")):
        folder, name = SOURCE / path.relative_to(UNIT).parent, path.stem.removeprefix("test_")
        has_twin = (folder / name).is_dir() or any(folder.glob(f"{name}.py")) or any(folder.glob(f"{name}_*.py"))
        if not has_twin and str(path.relative_to(UNIT)) not in OF_SEVERAL_MODULES:
            stray.append(str(path.relative_to(ROOT)))
    assert stray == []
