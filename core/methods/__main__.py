"""`python -m core.methods "what moved, and why"`: tell the example's figures under today's method and data."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from core.methods import moved


def main() -> int:
    """Add a row to `moved.csv` where the newest one no longer holds."""
    parser = argparse.ArgumentParser(prog="python -m core.methods", description=__doc__)
    parser.add_argument("why", help="one sentence for readers of the Methods page")
    now = moved.today(date.today(), parser.parse_args().why.strip())
    told_of = moved.moves() if moved.FILE.exists() else []
    reason = moved.outdated(now, told_of)
    if reason and now.why:
        moved.add(now)
    sys.stdout.write(f"{'added' if reason and now.why else 'nothing to tell'}: {reason or 'the newest row holds'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
