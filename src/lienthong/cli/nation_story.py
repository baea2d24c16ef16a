"""``lienthong nation story``: boot a small country and tell its story, every line an assertion with its measured time.

It tells the story of the country that runs in the folder, or boots one, which then stays up until Ctrl-C. With
``--once`` it ends after the last line. Exit code 0: every line held; 1: one did not, or (with ``--once`` where the
environment says ``CI``) a judge was not installed; 2: the folder holds something else.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.cli.nation_country import add_day_argument, add_folder_argument, booted, complain
from lienthong.cli.nation_telling import Teller, measured
from lienthong.nation.errors import NationError

if TYPE_CHECKING:
    from lienthong.nation.launcher import Launcher
    from lienthong.nation.plan import CountryPlan
    from lienthong.nation.stage import Stage
    from lienthong.nation.story import Line

_TEXTS = {
    "vi": {
        "title": "Liên Thông: một đất nước nhỏ trên máy này (dữ liệu ở {folder})",
        "waiting": "đang khởi động; {name} đã sẵn sàng",
        "boot": "Đất nước đã hoạt động: cơ quan chứng thực, máy chủ trung tâm, ba máy chủ bảo mật và cơ sở dữ liệu "
        "dân cư, theo tình trạng ngày {day}.",
        "held": "Cả {count} dòng đều đúng, trong {time}.",
        "unjudged": "{count} kiểm tra của bên ngoài chưa được thực hiện.",
        "failed": "Câu chuyện dừng ở đây: có một dòng không đúng.",
        "next": "Đất nước vẫn đang chạy. Hãy thử, ở một cửa sổ khác:",
        "page": "trang của công dân: ai đã xem dữ liệu của tôi",
        "status": "trang tình trạng của máy chủ bảo mật thứ nhất",
        "explain": "một lời gọi sẽ bị từ chối ở đâu, và vì sao",
        "log": "nhật ký thông điệp",
        "down": "Ctrl-C để dừng tất cả.",
        "stopped": "Đã dừng.",
    },
    "en": {
        "title": "Liên Thông: a small country on this machine (its data: {folder})",
        "waiting": "booting; {name} is ready",
        "boot": "The country is up: an authority, a central server, three security servers and the population "
        "register, as of {day}.",
        "held": "Every one of the {count} lines held, in {time}.",
        "unjudged": "{count} judgements by others were not made.",
        "failed": "The story ends here: a line did not hold.",
        "next": "The country is still up. Try, in another terminal:",
        "page": "the citizen's page: who has read my data",
        "status": "status page of the first security server",
        "explain": "where a call would be refused, and why",
        "log": "the message log",
        "down": "Ctrl-C stops everything.",
        "stopped": "Stopped.",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_argument(parser)
    add_day_argument(parser)
    parser.add_argument(
        "--full", action="store_true", help="more faults: revocation, timestamps, takeover, clock, disk"
    )
    parser.add_argument("--once", action="store_true", help="end after the last line")


@dataclass(slots=True)
class Narrator:
    """Tells the lines and keeps them."""

    args: argparse.Namespace
    teller: Teller
    lines: list[Line] = field(default_factory=list)

    def hear(self, line: Line) -> None:
        """Tell one line."""
        from lienthong.systems.vocabulary.bilingual import Language

        language = Language(self.args.lang)
        self.lines.append(line)
        self.teller.tell("held" if line.held else "failed", line.text.to(language), seconds=line.seconds)
        for text in line.unjudged:
            self.teller.tell("unjudged", text.to(language))

    @property
    def unjudged(self) -> int:
        """How many judgements were not made."""
        return sum(len(line.unjudged) for line in self.lines)

    @property
    def held(self) -> bool:
        """Whether every line held, and every judge was here where that is demanded."""
        demands_judges = self.args.once and os.environ.get("CI", "").lower() not in {"", "0", "false"}
        return all(line.held for line in self.lines) and not (demands_judges and self.unjudged)

    def sum_up(self) -> None:
        """Tell how it went."""
        texts, seconds = _TEXTS[self.args.lang], sum(line.seconds for line in self.lines)
        if self.args.json:
            lines = [
                {"name": line.name, "held": line.held, "seconds": round(line.seconds, 3), "text": line.text.en}
                for line in self.lines
            ]
            unjudged = [text.en for line in self.lines for text in line.unjudged]
            print(json.dumps({"held": self.held, "unjudged": unjudged, "lines": lines}, ensure_ascii=False), flush=True)
            return
        all_held = all(line.held for line in self.lines)
        verdict = texts["held"].format(count=len(self.lines), time=measured(seconds)) if all_held else texts["failed"]
        unjudged = [texts["unjudged"].format(count=self.unjudged)] if self.unjudged else []
        self.teller.say("", " ".join([verdict, *unjudged]))


def run(args: argparse.Namespace) -> int:
    """Tell the story; 0 only if every line held."""
    from lienthong.exchange.errors import ExchangeError

    narrator = Narrator(args, Teller(color=args.color, silent=args.json))
    try:
        _tell(narrator)
    except KeyboardInterrupt:
        narrator.teller.say("", _TEXTS[args.lang]["stopped"])
        return 0 if narrator.lines and not args.once and narrator.held else 130
    except (NationError, ExchangeError, OSError) as exc:
        return complain(args, exc, held=False)
    return 0 if narrator.held else 1


def _tell(narrator: Narrator) -> None:
    from lienthong.nation.stage import Stage
    from lienthong.nation.story import FULL, PLAIN, tell

    args, teller = narrator.args, narrator.teller
    teller.say(_TEXTS[args.lang]["title"].format(folder=args.folder), "")
    with _country(narrator) as (plan, launcher):
        stage = Stage(plan, launcher)
        stage.prepare()
        for line in tell(stage, FULL if args.full else PLAIN, before=teller.progress):
            narrator.hear(line)
        narrator.sum_up()
        if args.once or not launcher.is_mine() or not narrator.held:
            return
        _propose(narrator, stage)
        while True:
            signal.pause()


@contextmanager
def _country(narrator: Narrator) -> Iterator[tuple[CountryPlan, Launcher]]:
    """The country that runs in the folder, or one that is booted for the story."""
    from lienthong.nation.launcher import Launcher
    from lienthong.nation.plan import load_country
    from lienthong.nation.process_records import is_up
    from lienthong.nation.story import Line
    from lienthong.systems.vocabulary.bilingual import Text

    args, folder = narrator.args, narrator.args.folder.resolve()
    if is_up(folder):
        yield load_country(folder), Launcher(folder)
        return
    begun, waiting = time.perf_counter(), _TEXTS[args.lang]["waiting"]
    with booted(args, lambda name, _: narrator.teller.progress(waiting.format(name=name))) as (plan, launcher):
        day = {language: texts["boot"].format(day=plan.as_of.isoformat()) for language, texts in _TEXTS.items()}
        seconds = time.perf_counter() - begun
        narrator.hear(Line(name="boot", text=Text(day["vi"], day["en"]), seconds=seconds, held=True))
        yield plan, launcher


def _propose(narrator: Narrator, stage: Stage) -> None:
    """What to try next."""
    texts, args, country = _TEXTS[narrator.args.lang], narrator.args, stage.country
    program = ".venv/bin/lienthong" if Path(".venv/bin/lienthong").exists() else "lienthong"
    data = args.folder / country.consumer_server.name
    call = f"--from {country.client}\n    --to {country.service} --data {data}"
    narrator.teller.say(
        texts["next"],
        f"  {texts['page']}",
        stage.citizen.link,
        f"  {texts['status']}",
        f"    {stage.plan.status_url(country.consumer_server)}",
        f"  {texts['explain']}",
        f"    {program} exchange explain {call}".replace("\n", " \\\n"),
        f"  {texts['log']}",
        f"    {program} security log list --limit 5 --data {data}",
        texts["down"],
    )
