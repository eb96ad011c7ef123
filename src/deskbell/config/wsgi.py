"""The WSGI entry that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from deskbell.foundation.environment import environment
from deskbell.foundation.loading import loading
from deskbell.foundation.logs import set_up_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
set_up_logging(debug=environment().debug, as_json=environment().logs_as_json)
(environment().data_dir / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing

with loading():
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 so that the first request finds all pages loaded
