"""Small contents, people and moments to save."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.store.records import Content, Person

ANN, BEN, CIM = Person("Ann"), Person("Ben"), Person("Cim", "oidc|cim")
NOON = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)
HEADER = "record,name,id,requests_per_day"


def later(minutes: int) -> datetime:
    """Some minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def content(requests: str = "1000", results: str = "workload_id,year,stage\nW1,2026,inference\n") -> Content:
    """What a plan of one workload might hold."""
    return Content(
        inputs=f"{HEADER}\nplan,Our plan,,\nworkload,Chat,W1,{requests}\n",
        factors="workload_id,name,value\nW1,Grid,380.0\n",
        results=results,
        data_version="0123456789ab",
        method_version="0.1.0",
        app_version="0.1.0",
        headline_kg=78_123.456789012345,
    )
