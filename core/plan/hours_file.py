"""An hourly file of one's own that stands for a region's hours: its name, its hash and what its owner said of it.

The hours themselves do not travel. Whoever has the file gives it again, and what was said of it is said once.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar, Literal

from core.plan.record import Record

HoursBasis = Literal["life_cycle", "direct", "marginal", "unknown"]

MARGINAL = ":marginal"  # ends the id of a file of marginal intensities
SHA256 = re.compile(r"[0-9a-f]{64}")


class HoursFile(Record):
    """A file of hourly intensity for the region of its id; a marginal one has ':marginal' behind the region.

    `zone`, `unit`, `gaps` and `twice` are its owner's answers, blank where nothing was asked.
    """

    record: ClassVar[str] = "hours_file"

    id: str
    name: str = ""
    file_sha256: str = ""
    hours_basis: HoursBasis = "unknown"
    first_hour: str = ""
    covered_h: float = 8_760.0
    mean_g_per_kwh: float = 0.0
    zone: str = ""
    unit: str = ""
    gaps: str = ""
    twice: str = ""
    source: str = ""
    source_date: str = ""

    @property
    def region(self) -> str:
        """The region it stands for."""
        return self.id.removesuffix(MARGINAL)

    @property
    def marginal(self) -> bool:
        """Whether it says what one more kWh emits, and not the average."""
        return self.hours_basis == "marginal"

    @property
    def key(self) -> str:
        """What its hours are kept under: the file's hash, and the answers that they were read with."""
        return "|".join((self.file_sha256, self.zone, self.unit, self.gaps, self.twice, self.hours_basis))

    @property
    def called(self) -> str:
        """The file by its name and the first digits of its hash."""
        return f"{self.name} (SHA-256 {self.file_sha256[:8]}…)"

    def impossible(self) -> str:
        """Why this record cannot stand, in one sentence; empty when it can."""
        if not self.region:
            return "id is blank; a file of hours names the region it stands for"
        if not self.name:
            return "name is blank; say which file it is"
        if not SHA256.fullmatch(self.file_sha256):
            return f"file_sha256 is '{self.file_sha256[:12]}'; it must be 64 digits of 0 to 9 and a to f"
        if self.marginal != self.id.endswith(MARGINAL):
            return f"id is '{self.id}'; it must end in '{MARGINAL}' where hours_basis is 'marginal', and only there"
        return self._first()

    def _first(self) -> str:
        try:
            datetime.strptime(self.first_hour, "%Y-%m-%d %H:%M")
        except ValueError:
            return f"first_hour is '{self.first_hour[:20]}'; it must be a time in UTC, as 2023-01-01 00:00"
        return ""
