"""Three plain top-level names are ours alone, and a clean clone, the wheel and the image agree."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["api", "geo", "web"]
LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-uv.lock",
    "benchmarks/peers.lock",
]
INSTALLERS = ("-m venv", "pip install", "pip sync")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_this_checkout(room: str) -> None:
    spec = find_spec(room)
    assert spec is not None and spec.origin == str(ROOT / room / "__init__.py")
    assert len(set(packages_distributions().get(room, []))) <= 1


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_line_has_its_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    hashed = re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)
    assert len(hashed) == len(re.findall(r"^\w", text, re.M)) > 0
    told = [line for line in text.splitlines() if not line.startswith("    --hash=sha256:")]
    foreign = re.compile(r"://|@|--index|--extra-index|--find-links|(?<![\w.-])/")
    assert [line for line in told if foreign.search(line)] == []


def test_what_the_image_installs_is_what_was_tested() -> None:
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")
    assert _pins("requirements-uv.lock") <= _pins("requirements-dev.lock")


def test_there_is_one_kind_of_lock() -> None:
    assert not (ROOT / "uv.lock").exists()  # it would hold the address of an index


def test_each_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
    ]
    assert {_name(line) for line in runtime} <= {_name(pin) for pin in _pins("requirements.lock")}
    workshop = {_name(line) for line in project["dependency-groups"]["dev"]}
    assert workshop <= {_name(pin) for pin in _pins("requirements-dev.lock")}


def test_nothing_is_imported_that_only_the_workshop_has() -> None:
    locked = {_name(pin) for pin in _pins("requirements.lock")}
    distributions = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path, module in _imports()
        if not locked & {_name(name) for name in distributions.get(module, [])}
    }
    assert missing == set()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_the_image_is_built_with_the_steps_of_make_setup() -> None:
    make = [
        "make",
        "--dry-run",
        "--always-make",
        "setup",
        "LOCK=requirements.lock",
        "PYTHON=python3",
    ]
    apart = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(make, cwd=ROOT, env=apart, capture_output=True, text=True, check=True)
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    runs = [run for line in re.findall(r"^RUN (.+)", dockerfile, re.M) for run in line.split("&&")]
    installs = [" ".join(run.split()) for run in runs if any(word in run for word in INSTALLERS)]
    assert len(installs) == 4
    assert [line for line in shown.stdout.splitlines() if line in installs] == installs


def test_the_wheel_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == set(_files_of_the_rooms())


def _pins(lock: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(), re.M))


def _name(requirement: str) -> str:
    """Return what a requirement asks for, as indexes spell it."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def _imports() -> Iterator[tuple[Path, str]]:
    """Give every module of others that the rooms import."""
    for name in _files_of_the_rooms():
        if name.endswith(".py"):
            for node in ast.walk(ast.parse((ROOT / name).read_text())):
                for module in _modules(node):
                    if module not in {*ROOMS, *sys.stdlib_module_names}:
                        yield ROOT / name, module


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def _files_of_the_rooms() -> list[str]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    kept = [path for path in files if path.suffix != ".pyc" and not path.name.startswith(".")]
    return [path.relative_to(ROOT).as_posix() for path in kept]
