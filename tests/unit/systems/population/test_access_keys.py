import re

from tests.unit.systems.population.register import DAO, DUC

from lienthong.systems.population.access_keys import access_key, key_digest


def test_a_key_has_256_bits_fits_an_address_and_differs_by_person_and_installation() -> None:
    key = access_key(DAO, secret="a")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", key)
    assert len({key, access_key(DUC, secret="a"), access_key(DAO, secret="b"), key_digest(key)}) == 4
    assert access_key(DAO, secret="a") == key
