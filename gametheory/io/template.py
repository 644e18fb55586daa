"""``gametheory init DIR``: a commented community that runs, to be changed into one's own."""

from __future__ import annotations

import shutil
import tempfile
from importlib import resources
from os import PathLike
from pathlib import Path

from gametheory.errors import InputError

__all__ = ["TEMPLATE_FILES", "write_template"]

#: File in the new folder -> where it stands in the package.
TEMPLATE_FILES = {
    "community.toml": "template/community.toml",
    "homes.csv": "template/homes.csv",
    "LICENSE.CityLearn": "sample/LICENSE.CityLearn",
}


def write_template(directory: str | PathLike[str]) -> Path:
    """Write the template into a folder, which is made if need be, and return the path of its TOML file.

    All files or none: they are written into a temporary folder beside it first.

    Raises
    ------
    InputError
        A file of the template is there already, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> write_template(Path(tempfile.mkdtemp()) / "park").name
    'community.toml'
    """
    folder = Path(directory)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: this is a file; give the name of a folder")
    there = [name for name in TEMPLATE_FILES if (folder / name).exists()]
    InputError.raise_all(
        [f"{folder / name}: is there already and is not overwritten; give another folder" for name in there]
    )
    package = resources.files("gametheory.data")
    made: list[Path] = []
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".init-") as temporary:
            for name, source in TEMPLATE_FILES.items():
                (Path(temporary) / name).write_bytes(package.joinpath(source).read_bytes())
            for name in TEMPLATE_FILES:
                (Path(temporary) / name).rename(folder / name)
                made.append(folder / name)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(
                f"{folder}: cannot be written ({error.strerror}); give a folder you may write to"
            ) from None
        raise
    return folder / "community.toml"
