"""Front-end parts that we do not write: fetched by npm's lock, a whitelist copied.

Standard library only, because `./qd` starts it beside the installation of everything else. An
installed wheel carries the copies already; only a clone fetches them.
"""

import fcntl
import hashlib
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[2]
ROOT = PACKAGE.parents[1]
VENDOR = PACKAGE / "interfaces" / "shared" / "static" / "shared" / "vendor"
STAMP = "agrees-with"
OLDEST_NPM = 7  # the first that reads our lock file's version
WHITELIST = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap.LICENSE",
}
CERTIFICATES = (
    os.environ.get("SSL_CERT_FILE", ""),
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
)
MAP_LINE = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*")


class NotFetched(Exception):
    """The front-end parts cannot be had; the message is one sentence for whoever started us."""


def digest() -> str:
    """What the copies must agree with: the lock file and the whitelist."""
    lock = (ROOT / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(WHITELIST.items())).encode()).hexdigest()


def are_there() -> bool:
    """Whether every part is copied, from this very lock file."""
    if not (ROOT / "package-lock.json").exists():  # an installed wheel
        return True
    stamp = VENDOR / STAMP
    whole = all((VENDOR / name).exists() for name in WHITELIST.values())
    return whole and stamp.exists() and stamp.read_text() == digest()


def ensure() -> None:
    """Fetch and copy the parts unless they are there. Raises NotFetched."""
    if are_there():
        return
    (ROOT / ".qd").mkdir(exist_ok=True)
    with (ROOT / ".qd" / "lock-assets").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not are_there():
            _fetch()


def _fetch() -> None:
    with tempfile.TemporaryDirectory(prefix="npm-", dir=ROOT / ".qd") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, work / name)
        npm = _npm()
        _say("fetching the pages' front-end parts …", "正在获取页面前端组件……")
        home = dict(os.environ)
        if bundle := next((path for path in CERTIFICATES if Path(path).is_file()), None):
            # a wheel's Node knows the machine's own authorities only if it is told of them
            home.setdefault("NODE_EXTRA_CA_CERTS", bundle)
        if not os.access(home.get("HOME") or "/nowhere", os.W_OK):
            home["npm_config_cache"] = str(work / "cache")
        done = subprocess.run(
            [*npm, "ci", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--no-progress"],
            cwd=work,
            env=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            raise NotFetched(_why(done.stdout.decode("utf-8", "replace")))
        _copy(work / "node_modules")


def _copy(modules: Path) -> None:
    """Copy the whitelist; the stamp comes last, so that half a copy is never taken for whole."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in WHITELIST.items():
        # the maps are not copied, and a manifest storage would look for them
        (VENDOR / name).write_bytes(MAP_LINE.sub(b"", (modules / source).read_bytes()))
    (VENDOR / STAMP).write_text(digest())


def _npm() -> list[str]:
    """The system's npm where it can read our lock file, otherwise the one of a Python wheel."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        version = subprocess.run([npm, "--version"], capture_output=True, text=True).stdout
        major = version.split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NPM:
            return [npm]
    launcher = _launcher()
    try:
        launcher.ensure("node")
    except launcher.Trouble as trouble:
        raise NotFetched(str(trouble)) from None
    return [str(ROOT / ".qd" / "node" / "bin" / "npm")]


def _launcher() -> ModuleType:
    """`./qd` as a module: it knows how to make an environment."""
    loader = importlib.machinery.SourceFileLoader("qd", str(ROOT / "qd"))
    spec = importlib.util.spec_from_loader("qd", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True  # no qd.cpython-311.pyc beside ./qd
    loader.exec_module(module)
    return module


def _why(output: str) -> str:
    if re.search(r"ENOSPC|no space left", output, re.I):
        return _words(
            "The disk is full. Make room and start again; the set-up goes on where it stopped.",
            "磁盘空间不足。请腾出空间后重新运行，安装会继续进行。",
        )
    if re.search(r"request to \S+ failed|ENOTFOUND|ECONN|EAI_AGAIN|TIMEDOUT|ENETUNREACH", output):
        address = re.search(r"https?://[^\s'\"),]+", output)
        where = address[0] if address else "npm"
        return _words(
            f"The npm registry cannot be reached ({where}). Check the network or set"
            " npm_config_registry to a mirror, then start again; the set-up goes on from there.",
            f"无法访问 npm 源（{where}）。请检查网络，或用 npm_config_registry 指定镜像后"
            "重新运行，安装会继续进行。",
        )
    lines = [line for line in output.splitlines() if line.strip() and "complete log" not in line]
    said = lines[-1] if lines else "?"
    return _words(
        f"npm could not fetch the front-end parts: {said}", f"npm 未能获取前端组件：{said}"
    )


def _words(english: str, chinese: str) -> str:
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return chinese if (language or "").startswith("zh") else english


def _say(english: str, chinese: str) -> None:
    print(f"qd: {_words(english, chinese)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        ensure()
    except NotFetched as trouble:
        print(trouble, file=sys.stderr)
        raise SystemExit(1) from None
