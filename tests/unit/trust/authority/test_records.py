from pathlib import Path

import pytest
from tests.fakes.pki import MEMBER, NOW, certificate, key

from lienthong.trust.authority import IssuedRecord, Records
from lienthong.trust.certificates.profiles import SIGN
from lienthong.trust.errors import AuthorityError


def _record(serial: int) -> IssuedRecord:
    return IssuedRecord(ca="issuing", profile="SIGN", certificate=certificate(SIGN, MEMBER, key(), serial=serial))


def test_they_are_read_in_order(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite")
    for serial in (3, 1, 2):
        records.add(_record(serial))
    assert [record.certificate.serial for record in records.current("issuing", at=NOW)] == [1, 2, 3]
    assert list(records.current("root", at=NOW)) == []
    records.close()


def test_more_than_a_page_is_read(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite", page_size=2)
    for serial in range(1, 6):
        records.add(_record(serial))
    assert len(list(records.current("issuing", at=NOW))) == 5
    records.close()


def test_a_serial_number_is_used_once(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite")
    records.add(_record(1))
    with pytest.raises(AuthorityError, match="used before"):
        records.add(_record(1))
    records.close()


def test_what_has_run_out_is_on_no_list(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite")
    records.add(_record(1))
    records.revoke("issuing", 1, at=NOW, reason="superseded")
    late = _record(1).certificate.not_after.replace(year=2100)
    assert [r.reason for r in records.revoked("issuing", at=NOW)] == ["superseded"]
    assert list(records.revoked("issuing", at=late)) == list(records.current("issuing", at=late)) == []
    records.close()


def test_crl_numbers_grow_across_restarts(tmp_path: Path) -> None:
    numbers = []
    for _ in range(2):
        records = Records(tmp_path / "records.sqlite")
        numbers += [records.next_crl_number("root"), records.next_crl_number("issuing")]
        records.close()
    assert numbers == [1, 1, 2, 2]
