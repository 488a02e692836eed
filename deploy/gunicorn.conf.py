"""gunicorn: threads, never async (a municipality is remembered per thread).

No access log: it would hold students' addresses.
"""

import os

bind = [os.environ.get("BIND", "127.0.0.1") + ":" + os.environ.get("PORT", "8000")]
preload_app = True  # loaded once; the workers share what it holds in memory
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# A connection that roams the schemas keeps 0.4-2 MB of catalogue for each: workers are renewed before that
# hurts.
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 30
graceful_timeout = 8
keepalive = 15
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  the heartbeat must not wait for a disk
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# Its own lines as ours: one for each kind of error and minute, without texts of exceptions.
_form = {"()": "kernel.logs.WithoutWords"}
_handler = {"class": "logging.StreamHandler", "formatter": "generic", "filters": ["once"]}
logconfig_dict = {
    "root": {"level": "WARNING", "handlers": []},
    "loggers": {
        "gunicorn.error": {"level": loglevel.upper(), "handlers": ["error_console"], "propagate": False}
    },
    "formatters": {"generic": _form},
    "filters": {"once": {"()": "kernel.logs.OncePerMinute"}},
    "handlers": {"error_console": {**_handler, "stream": "ext://sys.stderr"}},
}
control_socket_disable = True
# Who may say X-Forwarded-*: the proxy on this machine, or those named.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
# No proxy of ours rewrites where the application lives: SCRIPT_NAME and PATH_INFO as headers are not heard.
forwarder_headers = ""
