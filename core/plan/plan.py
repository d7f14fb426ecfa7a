"""The plan: the one state of the app. Link, CSV, widgets and engine columns are views of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal, Self

from core.plan import contradictions
from core.plan.actual import Actual
from core.plan.calibration import Calibration
from core.plan.hours_file import HoursFile
from core.plan.inventory import InventoryRow
from core.plan.lever import Lever
from core.plan.limits import CASE_ID, MOST_WORKLOADS
from core.plan.lines import joined
from core.plan.own import OWN, Own, OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier
from core.plan.record import Record
from core.plan.search import Search
from core.plan.target import Target
from core.plan.workload import Workload

Method = Literal["location", "market"]
Boundary = Literal["operation", "with_hardware"]
Stack = Literal["boundary", "workload"]
Currency = Literal[
    "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "NZD", "JPY", "CNY", "INR", "KRW",
    "SGD", "HKD", "BRL", "MXN", "ZAR", "AED",
]  # fmt: skip
HardwareView = Literal["amortised", "purchase_year"]
Points = Literal["256", "512", "1024", "2048", "4096", "8192"]  # powers of two fill the space evenly
# A yearly change of one's own, or a scenario of the catalog by its id.
GridPath = Literal["flat", "percent", "nrel-2023-mid-case", "nrel-2023-mid-case-100-by-2035", "oecm-2022-1.5c"]

# A fact of the catalog as it was before: table, key, field, value.
Fact = tuple[str, str, str, float | None]

# Fields that can contradict one another: where they do, all of them fall back together.
TOGETHER = ("first_year", "last_year", "currency", "exchange_rate", "currency_date")
# The Estimate page's question before anybody asks one: an example, like the portfolio.
CASE = Workload(
    id=CASE_ID, name="This estimate", hosting="cloud", model="llama3.3-70b", region="US", requests_per_day=100_000.0
)


class Plan(Record):
    """Years, workloads and what is shown of them. Years are calendar years, both ends included."""

    record: ClassVar[str] = "plan"

    name: str = "Example company"
    first_year: int = 2026
    last_year: int = 2035
    seed: int = 1
    points: Points = "2048"
    carbon_price_usd_per_t: float | None = None
    method: Method = "location"
    boundary: Boundary = "with_hardware"
    headline_year: int | None = None
    stack_by: Stack = "boundary"
    hardware_view: HardwareView = "amortised"
    price_engineering_usd_per_day: float | None = None
    grid_path: GridPath = "flat"
    grid_change_pct: float = 0.0
    efficiency_drift_pct: float = 0.0
    refresh_every_years: int | None = None
    refresh_gain_pct: float = 0.0
    rebound_elasticity: float = 0.0
    currency: Currency = "USD"
    exchange_rate: float = 1.0
    currency_date: str = ""
    business_unit: str = ""
    tag: str = ""
    compared_models: tuple[str, ...] = ()
    compared_hardware: tuple[str, ...] = ()
    compared_regions: tuple[str, ...] = ()
    workloads: tuple[Workload, ...] = ()
    case: Workload = CASE
    models: tuple[OwnModel, ...] = ()
    devices: tuple[OwnDevice, ...] = ()
    regions: tuple[OwnRegion, ...] = ()
    sites: tuple[OwnSite, ...] = ()
    suppliers: tuple[OwnSupplier, ...] = ()
    prices: tuple[OwnPrice, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    levers: tuple[Lever, ...] = ()
    candidates: tuple[Lever, ...] = ()  # what a search may choose from
    search: Search = Search()
    hours_files: tuple[HoursFile, ...] = ()
    target: Target = Target()
    inventory: tuple[InventoryRow, ...] = ()
    actuals: tuple[Actual, ...] = ()
    hours_at_hand: tuple[str, ...] = ()  # keys of those whose hours are here; in no link and in no file
    facts_then: tuple[Fact, ...] = ()  # facts of the catalog as they were before; in no link and in no file

    def but(self, **changes: Any) -> Self:
        """The plan with some fields changed and checked again; a workload that goes takes what was measured along."""
        if "workloads" in changes:
            ids = {w.id for w in changes["workloads"]}
            kept = {"calibrations": tuple(c for c in self.calibrations if c.id in ids)}
            changes = kept | {"actuals": tuple(a for a in self.actuals if a.workload in ids)} | changes
        return super().but(**changes)

    def calibration(self, key: str) -> Calibration | None:
        """The calibration of the workload of that id, None when it has none."""
        return next((c for c in self.calibrations if c.id == key), None)

    def calibrating(self, calibration: Calibration) -> Plan:
        """The plan with a calibration in place of that of the same workload, or added."""
        kept = {c.id: c for c in self.calibrations} | {calibration.id: calibration}
        return self.but(calibrations=tuple(kept.values()))

    def without_calibration(self, key: str) -> Plan:
        """The plan without the calibration of that workload."""
        return self.but(calibrations=tuple(c for c in self.calibrations if c.id != key))

    def impossible(self) -> str:
        """Why the plan's parts cannot stand together, in one sentence; empty when they can."""
        return contradictions.impossible(self)

    def years(self) -> range:
        """Calendar years of the plan."""
        return range(self.first_year, self.last_year + 1)

    def shown_year(self) -> int:
        """The headline's year, inside the plan's years."""
        wanted = 2030 if self.headline_year is None else self.headline_year
        return min(max(wanted, self.first_year), self.last_year)

    def workload(self, key: str) -> Workload | None:
        """The workload with that id, None when there is none."""
        return next((w for w in self.workloads if w.id == key), None)

    def shown(self) -> tuple[Workload, ...]:
        """The workloads that pass the business-unit and tag filters."""
        return tuple(
            w
            for w in self.workloads
            if (not self.business_unit or w.business_unit == self.business_unit)
            and (not self.tag or self.tag in w.tags)
        )

    def with_workload(self, key: str, **changes: Any) -> Plan:
        """The plan with some fields of one workload changed, bounds checked again."""
        return self.but(workloads=tuple(w.but(**changes) if w.id == key else w for w in self.workloads))

    def adding(self, workload: Workload) -> Plan:
        """The plan with one more workload at the end."""
        return self.but(workloads=(*self.workloads, workload))

    def duplicating(self, key: str) -> Plan:
        """The plan with a copy of one workload behind it; a file's next volume goes to the first."""
        kept: list[Workload] = []
        for w in self.workloads:
            kept.append(w)
            if w.id == key:
                kept.append(w.but(id=self.free_id(), name=f"{w.name[:70]} (copy)", import_key=""))
        return self.but(workloads=tuple(kept))

    def without(self, key: str) -> Plan:
        """The plan without one workload."""
        return self.but(workloads=tuple(w for w in self.workloads if w.id != key))

    def priced(self) -> bool:
        """Whether anybody typed a price."""
        return self != self.without_prices()

    def without_prices(self) -> Plan:
        """The plan as it may leave the house: no price that somebody typed."""

        def bare(record: Any) -> Any:
            names = (name for name in type(record).model_fields if name.startswith("price_"))
            return record.but(**dict.fromkeys(names))

        return self.but(
            workloads=tuple(map(bare, self.workloads)),
            case=bare(self.case),
            sites=tuple(map(bare, self.sites)),
            prices=(),
            price_engineering_usd_per_day=None,
            search=self.search.but(budget_usd=None),
            **{name: tuple(map(_free, getattr(self, name))) for name in ("levers", "candidates")},
        )

    def own(self) -> Iterator[tuple[str, Own]]:
        """Every entry of one's own with the field of the plan that holds it."""
        for field in OWN:
            for entry in getattr(self, field):
                yield field, entry

    def with_own(self, entry: Own) -> Plan:
        """The plan with an entry of one's own in place of the one of that id, or added."""
        field = next(name for name, cls in OWN.items() if isinstance(entry, cls))
        entries = {old.id: old for old in getattr(self, field)} | {entry.id: entry}
        return self.but(**{field: tuple(entries.values())})

    def without_own(self, key: str) -> Plan:
        """The plan without the entry of that id."""
        return self.but(**{field: tuple(e for e in getattr(self, field) if e.id != key) for field in OWN})

    def with_lever(self, lever: Lever) -> Plan:
        """The plan with a lever in use, in place of the one of that id, or added."""
        return self.but(levers=tuple(({old.id: old for old in self.levers} | {lever.id: lever}).values()))

    def without_lever(self, key: str) -> Plan:
        """The plan without the lever of that id."""
        return self.but(levers=tuple(lever for lever in self.levers if lever.id != key))

    def with_candidate(self, lever: Lever) -> Plan:
        """The plan with a candidate of the search, in place of the one of that id, or added."""
        return self.but(candidates=tuple(({old.id: old for old in self.candidates} | {lever.id: lever}).values()))

    def without_candidate(self, key: str) -> Plan:
        """The plan without the candidate of that id."""
        return self.but(candidates=tuple(lever for lever in self.candidates if lever.id != key))

    def with_search(self, **changes: Any) -> Plan:
        """The plan with some limits of its search changed, bounds checked again."""
        return self.but(search=self.search.but(**changes))

    def with_hours_file(self, file: HoursFile) -> Plan:
        """The plan with a file of hours in place of that of the same id, or added."""
        return self.but(hours_files=tuple(({old.id: old for old in self.hours_files} | {file.id: file}).values()))

    def without_hours_file(self, key: str) -> Plan:
        """The plan without the file of hours of that id."""
        return self.but(hours_files=tuple(file for file in self.hours_files if file.id != key))

    def with_hours(self, keys: Iterable[str]) -> Plan:
        """The same plan where the hours of some of its files are at hand, and of no others."""
        wanted = {file.key for file in self.hours_files} & set(keys)
        at_hand = tuple(sorted(wanted))
        return self if at_hand == self.hours_at_hand else self.model_copy(update={"hours_at_hand": at_hand})

    def hours_missing(self) -> tuple[HoursFile, ...]:
        """The files whose hours are not at hand."""
        return tuple(file for file in self.hours_files if file.key not in self.hours_at_hand)

    def with_target(self, **changes: Any) -> Plan:
        """The plan with some fields of its target changed, bounds checked again."""
        return self.but(target=self.target.but(**changes))

    def with_inventory(self, rows: Iterable[InventoryRow]) -> Plan:
        """The plan with rows of an inventory in place of those of the same line, or added."""
        return self.but(inventory=joined(self.inventory, rows, "I"))

    def without_inventory(self, *keys: str) -> Plan:
        """The plan without the rows of its inventory of those ids."""
        return self.but(inventory=tuple(row for row in self.inventory if row.id not in keys))

    def with_actuals(self, rows: Iterable[Actual]) -> Plan:
        """The plan with measurements in place of those of the same workload and period, or added."""
        return self.but(actuals=joined(self.actuals, rows, "A"))

    def without_actuals(self, *keys: str) -> Plan:
        """The plan without the measurements of those ids."""
        return self.but(actuals=tuple(row for row in self.actuals if row.id not in keys))

    def as_usual(self) -> Plan:
        """The plan with no lever in use: what the levers are compared with."""
        return self.but(levers=())

    def free_id(self) -> str:
        """The first of W1, W2, ... that no workload has."""
        taken = {w.id for w in self.workloads}
        return next(key for number in range(1, MOST_WORKLOADS + 2) if (key := f"W{number}") not in taken)


def _free(lever: Lever) -> Lever:
    """A lever without the prices that somebody typed."""
    return lever.but(once_usd=None, running_usd_per_year=None)
