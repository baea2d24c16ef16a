"""Run the population system: ``python -m lienthong.systems.population --config FILE.toml``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lienthong.systems.foundation.errors import ConfigurationError
from lienthong.systems.foundation.process import prepare, serve


def main() -> int:
    """Migrate, fill an empty register, and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="lienthong.systems.population", description="The population register")
    parser.add_argument("--config", type=Path, required=True, help="TOML file; see docs/manual/population.md")
    try:
        config = prepare(parser.parse_args().config, settings_module="lienthong.systems.population.settings")
        # Models can only be imported once Django is set up.
        from lienthong.systems.population.seeding import seed_when_empty

        seed_when_empty(config)
    except ConfigurationError as exc:
        print(exc, file=sys.stderr)
        return 2
    serve(config, application="lienthong.systems.population.wsgi:application")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
