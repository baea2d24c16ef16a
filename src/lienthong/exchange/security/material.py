"""Reads what a snapshot is made of from the data folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.adapters.tls import TlsIdentity
from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.security.assembly import Material, OwnKey, OwnKeys
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import KeyReference, Settings
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import TrustError
from lienthong.trust.keys import SoftwareKey
from lienthong.trust.tokens import FileTokenStore


def read_settings(paths: DataPaths) -> Settings:
    """The settings in force; raises ConfigurationError with every problem."""
    try:
        text = paths.settings.read_text("utf-8")
    except OSError as exc:
        raise ConfigurationError(f"{paths.settings.name}: {exc.strerror}; run lienthong security apply") from exc
    return parse_settings(text, file=paths.settings, data=paths.data)


def read_material(settings: Settings, folder: GlobalConfFolder) -> Material:
    """Everything a snapshot is made of.

    Raises:
        ConfigurationError: there is no global configuration yet, or a file of the settings cannot be used.
        Fault: ``malformed_global_conf``.
    """
    paths = DataPaths(settings.data)
    return Material(
        settings=settings,
        globalconf=folder.load(),
        keys=read_keys(settings),
        ocsp_responses=read_ocsp_responses(paths.ocsp),
        system_certificates=_system_certificates(settings),
        internal_certificate=_internal_certificate(settings),
    )


def read_ocsp_responses(folder: Path) -> Mapping[bytes, bytes]:
    """OCSP answers kept in *folder*, by SHA-1 of the certificate."""
    files = folder.glob("*.ocsp") if folder.is_dir() else ()
    return {bytes.fromhex(path.stem): path.read_bytes() for path in files if len(path.stem) == 40}


def read_keys(settings: Settings) -> OwnKeys:
    """The keys the settings name; those that cannot be opened are told of as problems."""
    store = token_store(settings)
    problems: dict[str, str] = {}
    authentication = _own_key(store, settings.keys.authentication, problems)
    signing = [(member, _own_key(store, reference, problems)) for member, reference in settings.keys.signing]
    usable = [(member, key) for member, key in signing if key is not None]
    return OwnKeys(authentication=authentication, signing=usable, problems=problems)


def token_store(settings: Settings) -> FileTokenStore:
    """The server's token; raises ConfigurationError where its password cannot be read."""
    password_file = settings.keys.password_file
    try:
        password = password_file.read_bytes().split(b"\n", 1)[0].strip()
    except OSError as exc:
        raise ConfigurationError(f"{password_file.name}: {exc.strerror}") from exc
    return FileTokenStore(settings.keys.tokens, password=password)


def tls_identity(settings: Settings, reference: KeyReference, chain_der: tuple[bytes, ...]) -> TlsIdentity:
    """A key for TLS, encrypted with the token's password on its way; raises ConfigurationError where it stays shut."""
    try:
        password = settings.keys.password_file.read_bytes().split(b"\n", 1)[0].strip()
        key = token_store(settings).key(reference.key)
    except (TrustError, OSError) as exc:
        raise ConfigurationError(f"TLS key {reference.key}: {exc}") from exc
    return TlsIdentity(chain_der=chain_der, key_pem=key.export(password), password=password)


def certificate_of(store: FileTokenStore, reference: KeyReference) -> Certificate:
    """The certificate a reference names, or the youngest beside the key; raises TrustError, OSError."""
    if reference.certificate is not None:
        return Certificate.from_pem_or_der(reference.certificate.read_bytes())
    certificates = store.certificates(reference.key)
    if not certificates:
        raise ConfigurationError(f"key {reference.key} has no certificate")
    return certificates[-1]


def _own_key(store: FileTokenStore, reference: KeyReference, problems: dict[str, str]) -> OwnKey | None:
    try:
        key: SoftwareKey = store.key(reference.key)
        return OwnKey(key=key, certificate=certificate_of(store, reference))
    except (TrustError, ConfigurationError, OSError) as exc:
        problems[reference.key] = f"key {reference.key}: {exc}"
        return None


def _system_certificates(settings: Settings) -> dict[ClientId, frozenset[bytes]]:
    return {client.id: frozenset(_der_files(client.certificates)) for client in settings.clients}


def _der_files(files: Iterable[Path]) -> Iterable[bytes]:
    for path in files:
        try:
            yield Certificate.from_pem_or_der(path.read_bytes()).der
        except (TrustError, OSError) as exc:
            raise ConfigurationError(f"{path}: not a certificate ({exc})") from exc


def _internal_certificate(settings: Settings) -> bytes | None:
    reference = settings.keys.internal_tls
    if reference is None:
        return None
    try:
        return certificate_of(token_store(settings), reference).der
    except (TrustError, OSError) as exc:
        raise ConfigurationError(f"internal TLS key {reference.key}: {exc}") from exc
