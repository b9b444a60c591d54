"""From a day and a time of day to one moment, or a question where the clocks leave none or two."""

from datetime import UTC, date, datetime

from scrm_bot.domain.errors import WhenError
from scrm_bot.domain.phrases import MONTHS, WEEKDAYS
from scrm_bot.domain.zones import Place, offset_of, offset_text


def exact(day: date, clock: tuple[int, int], place: Place) -> datetime:
    """That wall-clock time in UTC, when it happens exactly once. Raises `WhenError`."""
    local = datetime(day.year, day.month, day.day, *clock, tzinfo=place.zone)
    if not exists(local):
        raise WhenError(_skipped(local, place))
    readings = [local.replace(fold=fold) for fold in range(1 + is_doubled(local))]
    agreed = [reading for reading in readings if place.agrees(reading)]
    if not agreed:
        raise WhenError(_disagreement(local, place))
    if len(agreed) > 1:
        raise WhenError(_doubled(agreed[0], agreed[1], place))
    return agreed[0].astimezone(UTC)


def first_of(days: tuple[date, ...], clock: tuple[int, int], place: Place, *, now: datetime) -> date:
    """The first of the days on which that time is still to come, else the last."""
    return next((day for day in days if last_reading(day, clock, place) > now), days[-1])


def last_reading(day: date, clock: tuple[int, int], place: Place) -> datetime:
    """That wall-clock time in UTC: in a doubled hour the second one."""
    local = datetime(day.year, day.month, day.day, *clock, tzinfo=place.zone, fold=1)
    return local.astimezone(UTC)


def exists(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def is_doubled(local: datetime) -> bool:
    return exists(local) and local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def day_text(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()} {day.year}"


def _skipped(local: datetime, place: Place) -> str:
    later = local.astimezone(UTC).astimezone(place.zone)
    where = f"{day_text(local.date())} in {place.name}"
    return (
        f"{local:%H:%M} does not exist on {where}: the clocks go forward over it. "
        f"Did you mean `{later:%Y-%m-%d %H:%M} {place.name}`?"
    )


def _doubled(first: datetime, second: datetime, place: Place) -> str:
    one, other = (f"`{local:%Y-%m-%d %H:%M} {offset_text(local)}`" for local in (first, second))
    return (
        f"{first:%H:%M} happens twice on {day_text(first.date())} in {place.name}, since the clocks go back. "
        f"Which one: {one} (the first) or {other} (the second)?"
    )


def _disagreement(local: datetime, place: Place) -> str:
    there = local.tzname() if place.says[:1].isalpha() else offset_text(local)
    typed = f"{local:%Y-%m-%d %H:%M}"
    return (
        f"On {day_text(local.date())} the clocks in {place.name} go by {there}, not {place.says}. "
        f"Did you mean `{typed} {place.name}` or `{typed} {offset_of(place, local)}`?"
    )
