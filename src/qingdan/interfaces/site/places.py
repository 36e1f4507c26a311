"""Where things lie, and whether they are a demo's; asked before Django starts."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CLONE = SOURCE.parents[1]
DEMO_CLOCK = "demo-clock.json"
DEMO_PASSWORD = "demo-password"
VERIFIED = "journal-verified"
"""When the journal's heads were last written out by `./qd verify --save-head`."""
DEMO_SAMPLE = "demo"
"""The demo's key for results looked at by sample: the first case plays alike anywhere."""
SYLLABLES = "ba be bo da de do fa fo ga go ka ke ko la le lo ma me mo na no pa po ra ro ta te to"


def in_a_clone() -> bool:
    """Whether we run from a clone (`./qd`) and not from an installed wheel."""
    return (CLONE / "qd").exists() and (CLONE / "locks").is_dir()


def data_dir() -> Path:
    """The data folder: QINGDAN_DATA_DIR, or .qd/data beside `./qd`."""
    beside = CLONE if in_a_clone() else Path.cwd()
    return Path(os.environ.get("QINGDAN_DATA_DIR") or beside / ".qd" / "data").absolute()


def make_folder(folder: Path) -> None:
    """The data folder, if it is not there yet: its owner's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def keep_secret(path: Path, value: str) -> str:
    """What `path` holds; if it is not there, `value`, written for its owner alone.

    Of two processes that come at once the second gets what the first one wrote.
    """
    make_folder(path.parent)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            owners = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(owners, "w") as file:
                file.write(f"{value}\n")
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text().strip()


def demo_password() -> str:
    """The word that opens every account of the demo; made once for a data folder."""
    syllables = SYLLABLES.split()
    word = "".join(secrets.choice(syllables) for _ in range(5)) + str(secrets.randbelow(90) + 10)
    return keep_secret(data_dir() / DEMO_PASSWORD, word)


def is_demo(folder: Path) -> bool:
    """Whether `folder` holds a demo county: one whose clock can be moved."""
    return (folder / DEMO_CLOCK).exists()


def follow_the_demo() -> None:
    """If the data folder is a demo's, let this process live by its clock too."""
    folder = data_dir()
    if is_demo(folder):
        os.environ.setdefault("QINGDAN_DEMO", "1")
        os.environ.setdefault("QINGDAN_DEMO_CLOCK", str(folder / DEMO_CLOCK))
        os.environ.setdefault("QINGDAN_SAMPLE_KEY", DEMO_SAMPLE)
