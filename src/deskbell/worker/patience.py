"""A job that fails is tried again, later and later, until it does not."""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta

from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context, Job
from pgqueuer.executors import EntrypointExecutor

log = logging.getLogger(__name__)
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
_MOST_DOUBLINGS = 16


def wait_after(attempts: int) -> timedelta:
    """How long a job waits that failed `attempts` times before this one."""
    doublings = min(attempts, _MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@dataclasses.dataclass
class PatientExecutor(EntrypointExecutor):
    """Runs a job; whatever it raises is logged and puts it back in the queue with a wait.

    pgqueuer's own retrying executor drops a job after a number of attempts; ours never does.
    """

    async def execute(self, job: Job, context: Context) -> None:
        """Raises RetryRequested where the job raised anything."""
        try:
            await super().execute(job, context)
        except Exception as error:
            wait = wait_after(job.attempts)
            log.exception("%s failed; it is tried again in %s", job.entrypoint, wait)
            raise RetryRequested(delay=wait, reason=type(error).__name__) from error
