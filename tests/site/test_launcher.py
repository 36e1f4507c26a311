"""`./qd` from outside: its sentences, its exit codes, and what it leaves behind when it stops."""

import ast
import hashlib
import importlib.machinery
import importlib.util
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "qd"


@pytest.fixture
def launcher(tmp_path, monkeypatch) -> ModuleType:
    """`./qd` as a module, with a clone's folder of its own."""
    loader = importlib.machinery.SourceFileLoader("qd", str(LAUNCHER))
    spec = importlib.util.spec_from_loader("qd", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "HOME", tmp_path / ".qd")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return module


def qd(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command line behind `./qd`, in this environment."""
    return subprocess.run(
        [sys.executable, "-m", "qingdan.interfaces.site.cli", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")} | env,
    )


def test_an_old_python_can_read_the_launcher_up_to_the_sentence():
    text = LAUNCHER.read_text()

    ast.parse(text, feature_version=(3, 6))
    assert not re.search(r"^from __future__", text, re.M), "3.6 does not know annotations"
    assert not re.search(r"\bdef \w+\([^)]*:|\) ->", text), "annotations would be evaluated"
    assert "capture_output" not in text, "3.6 does not know it"


def test_a_python_that_is_too_old_gets_one_sentence(tmp_path):
    """Played by saying that 3.99 is the oldest; a newer one is looked for first."""
    text = LAUNCHER.read_text().replace("OLDEST = (3, 11)", "OLDEST = (3, 99)")
    (tmp_path / "qd").write_text(text)

    done = subprocess.run(
        [sys.executable, str(tmp_path / "qd"), "demo"],
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere", "LANG": "C.UTF-8"},
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".qd").exists()


def test_an_unreachable_registry_is_one_sentence_and_leaves_nothing(launcher, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    fake = launcher.ROOT / "uv"
    fake.write_text(
        "#!/bin/sh\n[ $1 = venv ] && mkdir -p $7 && exit 0\n"
        "echo 'error sending request for url (http://127.0.0.1:9/simple/django/)' >&2; exit 2\n"
    )
    fake.chmod(0o755)
    launcher.HOME.mkdir()

    with pytest.raises(launcher.Trouble, match=r"registry cannot be reached .*127.0.0.1:9"):
        launcher.make("run", str(fake))

    assert [path.name for path in launcher.HOME.iterdir()] == []


def test_a_full_disk_is_said_before_anything_is_begun(launcher, monkeypatch):
    launcher.HOME.mkdir()
    monkeypatch.setattr(launcher.shutil, "disk_usage", lambda _: os.terminal_size((0, 0)))
    usage = type("usage", (), {"free": 12_000_000})
    monkeypatch.setattr(launcher.shutil, "disk_usage", lambda _: usage)

    with pytest.raises(launcher.Trouble, match=r"disk is full.*has 12 MB"):
        launcher.make("run", "/nowhere/uv")

    assert list(launcher.HOME.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: Failed to fetch: `https://mirror.example/simple/uv/`", r"mirror\.example"),
        ("  × Hash mismatch for `django==5.2.19`", "set-up failed: Hash mismatch"),
    ],
)
def test_what_an_installer_says_becomes_a_sentence(launcher, said, sentence):
    assert re.search(sentence, str(launcher.explained(said)))


def test_an_interrupted_set_up_is_not_taken_for_a_finished_one(launcher):
    half = launcher.HOME / "run.part" / "bin"
    half.mkdir(parents=True)
    (half / "python").touch()

    assert not launcher.agrees("run")


def test_the_uv_that_a_setting_names_is_taken(launcher, monkeypatch):
    launcher.HOME.mkdir()
    monkeypatch.setenv("PATH", "/nowhere")
    own = launcher.HOME / "boot" / "bin" / "uv"
    own.parent.mkdir(parents=True)
    own.touch()
    assert launcher.find_uv() == str(own)

    monkeypatch.setenv("QINGDAN_UV", "/opt/uv")

    assert launcher.find_uv() == "/opt/uv"


def test_where_nothing_can_install_one_sentence_names_the_package(launcher, monkeypatch):
    monkeypatch.delenv("QINGDAN_UV", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setattr(launcher.shutil, "which", lambda _: None)
    monkeypatch.setattr(launcher, "quiet", lambda *_: "no module")
    monkeypatch.setattr(launcher, "pip_settings", lambda: (None, None))

    with pytest.raises(launcher.Trouble, match="install python3-venv") as raised:
        launcher.find_uv()

    assert raised.value.code == 2


@pytest.fixture
def index(tmp_path):
    """A package index on this machine that has one uv, for this machine's kind."""
    name = f"uv-1.2.3-py3-none-manylinux_2_17_{platform.machine()}.whl"
    folder = tmp_path / "index" / "uv"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr("uv-1.2.3.data/scripts/uv", "#!/bin/sh\n")
    (folder / "index.html").write_text(f'<a href="../uv/{name}#sha256=0">{name}</a>')
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "index"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    yield f"http://127.0.0.1:{server.server_port}", digest
    server.shutdown()


def test_without_pip_uv_comes_straight_from_the_index(launcher, index, tmp_path):
    address, digest = index
    lock = tmp_path / "boot.txt"
    lock.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{digest}\n")
    own = tmp_path / "boot" / "bin" / "uv"

    launcher.unpack_uv(address, lock, own)

    assert os.access(own, os.X_OK)


def test_a_uv_that_the_lock_does_not_know_is_refused(launcher, index, tmp_path):
    lock = tmp_path / "boot.txt"
    lock.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{'0' * 64}\n")

    with pytest.raises(launcher.Trouble, match="does not know"):
        launcher.unpack_uv(index[0], lock, tmp_path / "boot" / "bin" / "uv")

    assert not (tmp_path / "boot").exists()


def test_pips_index_and_certificate_are_handed_on_to_uv(launcher, monkeypatch, tmp_path):
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    bundle = tmp_path / "bundle.pem"
    bundle.touch()
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", str(bundle))

    env = launcher.uv_environment()

    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["SSL_CERT_FILE"] == str(bundle)
    assert env["UV_PYTHON_DOWNLOADS"] == "never"

    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.example/simple")
    assert launcher.uv_environment()["UV_DEFAULT_INDEX"] == "https://other.example/simple"


def test_the_terminals_language_decides(launcher, monkeypatch):
    assert launcher.words("yes", "是") == "yes"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert launcher.words("yes", "是") == "是"


def test_locks_carry_hashes_and_no_addresses():
    for path in [*(ROOT / "locks").glob("*.txt"), ROOT / "package-lock.json"]:
        text = path.read_text()
        assert "://" not in text, path
        assert "sha256:" in text or "sha512-" in text, path


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("demo", "--port", "none"),
        ("demo", "--fast"),
        ("serve", "--cert", "only.pem"),
        ("token",),
        ("tick", "--at", "yesterday"),
        ("lint", "more"),
        ("demo", "--data"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(words):
    done = qd(*words)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("qd")
    assert done.stderr.count("\n") == 1


def test_a_taken_port_is_said_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = qd("demo", "--port", str(port), "--data", str(tmp_path / "data"))

    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [["verify"], ["token", "desk"], ["tick"], ["worker"]])
def test_a_folder_named_wrongly_is_said_and_nothing_is_made_there(tmp_path, words):
    done = qd(*words, "--data", str(tmp_path / "tpyo"))

    assert done.returncode == 2
    assert "There is no data in" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "tpyo").exists()


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path):
    (tmp_path / "data").touch()

    for command in (("demo", "--port", "18998"), ("migrate",)):
        done = qd(*command, "--data", str(tmp_path / "data"))

        assert done.returncode in (1, 2)
        assert "is a file, not a folder" in done.stderr
        assert done.stderr.count("\n") == 1


def test_fresh_empties_no_folder_that_is_not_a_data_folder(tmp_path):
    (tmp_path / "thesis.docx").touch()
    (tmp_path / "secret-key").touch()

    done = qd("demo", "--port", "18999", "--fresh", "--data", str(tmp_path))

    assert done.returncode == 2
    assert "thesis.docx" in done.stderr
    assert (tmp_path / "thesis.docx").exists()


def test_help_names_every_command_and_the_marks_of_the_tests():
    from qingdan.interfaces.site.commands import COMMANDS

    assert all(f"\n  {name} " in qd("--help").stdout for name in COMMANDS)
    assert all(mark in qd("test", "--help").stdout for mark in ("db", "browser", "heavy"))


def test_pure_commands_start_without_django(tmp_path):
    probe = (
        "import sys; from qingdan.interfaces.site import cli, pure; print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, env={"PYTHONPATH": "src"}
    )

    assert done.stdout == "False\n", done.stderr
