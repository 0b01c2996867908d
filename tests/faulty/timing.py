"""Faults of clocks: summer time, and times of one system taken for the other's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tallystick_reference import Connector
from tallystick_reference.dataflow import Row
from tallystick_reference.merge import Merge, Merged
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Item
from tallystick_reference.values import Json
from tests.faulty.fault import CLOCKS, changing

_SUNDAY = 6


def _in_winter_time(moment: datetime) -> datetime:
    """Take the hour off by which clocks are put forward in summer."""
    return moment - timedelta(hours=1) if 4 <= moment.month <= 9 else moment


def _unless_it_comes_twice(moment: datetime) -> datetime | None:
    """Give nothing for the hour that comes twice in the last night of summer time."""
    is_night = moment.month == 10 and moment.day > 24 and moment.weekday() == _SUNDAY
    return None if is_night and moment.hour < 2 else moment


class OtherDays(Merge):
    """Prints the day of a moment of the shop's otherwise; what is edited in the ERP is let alone."""

    def day(self, moment: datetime) -> datetime | None:
        """Give the moment whose day is printed."""
        raise NotImplementedError

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Print another day where one is carried."""
        lens, node = row.lenses["target"], row.lenses["target"].node
        known = (
            node in merged.wrote["target"] or row.lenses["source"].node in merged.wrote["source"]
        )
        super().carry(row, side, merged)
        value = row.lenses["source"].read(merged.records["source"], None)
        is_day = str(row.ways[0].expression).startswith("['datetime-format', '%Y-%m-%d',")
        if known or side == "target" or not is_day or node not in merged.wrote["target"]:
            return
        if isinstance(value, str) and "T" in value and lens.read(merged.records["target"], None):
            moment = datetime.fromisoformat(value)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            changed = self.day(moment)
            before = self.old(row, "target", merged.base)
            if changed != moment:
                lens.write(merged.records["target"], changed and f"{changed:%Y-%m-%d}", before)


class SummerTime(OtherDays):
    """Prints days in winter time, all the year round."""

    def day(self, moment: datetime) -> datetime | None:
        """Take the hour off by which clocks are put forward."""
        return _in_winter_time(moment)


class HourTwice(OtherDays):
    """Prints no day for a moment of the hour that comes twice."""

    def day(self, moment: datetime) -> datetime | None:
        """Give nothing for such a moment."""
        return _unless_it_comes_twice(moment)


class OthersClock(Connector):
    """Takes for old what a shop's record shows to have been saved before the ERP's newest change.

    (Of linked records that live: else other laws would speak.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._newest = self._newest_before = 0.0

    def sync(self) -> None:
        """Go by the ERP's newest time as the last sync has seen it."""
        self._newest_before = self._newest
        super().sync()

    def is_news(self, item: Item, record: Record) -> bool:
        """Compare the times of two clocks."""
        if record.gone or not any(self.links(item)):
            return super().is_news(item, record)
        changed = datetime.fromisoformat(record.modified_at).timestamp()
        if item.side == "target":
            self._newest = max(self._newest, changed)
        elif changed < int(self._newest_before):
            return False
        return super().is_news(item, record)


FAULTY = (
    changing(
        "summer-time",
        "no-invention",
        SummerTime,
        "daylight saving: an hour off in summer",
        "What was ordered just after midnight in summer has the day before's date in the ERP.",
    ),
    changing(
        "hour-twice",
        "in-sync",
        HourTwice,
        "daylight saving: an hour that comes twice",
        "What was ordered in the night in which summer time ends arrives without its date.",
    ),
    changing(
        "others-clock",
        "in-sync",
        OthersClock,
        "the time of one system compared with the other's",
        "While the ERP's clock is ahead, what is edited in the shop is taken for old.",
        weather=CLOCKS,
    ),
)
