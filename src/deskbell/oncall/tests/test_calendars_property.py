"""After any edits the rows are what the rules say, and on call is who a plain model says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import actions, queries
from deskbell.oncall.actions import Scope
from deskbell.oncall.actions.events import ruled
from deskbell.oncall.models import EscalationLevel, Event, Occurrence, Override
from deskbell.oncall.rules import Shift, Span, checked, occurrences, span_of

from .model import Calendars, Change, Instance, Series

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
FIRST = datetime.fromisoformat("2026-02-20")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOK = 60  # days from FIRST that are compared
_halves = st.integers(0, 47).map(lambda half: half * HOUR / 2)
_starts = st.builds(lambda day, half: FIRST + day * DAY + half, st.integers(0, 30), _halves)
_lasts = st.sampled_from(
    [HOUR / 2, HOUR, 8 * HOUR, 12 * HOUR, DAY, 24 * HOUR - timedelta(minutes=1), 30 * HOUR]
)
_rules = st.one_of(
    st.just({"frequency": "once"}),
    st.fixed_dictionaries({"frequency": st.just("daily"), "interval": st.integers(1, 3)}),
    st.fixed_dictionaries(
        {
            "frequency": st.just("weekly"),
            "interval": st.integers(1, 2),
            "weekdays": st.sets(st.integers(0, 6), min_size=1, max_size=4),
        }
    ),
    st.fixed_dictionaries(
        {
            "frequency": st.just("monthly"),
            "month_days": st.sets(st.integers(1, 28), min_size=1, max_size=3),
        }
    ),
)
_moves = st.sampled_from([-DAY, -3 * HOUR, -HOUR / 2, HOUR, 5 * HOUR, DAY, 2 * DAY])


class Machine:
    """Makes the same edits on calendars and on the model."""

    def __init__(
        self, data: DataObject, levels: list[EscalationLevel], methods: list[DeliveryMethod]
    ) -> None:
        self.data, self.levels, self.methods = data, levels, methods
        self.zone = queries.zone_of(levels[0].account)
        self.model = Calendars(self.zone, {each.pk: each.contact_id for each in methods})

    def draw(self, strategy: Any) -> Any:
        return self.data.draw(strategy)

    def some_methods(self) -> tuple[list[DeliveryMethod], frozenset[int]]:
        found = self.draw(st.lists(st.sampled_from(self.methods), min_size=1, max_size=2))
        return found, frozenset(each.pk for each in found)

    def step(self) -> None:
        works: list[Callable[[], None]] = [self.add, self.override]
        if self.model.series:
            works += [self.change, self.change, self.move, self.delete, self.clone]
        if self.model.changes:
            works.append(self.take_back)
        if sum(len(each.all_days()) for each in self.model.series) < 3000:
            works.append(self.clone_level)
        self.draw(st.sampled_from(works))()

    def add(self) -> None:
        level = self.draw(st.sampled_from(self.levels))
        methods, ids = self.some_methods()
        rule: dict[str, Any] = dict(self.draw(_rules))
        starts, lasts = self.draw(_starts), self.draw(_lasts)
        if rule["frequency"] != "once":
            ends_by = self.draw(st.sampled_from(["never", "count", "until"]))
            if ends_by == "count":
                rule["count"] = self.draw(st.integers(1, 12))
            elif ends_by == "until":
                rule["until"] = (starts + 35 * DAY).date()
        event = actions.add_event(
            level=level, methods=methods, starts=starts, ends=starts + lasts, at=AT, **rule
        )
        shift = checked(Shift(starts, starts + lasts, **ruled(rule)))
        self.model.series.append(Series.of(event.pk, level.pk, ids, shift))

    def pick(self) -> tuple[Series, Any, Event]:
        """A series, one of its days, and the event that the calendar shows there."""
        series = self.draw(st.sampled_from(self.model.series))
        day = self.draw(st.sampled_from(series.all_days()[:20]))
        changed = series.changed.get(day)
        return series, day, Event.objects.get(pk=changed.pk if changed else series.pk)

    def change(self) -> None:
        series, day, event = self.pick()
        scope = self.draw(st.sampled_from(list(Scope)))
        methods, ids = self.some_methods()
        level = self.draw(st.sampled_from([None, *self.levels]))
        changes: dict[str, Any] = {"methods": methods} | ({"level": level} if level else {})
        keep = self.draw(st.booleans())
        rule = Event.objects.get(pk=series.pk)  # which may go where nothing of it is left
        made = actions.edit_event(
            event=event, scope=scope, day=day, at=AT, keep_changed=keep, **changes
        )
        where = level.pk if level else None
        if rule.frequency == "once":
            scope = Scope.ALL
        if scope == Scope.THIS:
            one = self.changed(series, day, made.pk)
            one.methods, one.level = ids, where or one.level
            return
        target = self.target(series, scope, day, made)
        if not keep:
            target.give_up_changed()
        elif day in target.changed:
            one = target.changed[day]
            one.methods, one.level = ids, where or one.level
        target.methods = ids
        if where:
            target.go_to(where)

    def move(self) -> None:
        series, day, event = self.pick()
        scope = self.draw(st.sampled_from(list(Scope)))
        later, longer = self.draw(_moves), self.draw(st.sampled_from([0 * HOUR, HOUR, 3 * HOUR]))
        starts, ends = series.shown(day)
        starts, ends = starts + later, ends + later + longer
        rule = Event.objects.get(pk=series.pk)
        try:
            with transaction.atomic():
                made = actions.move_event(
                    event=event, scope=scope, day=day, starts=starts, ends=ends, at=AT
                )
        except InvalidInput:
            assert scope != Scope.THIS
            assert rule.interval > 1 or rule.frequency == "monthly"
            return
        if rule.frequency == "once":
            scope = Scope.ALL
        if scope == Scope.THIS:
            one = self.changed(series, day, made.pk)
            one.starts, one.ends = starts, ends
            return
        target = self.target(series, scope, day, made)
        if day in target.changed:
            target.changed[day].starts, target.changed[day].ends = starts, ends
        target.move(later, longer)

    def delete(self) -> None:
        series, day, event = self.pick()
        scope = self.draw(st.sampled_from(list(Scope)))
        actions.delete_event(event=event, scope=scope, day=day, at=AT)
        if scope == Scope.ALL:
            self.model.series.remove(series)
        elif scope == Scope.FOLLOWING:
            series.from_on(day, 0)
        else:
            series.days.discard(day)
            series.changed.pop(day, None)
        self.tidy()

    def clone(self) -> None:
        series, day, event = self.pick()
        level = self.draw(st.sampled_from(self.levels))
        alone = self.draw(st.booleans()) or day in series.changed
        made = actions.clone_event(event=event, level=level, at=AT, day=day if alone else None)
        if alone:
            starts, ends = series.shown(day)
            one = series.changed.get(day)
            methods = one.methods if one else series.methods
            self.model.series.append(Series.of(made.pk, level.pk, methods, Shift(starts, ends)))
        else:
            self.copy(series, made, level.pk)

    def clone_level(self) -> None:
        one, other = self.draw(st.permutations(self.levels))[:2]
        replace = self.draw(st.booleans())
        before = set(Event.objects.values_list("pk", flat=True))
        actions.clone_level(level=one, onto=other, at=AT, replace=replace)
        if replace:
            self.drop_level(other.pk)
        fresh = Event.objects.filter(part_of=None).exclude(pk__in=before).order_by("pk")
        copies = iter(fresh)
        for series in sorted(self.model.series, key=lambda each: each.pk):
            if series.level == one.pk:
                self.copy(series, next(copies), other.pk)
        elsewhere = [each for each in self.model.series if each.level != one.pk]
        strays = [each for series in elsewhere for each in series.changed.values()]
        alone = [each for each in strays if each.level == one.pk]
        for each in sorted(alone, key=lambda each: each.pk):
            shift = Shift(each.starts, each.ends)
            made = next(copies)
            self.model.series.append(Series.of(made.pk, other.pk, each.methods, shift))
        assert next(copies, None) is None
        self.tidy()

    def drop_level(self, level: int) -> None:
        gone = [each for each in self.model.series if each.level == level]
        self.model.series = [each for each in self.model.series if each.level != level]
        for one in (one for each in gone for one in each.changed.values()):
            if one.level != level:  # it stays where it was moved to
                shift = Shift(one.starts, one.ends)
                self.model.series.append(Series.of(one.pk, one.level, one.methods, shift))
        for series in self.model.series:
            series.changed = {day: one for day, one in series.changed.items() if one.level != level}

    def copy(self, series: Series, made: Event, level: int) -> None:
        copies = dict(made.changed.values_list("original", "pk"))
        copy = Series(made.pk, level, series.methods, series.time, series.lasts, set(series.days))
        for day, one in series.changed.items():
            if one.level == series.level:
                copy.changed[day] = Instance(
                    copies.pop(day), one.starts, one.ends, one.methods, level
                )
        assert not copies
        self.model.series.append(copy)

    def override(self) -> None:
        kind = self.draw(st.sampled_from(["add", "remove", "replace"]))
        level = self.draw(st.sampled_from([None, *self.levels]))
        methods, ids = self.some_methods() if kind != "remove" else ([], frozenset())
        contact = None if kind == "add" else self.draw(st.sampled_from(self.methods)).contact
        starts = self.draw(_starts)
        ends = starts + self.draw(_lasts)
        span = span_of(starts, ends, self.zone)
        try:
            made = actions.add_override(
                account_id=self.levels[0].account_id,
                level=level,
                kind=kind,
                contact=contact,
                methods=methods,
                starts=starts,
                ends=ends,
                at=AT,
            )
        except InvalidInput:
            assert span.start >= span.end  # the change of the clocks leaves no minute
            return
        where = level.pk if level else None
        taken_out = contact.pk if contact else None
        self.model.changes.append(Change(made.pk, where, kind, taken_out, ids, span))

    def take_back(self) -> None:
        change = self.draw(st.sampled_from(self.model.changes))
        actions.remove_override(override=Override.objects.get(pk=change.pk))
        self.model.changes.remove(change)

    def changed(self, series: Series, day: Any, pk: int) -> Instance:
        if day not in series.changed:
            starts, ends = series.ruled(day)
            series.days.discard(day)
            series.changed[day] = Instance(pk, starts, ends, series.methods, series.level)
        return series.changed[day]

    def target(self, series: Series, scope: Scope, day: Any, made: Event) -> Series:
        if scope == Scope.ALL or made.pk == series.pk:
            return series
        rest = series.from_on(day, made.pk)
        self.model.series.append(rest)
        self.tidy()
        return rest

    def tidy(self) -> None:
        self.model.series = [each for each in self.model.series if each.all_days()]

    def compare(self) -> None:
        self.compare_rows()
        self.compare_pictures()
        since = FIRST.replace(tzinfo=UTC)
        instants = [since + self.draw(st.integers(0, LOOK * 96)) * HOUR / 4 for _ in range(5)]
        for level in self.levels:
            edges = [
                span_of(starts, ends, self.zone)
                for where, starts, ends, _methods in self.model.instances()
                if where == level.pk and starts < FIRST + LOOK * DAY
            ][:3]
            for at in [*instants, *(edge for span in edges for edge in (span.start, span.end))]:
                found = {method.pk for method in queries.on_call(level, at)}
                assert found == self.model.on_call(level.pk, at), (level, at)
            for stretch in queries.duty(level, since=since, until=since + 20 * DAY)[:6]:
                middle = stretch.start + (stretch.end - stretch.start) / 2
                on = {self.model.contact_of[each] for each in self.model.on_call(level.pk, middle)}
                assert {contact.id for contact in stretch.contacts} == on

    def compare_rows(self) -> None:
        until = AT + actions.HORIZON
        since = AT - timedelta(days=400)
        for event in Event.objects.all():
            ruled = occurrences(queries.shift_of(event), self.zone, since, until)
            rows = Occurrence.objects.filter(event=event, span__startswith__lt=until)
            kept = [(row.level_id, Span(row.span.lower, row.span.upper)) for row in rows]
            assert sorted(kept, key=str) == sorted(((event.level_id, s) for s in ruled), key=str)

    def compare_pictures(self) -> None:
        since = FIRST.replace(tzinfo=UTC)
        until = since + LOOK * DAY
        bars = queries.picture(self.levels[0].account_id, since=since, until=until)
        shown = sorted(
            (bar.level_id, bar.wall_start, bar.wall_end, sorted(way.id for way in bar.methods))
            for bar in bars
            if bar.kind == "shift"
        )
        spans = [(one, span_of(one[1], one[2], self.zone)) for one in self.model.instances()]
        assert shown == sorted(
            (level, starts, ends, sorted(methods))
            for (level, starts, ends, methods), span in spans
            if span.start < until and span.end > since and span.start < span.end
        )


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_edits(
    data: DataObject,
    in_acme: object,
    add_level: Callable[[str], EscalationLevel],
    way: Callable[[str], DeliveryMethod],
) -> None:
    with transaction.atomic():
        levels = [add_level(name) for name in ("Days", "Nights", "Manager")]
        machine = Machine(data, levels, [way(name) for name in ("Alice", "Bob", "Rita")])
        for _ in range(data.draw(st.integers(1, 8))):
            machine.step()
        machine.compare()
        transaction.set_rollback(True)
