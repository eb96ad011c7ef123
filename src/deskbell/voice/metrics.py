"""`GET /metrics`: the gateway's figures as Prometheus collects them.

What the gateway counts anyway is read when somebody asks, so that it costs nothing per packet; only
the end of a call and an answer of the web side are counted here, one histogram each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any, Final, Protocol

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client import generate_latest as written
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .media import MediaFigures
from .media.figures import Histogram as Counted

SETUP_SECONDS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)
WEB_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_GAUGES: Final = {
    "ready": "1 where new calls are taken",
    "draining": "1 where the gateway waits for its calls to end",
    "calls": "calls now",
    "calls_out": "calls now that go out through trunks",
    "spooled": "recordings and reports that the web side has not taken yet",
    "phones": "registrations of phones now",
    "locked_out": "addresses and names that may not try passwords now",
    "dialogs": "SIP dialogs now",
}


class EndedCall(Protocol):
    """What a call that is over tells; times are of the monotonic clock, 0 for never."""

    began_at: float
    answered_at: float

    @property
    def direction(self) -> str:
        """Which way it went."""
        ...

    @property
    def status(self) -> str:
        """How it ended."""
        ...


class Metrics:
    """One gateway's metrics. `health()` gives what `/health` does, `media()` the media plane's."""

    def __init__(
        self, *, health: Callable[[], dict[str, Any]], media: Callable[[], MediaFigures | None]
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # theirs; when a counter began is of no use to anybody
        self._registry = CollectorRegistry(auto_describe=False)
        self._calls = Counter(
            "deskbell_calls_ended",
            "Calls that are over",
            ("direction", "status"),
            registry=self._registry,
        )
        self._setup = Histogram(
            "deskbell_call_setup_seconds",
            "From INVITE to answer",
            ("direction",),
            buckets=SETUP_SECONDS,
            registry=self._registry,
        )
        self._web = Histogram(
            "deskbell_web_request_seconds",
            "Answers of the web side to documents, reports and the rest",
            ("status",),
            buckets=WEB_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Figures(health, media))
        ProcessCollector(registry=self._registry)

    def call_over(self, call: EndedCall) -> None:
        """Counts a call at its end."""
        self._calls.labels(call.direction, call.status).inc()
        if call.answered_at:
            self._setup.labels(call.direction).observe(call.answered_at - call.began_at)

    def web_answered(self, status: int, seconds: float) -> None:
        """Counts an answer of the web side; `status` 0 says that none came."""
        self._web.labels(f"{status // 100}xx" if status else "none").observe(seconds)

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return written(self._registry)

    def add_to(self, app: web.Application) -> None:
        """Serves it at `/metrics`, to anybody who can reach the port."""
        app.router.add_get("/metrics", self._on_get)

    async def _on_get(self, _request: web.Request) -> web.Response:
        return web.Response(body=self.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Figures(Collector):
    def __init__(
        self, health: Callable[[], dict[str, Any]], media: Callable[[], MediaFigures | None]
    ) -> None:
        self._health = health
        self._media = media

    def collect(self) -> Iterator[Metric]:
        """Prometheus' call."""
        health = self._health()
        for name, about in _GAUGES.items():
            if name in health:
                yield GaugeMetricFamily(f"deskbell_{name}", about, value=float(health[name]))
        yield CounterMetricFamily(
            "deskbell_sip_dropped",
            "SIP messages that could not be read",
            value=float(health.get("sip_dropped", 0)),
        )
        media = self._media()
        if media is not None:
            yield from _of_media(media)


def _of_media(media: MediaFigures) -> Iterable[Metric]:
    counts = {
        "rtp_sent": (media.packets_sent, "RTP packets sent"),
        "rtp_received": (media.packets_received, "RTP packets received"),
        "rtp_dropped": (media.dropped, "datagrams that were garbage or from strangers"),
        "rtp_unsent": (media.unsent, "RTP packets that the system did not take"),
        "media_faults": (media.faults, "legs that a fault of ours ended"),
        "ticks_skipped": (media.skipped, "turns given up after a standstill"),
    }
    yield GaugeMetricFamily("deskbell_legs", "Media legs now", value=media.legs)
    for name, (value, about) in counts.items():
        yield CounterMetricFamily(f"deskbell_{name}", about, value=value)
    yield _histogram("tick_lateness_seconds", "Turns' lateness", media.lateness_ms, scale=1e-3)
    yield _histogram("leg_jitter_seconds", "Jitter of ended legs", media.leg_jitter_ms, scale=1e-3)
    yield _histogram("leg_loss_ratio", "Loss of ended legs", media.leg_loss_percent, scale=1e-2)
    yield _histogram("leg_mos", "Estimated opinion score of ended legs", media.leg_mos, scale=1)


def _histogram(name: str, about: str, counted: Counted, *, scale: float) -> Metric:
    sums = list(accumulate(counted.counts))
    bounds = [f"{bound * scale:g}" for bound in counted.bounds]
    buckets = [*zip(bounds, sums, strict=False), ("+Inf", sums[-1])]
    return HistogramMetricFamily(
        f"deskbell_{name}", about, buckets=buckets, sum_value=counted.total * scale
    )
