"""`make demo-reset`: throw a demo's data away. The next `make run` founds everything anew."""

import os
import shutil

from config import embedded, env, secret_file
from config.run import DEMO_MARK, MIGRATED_MARK

AHEAD = "demo-ahead"  # config.demo.fast_forward.FILE_NAME, which needs Django


def main() -> None:
    """Delete the embedded database of DATA_DIR, its secrets, its files. Refuses with a DATABASE_URL."""
    if not env.uses_embedded_database():
        env.refuse("DATABASE_URL", "names a server: demo-reset only throws away the embedded database.")
    if not env.demo():
        env.refuse("DEMO", "is not 1: demo-reset only throws away a demo.")
    folder = env.data_dir()
    if embedded.in_use(folder):
        raise SystemExit(
            f"lavterskel: the demo in {folder} is running. Stop it first (Ctrl-C where it runs)."
        )
    embedded.destroy(folder)
    for mark in (DEMO_MARK, MIGRATED_MARK, AHEAD):
        (folder / mark).unlink(missing_ok=True)
    (folder / secret_file.FILE_NAME).unlink(missing_ok=True)
    for name in ("files", "demo-mail"):
        shutil.rmtree(folder / name, ignore_errors=True)
    print(f"The demo in {os.path.relpath(folder)} is gone. `make run` begins a new one.")


if __name__ == "__main__":
    env.demo_host()
    main()
