"""Two calls that hear each other: their audio, their keys, and what hold means between them."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from .call import Call

_bridges: WeakKeyDictionary[Call, Bridge] = WeakKeyDictionary()


def opposite_of(call: Call) -> Call | None:
    """Whom `call` is connected with now, by a bridge."""
    bridge = _bridges.get(call)
    return bridge.opposite(call) if bridge is not None else None


class Bridge:
    """Connects `one` and `other`, which both have audio; `music` is for who is put on hold.

    Keys go across as telephone-events by themselves; those that come by SIP INFO are pressed
    again on the other side. `keeps_keys` has the keys of `one` come into its inbox as well.
    """

    def __init__(self, one: Call, other: Call, *, music: bytes, keeps_keys: bool = False) -> None:
        self.one = one
        self.other = other
        self._music = music
        self._keeps_keys = keeps_keys

    def open(self) -> None:
        """Lets both hear each other; what plays to either is over."""
        for call in (self.one, self.other):
            call.leg.stop_playing()
            call.on_held = self._on_held
            call.on_redirect = self.close
        self.one.on_key = lambda key, way: self._on_key(self.one, key, way)
        self.other.on_key = lambda key, way: self._on_key(self.other, key, way)
        self.one.leg.bridge(self.other.leg)
        _bridges[self.one] = _bridges[self.other] = self
        for call in (self.one, self.other):
            if call.is_held:
                self._on_held(call)
        self.one.trace.note("bridged", to=self.other.sid)
        self.other.trace.note("bridged", to=self.one.sid)

    def close(self) -> None:
        """Lets neither hear the other; both calls go on. A second call does nothing."""
        if _bridges.get(self.one) is not self:
            return
        for call in (self.one, self.other):
            call.on_held = call.on_key = call.on_redirect = None
            del _bridges[call]
            if call.has_leg:
                call.leg.unbridge()
                call.leg.stop_playing()
        self.one.trace.note("unbridged", from_=self.other.sid)

    def opposite(self, call: Call) -> Call:
        """The one of the two that `call` hears."""
        return self.other if call is self.one else self.one

    def _on_held(self, call: Call) -> None:
        """`call` has put us on hold or taken us off it: who is left alone hears music."""
        alone = self.opposite(call)
        if call.is_held:
            alone.leg.play([self._music], loop=0)
        else:
            alone.leg.stop_playing()
        call.trace.note("holds" if call.is_held else "resumes", other=alone.sid)

    def _on_key(self, call: Call, key: str, way: str) -> bool:
        if way == "info":
            self.opposite(call).leg.send_digits(key)
        return not (self._keeps_keys and call is self.one)
