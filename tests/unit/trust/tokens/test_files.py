from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.pki import MEMBER, NOW, PASSWORD, certificate, key

from lienthong.trust.algorithms import KeyType
from lienthong.trust.certificates.profiles import SIGN
from lienthong.trust.errors import KeyAccessError
from lienthong.trust.tokens import FileTokenStore, read_password


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    return FileTokenStore(tmp_path / "token", password=PASSWORD)


def test_a_key_survives_and_only_its_owner_may_read_it(store: FileTokenStore, tmp_path: Path) -> None:
    made = store.generate("sign", KeyType.EC)
    (tmp_path / "password").write_bytes(PASSWORD + b"\n")
    again = FileTokenStore.open(tmp_path / "token", password_file=tmp_path / "password")
    assert again.names() == ("sign",)
    assert again.key("sign").public_key_der == made.public_key_der
    path = tmp_path / "token" / "sign.key.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED")


def test_certificates_lie_beside_their_key_the_youngest_last(store: FileTokenStore) -> None:
    store.put_key("sign", key("sign"))
    old = certificate(SIGN, MEMBER, key("sign"), start=NOW - timedelta(days=3))
    new = certificate(SIGN, MEMBER, key("sign"), start=NOW - timedelta(days=2))
    for made in (new, old, new):
        store.put_certificate("sign", made)
    assert store.certificates("sign") == (old, new)


def test_another_key_s_certificate_is_refused(store: FileTokenStore) -> None:
    store.put_key("sign", key("sign"))
    with pytest.raises(KeyAccessError, match="not for the key"):
        store.put_certificate("sign", certificate(SIGN, MEMBER, key("other")))


def test_a_key_is_never_replaced(store: FileTokenStore) -> None:
    store.put_key("sign", key("sign"))
    with pytest.raises(KeyAccessError, match="already"):
        store.put_key("sign", key("other"))


@pytest.mark.parametrize("name", ["", "../sign", "a/b", ".hidden", "a.b", "x" * 200])
def test_what_is_no_name_is_refused(store: FileTokenStore, name: str) -> None:
    for use in (store.key, store.certificates, store.delete):
        with pytest.raises(KeyAccessError):
            use(name)


def test_a_wrong_password_opens_nothing(store: FileTokenStore, tmp_path: Path) -> None:
    store.put_key("sign", key("sign"))
    with pytest.raises(KeyAccessError, match="password"):
        FileTokenStore(tmp_path / "token", password=b"wrong").key("sign")
    with pytest.raises(KeyAccessError):
        FileTokenStore(tmp_path / "token", password=b"")


def test_a_deleted_key_is_gone(store: FileTokenStore) -> None:
    store.put_key("sign", key("sign"))
    store.put_certificate("sign", certificate(SIGN, MEMBER, key("sign")))
    store.delete("sign")
    assert store.names() == store.certificates("sign") == ()
    for use in (store.delete, store.key):
        with pytest.raises(KeyAccessError, match="no key"):
            use("sign")


def test_a_password_file_holds_something(tmp_path: Path) -> None:
    with pytest.raises(KeyAccessError, match="cannot be read"):
        read_password(tmp_path / "absent")
    (tmp_path / "empty").write_bytes(b"\n")
    with pytest.raises(KeyAccessError, match="empty"):
        read_password(tmp_path / "empty")
