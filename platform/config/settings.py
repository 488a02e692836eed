"""All settings, one file. Every value has a safe default; a secret has none (config.env asks for it)."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.csp import CSP
from django.utils.translation import gettext_noop

from config import env

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = env.data_dir()
DEMO = env.demo()
TESTING = env.testing()
DEBUG = False

# --- where we are on the net -------------------------------------------------------------------
#: The front door's host. Municipalities live at SLUG.<FRONT_HOST>; a municipality's own domain is a row.
FRONT_HOST = env.text("FRONT_HOST", "localhost")
env.demo_host()
#: The port people type, for links in messages ("" = the scheme's own).
PUBLIC_PORT = env.text("PUBLIC_PORT", str(env.port()) if DEMO or TESTING else "")
#: Whom we ask for the records of a municipality's own address; empty: the machine's own.
NAME_SERVERS = env.name_servers("NAME_SERVERS") or ([("127.0.0.1", 9)] if TESTING else [])
HTTPS = not env.is_localhost(FRONT_HOST)
ALLOWED_HOSTS = ["*"]  # the municipality middleware answers 404 to every host that is not a row of ours
SECRET_KEY = env.secret("SECRET_KEY")
#: 32 bytes, base64: wraps the municipalities' keys. In production it comes from the key service.
KEY_ENCRYPTION_KEY = env.secret("KEY_ENCRYPTION_KEY")
#: A second one that opens and never seals, while the first is being changed (docs/how/keys.md).
KEY_ENCRYPTION_KEY_PREVIOUS = env.secret("KEY_ENCRYPTION_KEY_PREVIOUS", needed=False)

# --- rooms ---------------------------------------------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "kernel.tenancy",
    "kernel.jobs",
    "kernel.guarantee",
    "kernel.ui",
    "tenants.municipalities",
    "tenants.onboarding",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_linear_migrations",
]
if not (DEMO or TESTING):
    SHARED_APPS.remove("django_linear_migrations")
TENANT_APPS = [
    "kernel.people",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "kernel.crypto",
    "kernel.audit",
    "kernel.outbox",
    "kernel.api",
    "tenants.setup",
    "tenants.walls",
    "tenants.presence",
    "tenants.feasibility",
    "tenants.own_address",
    "services.promises",
    "services.attachments",
    "services.contact",
    "services.meetings",
    "services.nextdoor",
    "services.feedback",
    "services.worry",
    "services.reach",
    "services.eid",
    "services.desk",
    "services.insights",
    "services.logreview",
    "services.retention",
]
if DEMO or TESTING:
    SHARED_APPS.append("config.demo")
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "municipalities.Municipality"
TENANT_DOMAIN_MODEL = "municipalities.Domain"
#: Of allauth's socialaccount we use the flows, never its tables: people.ExternalIdentity is the only link there is.
MIGRATION_MODULES = {"socialaccount": None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database ------------------------------------------------------------------------------------
#: `default` logs in as app and becomes front, m_<id>, sweeper or worker. `owner` is for founding,
#: migrate_all and test set-up only.
#: Seconds without a byte of the server before somebody asks whether it lives, and for that question's answer.
DATABASE_PATIENCE = env.number("DATABASE_PATIENCE", 3, low=2, high=300)
DATABASE_POOL = env.flag("DATABASE_POOL", False)
DATABASES = {
    "default": {
        **env.database(),
        "ENGINE": "kernel.tenancy.backend",
        "CONN_MAX_AGE": 0 if DATABASE_POOL else 300,
        "CONN_HEALTH_CHECKS": not DATABASE_POOL,
        "ATOMIC_REQUESTS": False,
    },
    "owner": {
        **env.owner_database(),
        "ENGINE": "kernel.tenancy.backend",
        "CONN_MAX_AGE": 0,
    },
}
for _database in DATABASES.values():
    _options = _database.setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", DATABASE_PATIENCE)
    _options.setdefault("prepare_threshold", None)  # cached plans break during a rolling migration
if DATABASE_POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.number("DATABASE_POOL_SIZE", 8, low=1, high=200),
        "max_lifetime": 300,
        "timeout": 5,
    }
DATABASE_ROUTERS = ["kernel.tenancy.router.MunicipalityRouter"]
TENANT_SYNC_ROUTER = DATABASE_ROUTERS[0]
TENANT_DB_ALIAS = "owner"  # django-tenants' own tools work there and nowhere else
ORIGINAL_BACKEND = "django.db.backends.postgresql"
PUBLIC_SCHEMA_NAME = "public"
#: With Citus every request is one transaction and settings are local to it (docs/decisions).
CITUS = env.flag("CITUS", False)

# --- cache: rows in the municipality's own schema, shared by processes, never by municipalities -----
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cacherow",
        "KEY_FUNCTION": "kernel.tenancy.cache_key",
        # Rate limits must not be flushed by whoever fills the table: expired rows go first.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- requests ------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls_municipality"
PUBLIC_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    "kernel.tenancy.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kernel.web.PrivacyHeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "kernel.tenancy.middleware.MunicipalityMiddleware",
    "kernel.web.AskedOnceMiddleware",
    "kernel.web.DomainErrorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kernel.ui.middleware.LanguageMiddleware",
    "kernel.web.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kernel.web.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kernel.people.middleware.StaffSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kernel.ui.context.ui",
            ],
            "builtins": [
                "kernel.ui.templatetags.ui",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "kernel.ui.forms.Renderer"

# --- people and sign-in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "people:first_page"
LOGOUT_REDIRECT_URL = "people:sign_in"
ACCOUNT_ADAPTER = "kernel.people.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "kernel.people.identity.flow.IdentityAdapter"
MFA_ADAPTER = "kernel.people.adapter.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
#: A whole school may stand behind one address: an address gets much, one account (the key) little.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "600/m/ip,10/5m/key",
    "request_login_code": "600/m/ip",  # for one account: kernel.people.attempts
    "reauthenticate": "10/m/user",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, low=0, high=5)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Lavterskel"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "kernel.people.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
#: Staff: 30 minutes idle, 8 hours in all (docs/how/security.md; kernel.people.middleware keeps both).
STAFF_IDLE_SECONDS = env.number("STAFF_IDLE_SECONDS", 30 * 60, low=60, high=8 * 3600)
STAFF_SESSION_SECONDS = env.number("STAFF_SESSION_SECONDS", 8 * 3600, low=300, high=24 * 3600)
#: In a browser that is marked as a shared screen (kernel.screen).
SHARED_SCREEN_IDLE_SECONDS = env.number("SHARED_SCREEN_IDLE_SECONDS", 5 * 60, low=60, high=30 * 60)
SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}staff"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
VISIT_COOKIE_NAME = f"{_prefix}visit"
EID_COOKIE_NAME = f"{_prefix}eid"
EID_WAY_COOKIE_NAME = f"{_prefix}eid-way"
LANGUAGE_COOKIE_NAME = f"{_prefix}lang"
KNOWN_BROWSER_COOKIE_NAME = f"{_prefix}known"
SHARED_SCREEN_COOKIE_NAME = f"{_prefix}shared"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "kernel.web.csrf_failure"
#: kernel.web.CsrfMiddleware is Django's own, subclassed; the check looks for the name alone.
SILENCED_SYSTEM_CHECKS = ["security.W003"]

# --- headers ---------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: One request without its files. A message has 10,000 signs; the rest is room to say so and lose nothing.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
#: Files have limits of their own (kernel/uploads.py), and never lie on a disk in the clear.
FILE_UPLOAD_HANDLERS = ["kernel.uploads.MemoryOnly"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- without a network -------------------------------------------------------------------------------
#: A page with the crisis numbers kept on students' devices. Off: the worker takes itself away (docs/how/offline.md).
SERVICE_WORKER = env.flag("SERVICE_WORKER", True)

# --- many knocks at once (docs/how/abuse.md) -----------------------------------------------------------
#: Of one school, with proof of work and without it apart: so many at once, and room for so many more in an hour.
KNOCKS_AT_ONCE = env.number("KNOCKS_AT_ONCE", 30, low=1, high=100_000)
KNOCKS_AN_HOUR = env.number("KNOCKS_AN_HOUR", 30, low=1, high=100_000)
#: The most numbers a browser tries on the last page; 0: no proof is asked.
PROOF_OF_WORK = env.number("PROOF_OF_WORK", 8_000, low=0, high=200_000)

# --- languages and time ----------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"  # every municipality reads its own zone
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("nb", gettext_noop("Norwegian Bokmål")),
    ("nn", gettext_noop("Norwegian Nynorsk")),
    ("sv", gettext_noop("Swedish")),
    ("da", gettext_noop("Danish")),
    ("fi", gettext_noop("Finnish")),
    ("en", gettext_noop("English")),
    ("se", gettext_noop("Northern Sami")),
    ("ar", gettext_noop("Arabic")),
    ("uk", gettext_noop("Ukrainian")),
    ("pl", gettext_noop("Polish")),
    ("so", gettext_noop("Somali")),
    ("ti", gettext_noop("Tigrinya")),
]
#: Whoever works here reads one of these; the others are spoken at the student's door alone.
STAFF_LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")
# What Django does not know of itself.
LANG_INFO |= {
    "se": {"bidi": False, "code": "se", "name": "Northern Sami", "name_local": "davvisámegiella"},
    "so": {"bidi": False, "code": "so", "name": "Somali", "name_local": "Soomaali"},
    "ti": {"bidi": False, "code": "ti", "name": "Tigrinya", "name_local": "ትግርኛ"},
}

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "kernel.tenancy.storage.MunicipalityStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
MEDIA_ROOT = env.path("MEDIA_ROOT", DATA_DIR / "files")

# --- messages --------------------------------------------------------------------------------------
#: In a demo nothing leaves the machine: what would be sent is listed at /demo/mail/.
_DEMO_POST_OFFICE = {"BACKEND": "kernel.outbox.demo.Backend"}
_MAIL_SERVER = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": env.text("EMAIL_HOST", "localhost"),
        "port": env.number("EMAIL_PORT", 25, low=1, high=65535),
        "username": env.text("EMAIL_HOST_USER", ""),
        "password": env.text("EMAIL_HOST_PASSWORD", ""),
        "use_tls": env.flag("EMAIL_USE_TLS", False),
        "timeout": env.number("EMAIL_TIMEOUT", 10, low=1, high=120),
    },
}
MAILERS = {"default": _DEMO_POST_OFFICE if DEMO else _MAIL_SERVER}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Lavterskel <door@{FRONT_HOST}>")
#: The sender of what a student gets: whoever looks over their shoulder must not read a service in its domain.
DISCREET_FROM_EMAIL = env.text("DISCREET_FROM_EMAIL", f"post@{FRONT_HOST}")

#: Text messages: "46elks", "gatewayapi", or nobody's. Who is named as the sender is seen over a shoulder too.
SMS_PROVIDER = env.choice("SMS_PROVIDER", "", ("", "46elks", "gatewayapi"))
SMS_USER = env.text("SMS_USER", "")
SMS_SECRET = env.text("SMS_SECRET") if SMS_PROVIDER else ""
SMS_SENDER = env.text("SMS_SENDER", "Info")
SMS_URL = ""  # the provider's own

# --- API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kernel.api.authentication.Token",
        "kernel.api.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["kernel.api.authentication.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kernel.api.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "kernel.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "kernel.api.openapi.Contract",
    "EXCEPTION_HANDLER": "kernel.api.problems.handle",
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%SZ",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # ?format= is an unknown parameter like any other
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lavterskel",
    "DESCRIPTION": "The student's door, the helper's desk and the municipality's set-up, as JSON.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are used; nothing to name
}

# --- logs and error reports --------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_words": {"()": "kernel.logs.WithoutWords"}},
    "filters": {"once": {"()": "kernel.logs.OncePerMinute"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "without_words", "filters": ["once"]}
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    # Django's own request logger writes paths and exception texts; kernel.web writes route and class only.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "ERROR"}},
}
#: No DSN, no error reports. What may leave is an allow-list: kernel/reports.py.
SENTRY_DSN = env.text("SENTRY_DSN", "")
#: What runs: a version or a commit, for error reports.
RELEASE = env.text("RELEASE", "development")
