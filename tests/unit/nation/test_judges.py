"""Each judge is run on evidence of ours and finds it good, finds altered evidence bad, and is named where it is absent."""

import shutil
from pathlib import Path

import pytest
from tests.shared import ROOT

from lienthong.nation import judges
from lienthong.nation.errors import AbsentError, JudgeError
from lienthong.nation.judges import Exhibit

EVIDENCE = ROOT / "tests" / "vectors" / "evidence"


def laid_out(folder: Path, name: str) -> Exhibit:
    container = Path(shutil.copy(EVIDENCE / f"{name}.asice", folder))
    return judges.lay_out(container, EVIDENCE / "verificationconf", instance="VN", body=None)


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.mark.parametrize("name", ["question", "answer"])
def test_signer_signature_chains_and_timestamp_are_found_good(tmp_path: Path, name: str) -> None:
    needs("openssl")
    needs("xmlsec1")
    exhibit = laid_out(tmp_path, name)
    assert judges.judge_signer(exhibit).startswith("openssl ")
    assert judges.judge_signature(exhibit).startswith("xmlsec1 ")
    assert judges.judge_timestamp(exhibit).startswith("openssl ")
    assert judges.judge_hash_chains(exhibit) == "tests/judges/hash_chain.py"


def test_the_wheel_judges_where_the_program_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (ROOT / ".venv-judges" / "bin" / "python").exists():
        pytest.skip("the xmlsec wheel is not installed: make judges")
    monkeypatch.setenv("PATH", "")
    exhibit = laid_out(tmp_path, "question")
    assert judges.judge_signature(exhibit).startswith("xmlsec ")
    (signed,) = judges.external_references(exhibit)
    (exhibit.folder / signed.lstrip("/")).write_bytes(b"something else")
    with pytest.raises(JudgeError, match="WRONG"):
        judges.judge_signature(exhibit)


def test_an_altered_message_is_found_bad(tmp_path: Path) -> None:
    needs("xmlsec1")
    exhibit = laid_out(tmp_path, "question")
    (signed,) = judges.external_references(exhibit)
    (exhibit.folder / signed.lstrip("/")).write_bytes(b"something else")
    with pytest.raises(JudgeError):
        judges.judge_signature(exhibit)


def test_another_authority_is_not_believed(tmp_path: Path) -> None:
    needs("openssl")
    exhibit = laid_out(tmp_path, "question")
    shutil.copy(exhibit.tsa, exhibit.authority)
    with pytest.raises(JudgeError):
        judges.judge_signer(exhibit)


def test_absent_judges_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = laid_out(tmp_path, "answer")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(judges, "CHECKOUT", tmp_path)
    for judge in (judges.judge_signer, judges.judge_timestamp):
        with pytest.raises(AbsentError, match=r"^openssl$"):
            judge(exhibit)
    with pytest.raises(AbsentError, match=r"^xmlsec1$"):
        judges.judge_signature(exhibit)
    with pytest.raises(AbsentError, match=r"^tests/judges/hash_chain.py$"):
        judges.judge_hash_chains(exhibit)
