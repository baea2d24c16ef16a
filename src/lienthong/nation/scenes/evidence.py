"""The evidence is exported as a stranger would get it, and judged by others."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec

from lienthong.exchange.connector import Answer, SoapAnswer
from lienthong.nation import judges
from lienthong.nation.errors import AbsentError, JudgeError, StoryError
from lienthong.nation.judges import Exhibit
from lienthong.nation.officer import Side
from lienthong.nation.stage import Stage, Told, require
from lienthong.nation.topology import INSTANCE
from lienthong.nation.wording import sentence


@dataclass(slots=True)
class _Bench:
    """The judges that were asked, in order, and those that are not here."""

    present: dict[str, None] = field(default_factory=dict)
    absent: dict[str, None] = field(default_factory=dict)

    def ask(self, judge: Callable[[Exhibit], str], exhibit: Exhibit) -> None:
        """Have something judged; raises StoryError where the judge finds it wrong."""
        try:
            self.present[judge(exhibit)] = None
        except AbsentError as exc:
            self.absent[str(exc)] = None
        except JudgeError as exc:
            raise StoryError(f"{exhibit.container.name}: {exc}") from exc

    def told(self, name: str) -> Told:
        """The line, with the judges' names."""
        judged = sentence(f"{name}_by", judges=", ".join(self.present)) if self.present else ""
        absent = tuple(sentence("not_judged", judge=judge) for judge in self.absent)
        return Told(text=sentence(name, judged=judged), unjudged=absent)


def signatures_judged(stage: Stage) -> Told:
    """Questions and answers leave the province's server and are judged with keys from ``/verificationconf``."""
    stage.exhibits = _export(stage)
    bench = _Bench()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(partial(_verify, stage), stage.exhibits))
    for exhibit in stage.exhibits:
        bench.ask(judges.judge_signer, exhibit)
        bench.ask(judges.judge_signature, exhibit)
    return bench.told("signatures_judged")


def _verify(stage: Stage, exhibit: Exhibit) -> None:
    """Our own verifier finds it good; raises CommandError."""
    shown = () if exhibit.body is None else ("--body", str(exhibit.body))
    conf = str(stage.plan.folder / "evidence" / "verificationconf")
    stage.operate("evidence", "verify", str(exhibit.container), "--conf", conf, *shown)


def timestamps_judged(stage: Stage) -> Told:
    """Timestamps and hash chains of the same evidence are judged."""
    bench = _Bench()
    for exhibit in stage.exhibits:
        bench.ask(judges.judge_timestamp, exhibit)
        bench.ask(judges.judge_hash_chains, exhibit)
    return bench.told("timestamps_judged")


def _export(stage: Stage) -> tuple[Exhibit, ...]:
    """Both messages of a verification (a body: batches), of a look-up (no body) and of a verification over SOAP."""
    folder = stage.plan.folder / "evidence"
    with zipfile.ZipFile(io.BytesIO(stage.officer.fetch("/verificationconf"))) as archive:
        archive.extractall(folder)
    claim, looked_up = msgspec.json.encode(stage.claim), stage.officer.look_up(stage.citizen.number)
    verified, over_soap = stage.officer.verify(stage.claim), stage.officer.verify_by_soap(stage.claim)
    messages = (
        ("look-up-question", looked_up, Side.QUESTION, b"", "/message.xml"),
        ("look-up-answer", looked_up, Side.ANSWER, looked_up.body, "/sig-hashchainresult.xml"),
        ("verification-question", verified, Side.QUESTION, claim, "/sig-hashchainresult.xml"),
        ("verification-answer", verified, Side.ANSWER, verified.body, "/sig-hashchainresult.xml"),
        ("soap-question", over_soap, Side.QUESTION, over_soap.question, "/message.xml"),
        ("soap-answer", over_soap, Side.ANSWER, over_soap.envelope, "/message.xml"),
    )
    found = []
    for name, answer, side, body, signed in messages:
        exhibit = _lay_out(stage, folder / f"{name}.asice", answer, side, body)
        require(judges.external_references(exhibit) == [signed], f"{name}: not signed as it should be")
        found.append(exhibit)
    return tuple(found)


def _lay_out(stage: Stage, container: Path, answer: Answer | SoapAnswer, side: Side, body: bytes) -> Exhibit:
    container.write_bytes(stage.officer.container(answer.message_id, side))
    shown = container.with_suffix(".body") if body else None
    if shown is not None:
        shown.write_bytes(body)
    try:
        return judges.lay_out(container, container.parent / "verificationconf", instance=INSTANCE, body=shown)
    except JudgeError as exc:
        raise StoryError(f"{container.name}: {exc}") from exc
