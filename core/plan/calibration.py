"""What a meter said of one workload: energy, boundary, period and activity, with the workload as it stood then.

The measurement is stored, not the factor: measured over estimated is worked out anew from the setting kept here, so a
later plan, or a later version of the engine, does not falsify it. `core/results/calibrated.py` does that.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from core.plan.knob import plain
from core.plan.record import Record
from core.plan.workload import Hosting, Kind, Parallel, Precision, Serving, Workload
from core.units import H_PER_DAY

MeteredAt = Literal["board", "server", "facility"]
MeteredWhile = Literal["always", "at_work"]
Meter = Literal["billing", "rack", "server_sensor", "board_sensor", "software"]
ServedFrom = Literal["counted", "plan"]

# Fields of the workload that its energy in the metered period follows from; kept as they stood.
SETTING = (
    "kind", "hosting", "model", "precision", "hardware", "accelerators", "batch", "serving", "parallel", "region",
    "requests_per_day", "input_tokens", "output_tokens", "cached_share", "operating_days", "peak_to_mean",
    "tokens_per_run_m", "epochs", "overhead_factor", "mfu", "installed_accelerators", "busy_share", "pue",
)  # fmt: skip


class Calibration(Record):
    """A metered energy of the workload of that `id`, and its setting. None means what the knob's `blank` names."""

    record: ClassVar[str] = "calibration"
    shares: ClassVar[str] = "workload"

    id: str
    metered_kwh: float
    metered_at: MeteredAt = "server"
    metered_while: MeteredWhile = "always"
    meter: Meter = "server_sensor"
    first_day: str = ""
    last_day: str = ""
    metered_h: float | None = None
    served_requests: float | None = None
    served_runs: float | None = None
    served_from: ServedFrom = "counted"
    source: str = ""
    source_date: str = ""
    file_sha256: str = ""
    note: str = ""

    kind: Kind = "inference"
    hosting: Hosting = "own"
    model: str = ""
    precision: Precision = "bf16"
    hardware: str = ""
    accelerators: int | None = None
    batch: float | None = None
    serving: Serving = "vllm"
    parallel: Parallel = "tp"
    region: str = "WORLD"
    requests_per_day: float = 10_000.0
    input_tokens: float = 500.0
    output_tokens: float = 300.0
    cached_share: float = 0.0
    operating_days: float = 365.0
    peak_to_mean: float = 2.0
    tokens_per_run_m: float = 50.0
    epochs: float = 1.0
    overhead_factor: float = 1.0
    mfu: float | None = None
    installed_accelerators: int | None = None
    busy_share: float | None = None
    pue: float | None = None

    def impossible(self) -> str:
        """Why these fields cannot stand together, in one sentence; empty when they can."""
        return _impossible(self)

    def days(self) -> int:
        """Days of the period, both ends included."""
        return (date.fromisoformat(self.last_day) - date.fromisoformat(self.first_day)).days + 1

    def covered_h(self) -> float:
        """Hours in which the meter ran."""
        return self.days() * H_PER_DAY if self.metered_h is None else self.metered_h

    def served(self) -> float:
        """Requests answered, or training runs done, while the meter ran."""
        return (self.served_requests if self.kind == "inference" else self.served_runs) or 0.0


def _impossible(c: Calibration) -> str:
    if not c.id:
        return "id is blank; a calibration names the workload it belongs to"
    for name in ("first_day", "last_day"):
        if not getattr(c, name):
            return f"{name} is blank; say which days the meter covers"
    if c.days() < 1:
        return f"last_day is {c.last_day}; it must not be before first_day, {c.first_day}"
    if c.covered_h() > c.days() * H_PER_DAY:
        most = plain(c.days() * H_PER_DAY)
        return f"metered_h is {plain(c.covered_h())}; {c.days()} days have {most} h"
    if c.hosting == "api":
        return "hosting is 'api'; the machines of a bought service are its provider's, so no meter of yours reads them"
    for name in ("model", "hardware", "source"):
        if not getattr(c, name):
            return f"{name} is blank; a calibration says what was metered, on what, and where the figure is from"
    return _impossible_activity(c)


def _impossible_activity(c: Calibration) -> str:
    if c.kind == "inference":
        if c.metered_while != "always":
            return "metered_while is 'at_work'; servers that answer requests are metered around the clock: 'always'"
        return "" if c.served_requests else "served_requests is blank; say how many requests were answered meanwhile"
    return "" if c.served_runs else "served_runs is blank; say how many training runs the meter saw"


def setting_of(workload: Workload) -> dict[str, Any]:
    """The fields of a workload that a calibration keeps."""
    return {name: getattr(workload, name) for name in SETTING}
