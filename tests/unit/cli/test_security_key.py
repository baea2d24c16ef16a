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


WISHES = """
[sign]
profile = "SIGN"
subject = { C = "VN", O = "GOV", CN = "000.00.00.H10" }
"""


def enrolled(token: list[str], tmp_path: Path, wishes: str = WISHES) -> int:
    (tmp_path / "keys.toml").write_text(wishes)
    desk = ["--server", "ftp://authority", "--token-file", str(tmp_path / "ra-token")]
    return main([*token, "enroll", str(tmp_path / "keys.toml"), *desk], {})


def names_in(tmp_path: Path) -> tuple[str, ...]:
    return FileTokenStore.open(tmp_path / "tokens", password_file=tmp_path / "pin").names()


def test_no_key_stays_behind_where_no_authority_answers(
    token: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enrolled(token, tmp_path) == 1
    assert "not an http or https URL" in capsys.readouterr().err
    assert names_in(tmp_path) == ()


def test_a_key_that_is_there_is_not_enrolled_again(token: list[str], tmp_path: Path) -> None:
    assert main([*token, "create", "sign"], {}) == 0
    before = (tmp_path / "tokens" / "sign.key.pem").read_bytes()
    assert enrolled(token, tmp_path) == 0
    assert (tmp_path / "tokens" / "sign.key.pem").read_bytes() == before


@pytest.mark.parametrize(
    ("wishes", "named"),
    [
        ("[sign]\nprofile = 'SIGN'", "subject"),
        ("[sign]\nprofile = 'SIGN'\nsubject = {}\ncurve = 'P-521'", "curve"),
        ("[sign]\nprofile = 'SIGN'\nsubject = { XX = '1' }", "XX"),
        ("sign", "keys.toml"),
    ],
    ids=["missing", "unknown", "attribute", "no-toml"],
)
def test_a_wish_that_makes_no_sense_is_named(
    token: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], wishes: str, named: str
) -> None:
    assert enrolled(token, tmp_path, wishes) == 1
    assert named in capsys.readouterr().err
    assert names_in(tmp_path) == ()


@pytest.mark.parametrize("subject", ["CN", "XX=1"])
def test_a_subject_that_makes_no_sense_is_named(token: list[str], tmp_path: Path, capsys, subject: str) -> None:
    main([*token, "create", "sign"], {})
    asked = ["request", "sign", "--subject", subject, "--output", str(tmp_path / "sign.csr")]
    assert main([*token, *asked], {}) == 1
    assert subject.partition("=")[0] in capsys.readouterr().err
