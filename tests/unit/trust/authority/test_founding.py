from pathlib import Path

import pytest
from tests.fakes.pki import NOW, PASSWORD, FrozenSurroundings, key, settings

from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.authority import Records
from lienthong.trust.authority.founding import SEATS, address, found, load, load_ca, new_serial
from lienthong.trust.certificates import find_path, judge_path
from lienthong.trust.errors import AuthorityError
from lienthong.trust.tokens import FileTokenStore


def test_every_seat_is_filled_and_has_a_path_to_the_root(tmp_path: Path) -> None:
    store, records = FileTokenStore(tmp_path / "tokens", password=PASSWORD), Records(tmp_path / "records.sqlite")
    found(store, records, settings(), FrozenSurroundings().given())
    certificates = {seat.name: load(store, seat.name)[1] for seat in SEATS}
    for seat in SEATS:
        path = find_path(certificates[seat.name], [certificates["issuing"]], [certificates["root"]])
        assert path[-1] == certificates["root"]
        assert judge_path(path, at=NOW, policy=PRODUCTION).is_valid
        assert certificates[seat.name].not_after <= certificates["root"].not_after
    assert load_ca(store, "issuing").responder == certificates["issuing-ocsp"]
    records.close()


def test_a_key_without_certificate_is_no_seat(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path, password=PASSWORD)
    store.put_key("tsa", key())
    with pytest.raises(AuthorityError, match="no certificate tsa"):
        load(store, "tsa")


def test_serial_numbers_are_long_positive_and_new() -> None:
    surroundings = FrozenSurroundings().given()
    drawn = {new_serial(surroundings) for _ in range(100)}
    assert len(drawn) == 100
    assert all(2**126 <= serial < 2**127 for serial in drawn)


def test_addresses_follow_the_public_one() -> None:
    assert address(settings(), "/ocsp") == "http://127.0.9.1:8888/ocsp"
    assert address(settings(public_url=None), "/ocsp") is None
