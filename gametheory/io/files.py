"""Writing files all or nothing: a refusal, a crash or Ctrl-C leaves the old files or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from gametheory.errors import InputError

__all__ = ["check_folder", "check_writable", "write_files", "write_text"]


def check_writable(path: str | Path) -> Path:
    """Return the path of a file that can be written, before any work is done for it.

    Raises
    ------
    InputError
        It is a folder, its folder does not exist, or nothing may be written there.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; give the name of a file, such as {path / 'report.html'}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first, or give another path")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is no plain file but a device or a pipe; give the name of a file")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"{path}: may not be written; give a path that you may write to")
    return path


def check_folder(path: str | Path) -> Path:
    """Return the path of a folder that is there or can be made.

    Raises
    ------
    InputError
        It is a file, the folder it would stand in does not exist, or nothing may be written there.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"{path}: this is a file; give the name of a folder")
    if not path.exists() and not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first, or give another path")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(f"{path}: may not be written; give a folder that you may write to")
    return path


def write_text(path: str | Path, text: str) -> None:
    """Write one file, whole or not at all."""
    write_files({Path(path): text})


def write_files(files: Mapping[Path, str], *, folders: Iterable[Path] = ()) -> None:
    """Write all files or none: all texts go into temporary files beside them first, then all are renamed.

    Parameters
    ----------
    files
        Path -> text.
    folders
        Folders to make where they are not there yet; taken away again if the files cannot be written.

    Raises
    ------
    InputError
        A file cannot be written.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_files({folder / "a.txt": "one"})
    >>> (folder / "a.txt").read_text()
    'one'
    """
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    try:
        for folder in folders:
            if not folder.is_dir():
                folder.mkdir()
                made.append(folder)
        for name, text in files.items():
            path = Path(os.path.realpath(check_writable(name)))  # a link stays, what it points at is written
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
            staged.append((Path(temporary), path))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            Path(temporary).chmod(_mode(path))
        for temporary_path, path in staged:
            temporary_path.replace(path)
    except BaseException as error:
        for temporary_path, _ in staged:
            temporary_path.unlink(missing_ok=True)
        for folder in reversed(made):
            if not any(folder.iterdir()):
                folder.rmdir()
        if isinstance(error, OSError):
            where = error.filename2 or error.filename or "the output"
            raise InputError(
                f"{where}: cannot be written ({error.strerror}); give a path that you may write to"
            ) from None
        raise


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
