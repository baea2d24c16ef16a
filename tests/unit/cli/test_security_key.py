"""``security key``: what an operator does with keys, and what is left when an authority refuses."""

from pathlib import Path

import pytest

from lienthong.cli.main import main
from lienthong.trust.tokens import FileTokenStore


@pytest.fixture
def token(tmp_path: Path) -> list[str]:
    (tmp_path / "pin").write_text("secret")
    (tmp_path / "ra-token").write_text("secret")
    return ["security", "key", "--tokens", str(tmp_path / "tokens"), "--password-file", str(tmp_path / "pin")]


def test_a_request_carries_the_names_asked_for(token: list[str], tmp_path: Path) -> None:
    request = tmp_path / "sign.csr"
    assert main([*token, "create", "sign"], {}) == 0
    assert (
        main(
            [*token, "request", "sign", "--subject", "C=VN", "--subject", "CN=000.00.00.H10", "--output", str(request)],
            {},
        )
        == 0
    )
    assert b"BEGIN CERTIFICATE REQUEST" in request.read_bytes()


def test_no_key_stays_behind_where_no_authority_answers(token: list[str], tmp_path: Path, capsys) -> None:
    desk = ["--server", "ftp://authority", "--token-file", str(tmp_path / "ra-token")]
    assert main([*token, "enroll", "sign", "SIGN", "--subject", "C=VN", *desk], {}) == 1
    assert "not an http or https URL" in capsys.readouterr().err
    assert FileTokenStore.open(tmp_path / "tokens", password_file=tmp_path / "pin").names() == ()


def test_a_key_is_never_replaced_by_enrolling(token: list[str], tmp_path: Path, capsys) -> None:
    desk = ["--server", "ftp://authority", "--token-file", str(tmp_path / "ra-token")]
    assert main([*token, "create", "sign"], {}) == 0
    assert main([*token, "enroll", "sign", "SIGN", "--subject", "C=VN", *desk], {}) == 1
    assert FileTokenStore.open(tmp_path / "tokens", password_file=tmp_path / "pin").names() == ("sign",)


@pytest.mark.parametrize("subject", ["CN", "XX=1"])
def test_a_subject_that_makes_no_sense_is_named(token: list[str], tmp_path: Path, capsys, subject: str) -> None:
    main([*token, "create", "sign"], {})
    asked = ["request", "sign", "--subject", subject, "--output", str(tmp_path / "sign.csr")]
    assert main([*token, *asked], {}) == 1
    assert subject in capsys.readouterr().err
