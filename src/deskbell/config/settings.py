"""Django's settings, in one file; what differs between deployments comes from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from deskbell.foundation import mailers
from deskbell.foundation.environment import environment

ENVIRONMENT = environment()


def database(url: str) -> dict[str, Any]:
    """A Django database from `postgresql://user:password@host:port/name?host=/socket/folder`.

    An empty URL gives PostgreSQL's own defaults on this machine.
    """
    parts = urlsplit(url or "postgresql:///deskbell")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secrets.django
PUBLIC_HOST = urlsplit(ENVIRONMENT.public_url).hostname or "localhost"
IS_HTTPS = ENVIRONMENT.public_url.startswith("https://")
ALLOWED_HOSTS = [PUBLIC_HOST, ENVIRONMENT.http.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "deskbell.platform",
    "deskbell.accounts",
    "deskbell.audit",
    "deskbell.lines",
    "deskbell.scripts",
    "deskbell.calls",
    "deskbell.messages",
    "deskbell.contacts",
    "deskbell.delivery",
    "deskbell.oncall",
    "deskbell.desk",
    "deskbell.webhooks",
    "deskbell.billing",
    "deskbell.todos",
    "deskbell.attendant",
    "deskbell.reports",
    "deskbell.api",
    "deskbell.portal",
    "django.contrib.admin.apps.SimpleAdminConfig",  # after the portal, whose templates come first
    "deskbell.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "deskbell.portal.security.ContentSecurityMiddleware",
    "deskbell.portal.desk.quiet.QuietDeskMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "deskbell.portal.sign_in.seen.SeenMiddleware",  # before anybody acts as another
    "deskbell.portal.acting.ActingMiddleware",
    "deskbell.portal.tenancy.AccountMiddleware",
    "deskbell.portal.mfa.required.RequiredFactorMiddleware",
    "deskbell.audit.middleware.AuditMiddleware",  # the last, so that it sees what views are given
]
MESSAGE_STORAGE = "deskbell.audit.notices.Storage"

ROOT_URLCONF = "deskbell.config.urls"
WSGI_APPLICATION = "deskbell.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "deskbell.portal.context.page",
            ],
        },
    }
]

DEFAULT_EXCEPTION_REPORTER_FILTER = "deskbell.portal.reporting.ReportFilter"
FORM_RENDERER = "deskbell.portal.select_boxes.Renderer"

DATABASES = {"default": database(ENVIRONMENT.database_url)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "deskbell.accounts.passwords.ComplexityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "deskbell.portal.sign_in.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
# Wrong passwords are counted by `accounts.actions.tries`, which the cache cannot forget.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": False}
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
PASSWORD_RESET_TIMEOUT = 24 * 3600
OPENID_PROVIDERS = ENVIRONMENT.openid
SOCIALACCOUNT_ADAPTER = "deskbell.portal.sign_in.providers.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": each.slug,
                "name": each.name,
                "client_id": each.client_id,
                "secret": each.client_secret,
                "settings": {"server_url": each.server},
            }
            for each in OPENID_PROVIDERS
        ],
    }
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 14 * 24 * 3600
MFA_ADAPTER = "deskbell.portal.mfa.adapter.Adapter"
MFA_TOTP_ISSUER = "Deskbell"
# Browsers take passkeys without TLS from localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

SESSION_COOKIE_AGE = 14 * 24 * 3600
# A browser takes a cookie of this name from this very host alone, and over TLS.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.data_dir / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = ENVIRONMENT.data_dir / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT)},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
globals().update(
    mailers.settings_of(ENVIRONMENT.email_url, report_secret=ENVIRONMENT.email_report_secret)
)

LOGGING_CONFIG = None
BASE_DIR = Path(__file__).resolve().parents[3]
