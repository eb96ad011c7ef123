"""`python -m deskbell.worker`."""

from __future__ import annotations

import asyncio
import os
import sys


def main() -> int:
    """Runs the worker with the settings of this process's environment; gives its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
    import django
    from django.conf import settings

    from deskbell.foundation.loading import loading
    from deskbell.foundation.logs import set_up_logging

    set_up_logging(debug=settings.DEBUG, as_json=settings.ENVIRONMENT.logs_as_json)
    with loading():
        django.setup()
        from .runner import serve  # its rooms have models, which need Django set up

    return asyncio.run(serve(settings.ENVIRONMENT.data_dir / "run" / "worker.ready"))


if __name__ == "__main__":
    sys.exit(main())
