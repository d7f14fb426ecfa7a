"""The data version: a short hash of every fact, the same on every system."""

from hashlib import sha256
from pathlib import Path

LENGTH = 12
NOT_FACTS = "example"


def fact_files(folder: Path) -> list[str]:
    """Names of all files that hold facts, in order: no prose, nothing hidden, not the example plan."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    names = (path.relative_to(folder).as_posix() for path in paths)
    return sorted(name for name in names if not name.startswith((".", NOT_FACTS + "/")))


def data_version(folder: Path) -> str:
    """The version of all facts."""
    return version_of(folder, fact_files(folder))


def version_of(folder: Path, names: list[str]) -> str:
    """The first digits of SHA-256 over names and bytes of these files; line endings count as LF."""
    digest = sha256()
    for name in names:
        digest.update(name.encode() + b"\0")
        digest.update((folder / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:LENGTH]
