"""The global configuration on disk, in the layout that X-Road's own scripts read.

``<folder>/instance-identifier`` names the own instance; ``<folder>/<instance>/`` holds its parts, each with
``.metadata`` beside it. An instance's folder is a link to one generation: readers see all of the old one or all of the
new one, never a mixture. Source: governance dossier s.1.6.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from lienthong.exchange.adapters.durable_files import sync_folder, write_synced, write_whole
from lienthong.exchange.errors import ConfigurationError, Fault
from lienthong.exchange.globalconf import GlobalConf, GlobalConfSet
from lienthong.exchange.globalconf.index import InstanceIndex
from lienthong.exchange.globalconf.metadata import PartMetadata, read_metadata, write_metadata
from lienthong.exchange.globalconf.refresh import FILE_NAMES, StoredPart, configuration_from, earliest_expiry

_IDENTIFIER = "instance-identifier"
_GENERATIONS = ".generations"
_METADATA = ".metadata"
_ID_BY_NAME = {name: identifier for identifier, name in FILE_NAMES.items()}
_Parsed = tuple[dict[str, tuple[bytes, int]], GlobalConf, InstanceIndex]


class GlobalConfFolder:
    """Reads and replaces stored configurations; unchanged ones are parsed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parsed: dict[str, _Parsed] = {}
        self.problems: dict[str, str] = {}
        """Why an instance on disk is not in the set last loaded, by instance."""

    @property
    def local_instance(self) -> str:
        """The own instance; raises ConfigurationError where the folder does not name one."""
        try:
            name = (self._folder / _IDENTIFIER).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise ConfigurationError(f"{self._folder / _IDENTIFIER} cannot be read: {exc}") from exc
        if not name:
            raise ConfigurationError(f"{self._folder / _IDENTIFIER} is empty")
        return name

    def set_local_instance(self, name: str) -> None:
        """Name the own instance."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / _IDENTIFIER, name.encode("utf-8"))

    def instances(self) -> tuple[str, ...]:
        """Every instance that has a folder, sorted."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(unquote(p.name) for p in self._folder.iterdir() if p.name[0] != "." and p.is_dir()))

    def stored(self, instance: str) -> dict[str, StoredPart]:
        """The parts held of an instance, by file name, all of one generation; empty where there are none."""
        folder = self._instance_path(instance).resolve()
        found: dict[str, StoredPart] = {}
        try:
            names = sorted(p.name for p in folder.iterdir() if not p.name.endswith(_METADATA) and p.is_file())
            for name in names:
                found[name] = StoredPart(data=(folder / name).read_bytes(), metadata=_metadata(folder, name))
        except FileNotFoundError:
            return {}
        return found

    def load(self) -> GlobalConfSet:
        """Read everything.

        A foreign instance that cannot be read is absent, with the reason in ``problems``.

        Raises:
            ConfigurationError: the folder does not name the own instance.
            Fault: ``malformed_global_conf``, the own instance cannot be read.
        """
        own, parsed, problems = self.local_instance, {}, {}
        for instance in self.instances():
            try:
                parsed[instance] = self._parse(instance)
            except Fault as fault:
                if instance == own:
                    raise
                problems[instance] = str(fault)
        self._parsed, self.problems = parsed, problems
        return GlobalConfSet(
            local_instance=own,
            instances={conf.instance: conf for _, conf, _ in parsed.values()},
            indexes={conf.instance: index for _, conf, index in parsed.values()},
        )

    def replace(self, instance: str, parts: Mapping[str, StoredPart]) -> None:
        """Put a whole new generation of an instance in place; whoever reads meanwhile gets the old one.

        Raises:
            OSError: the disk refuses; the old generation stays.
        """
        home = self._folder / _GENERATIONS
        home.mkdir(parents=True, exist_ok=True)
        prefix = f"{_folder_name(instance)}~"
        fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        fresh.chmod(0o755)
        for name, part in parts.items():
            write_synced(fresh / name, part.data)
            write_synced(fresh / f"{name}{_METADATA}", write_metadata(part.metadata))
        sync_folder(fresh)
        previous = self._instance_path(instance).resolve()
        self._link(instance, fresh)
        for old in home.glob(f"{prefix}*"):
            if old.name not in {fresh.name, previous.name}:
                shutil.rmtree(old, ignore_errors=True)

    def keep_only(self, instances: Iterable[str]) -> None:
        """Remove the folders of instances that are no longer there. Source: s.1.6 step 7."""
        wanted = set(instances)
        for instance in self.instances():
            if instance not in wanted:
                path = self._instance_path(instance)
                if path.is_symlink():
                    path.unlink()
                else:
                    shutil.rmtree(path)
                for old in (self._folder / _GENERATIONS).glob(f"{_folder_name(instance)}~*"):
                    shutil.rmtree(old, ignore_errors=True)

    def _parse(self, instance: str) -> _Parsed:
        parts = self.stored(instance)
        key = {name: (part.data, part.metadata.version) for name, part in parts.items()}
        known = self._parsed.get(instance)
        if known is not None and known[0] == key:
            return key, replace(known[1], expires=earliest_expiry(parts)), known[2]
        conf = configuration_from(parts)
        return key, conf, InstanceIndex.of(conf)

    def _instance_path(self, instance: str) -> Path:
        return self._folder / _folder_name(instance)

    def _link(self, instance: str, generation: Path) -> None:
        target = self._instance_path(instance)
        link = target.with_name(f".{target.name}.new")
        link.unlink(missing_ok=True)
        link.symlink_to(Path(_GENERATIONS) / generation.name, target_is_directory=True)
        if target.is_dir() and not target.is_symlink():
            target.rename(Path(tempfile.mkdtemp(prefix=f"{target.name}~", dir=generation.parent)) / "taken-over")
        link.replace(target)
        sync_folder(self._folder)


def _folder_name(instance: str) -> str:
    name = quote(instance, safe="")
    return name.replace(".", "%2E") if name.startswith(".") else name


def _metadata(folder: Path, name: str) -> PartMetadata:
    try:
        metadata = read_metadata((folder / f"{name}{_METADATA}").read_bytes())
    except FileNotFoundError:
        metadata = PartMetadata()
    return metadata if metadata.identifier else replace(metadata, identifier=_ID_BY_NAME.get(name))
