"""Check what a wheel and an sdist hold: ``python .ci/check_dist.py FOLDER``."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

#: What the package needs to run without any file outside it.
NEEDED = (
    "gametheory/py.typed",
    "gametheory/data/sample/community.toml",
    "gametheory/data/sample/homes.csv",
    "gametheory/data/sample/LICENSE.CityLearn",
    "gametheory/data/template/community.toml",
    "gametheory/data/template/homes.csv",
)


def main(folder: Path) -> int:
    """Print what was found; return 1 if something is missing or too much."""
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names}
    problems = [f"the wheel has no {name}" for name in NEEDED if name not in names]
    problems += [f"the wheel has a top-level {name}" for name in sorted(top) if not name.startswith("gametheory")]
    for licence in ("LICENSE", "LICENSE.CityLearn"):
        if not any(".dist-info/" in name and name.endswith(f"/{licence}") for name in names):
            problems.append(f"the wheel's metadata has no {licence}")
    source = Path(__file__).resolve().parents[1] / "gametheory"
    # Byte code and compiled kernels, which the tests have left there, are no part of the source.
    files = (p for p in source.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    data = [p.relative_to(source.parent).as_posix() for p in files]
    problems += [f"the wheel lacks {name}" for name in data if name not in names]
    with tarfile.open(sdist) as archive:
        inside = {name.split("/", 1)[-1] for name in archive.getnames()}
    problems += [
        f"the sdist lacks {name}"
        for name in (*data, "setup.cfg", "README.md", "LICENSE", "proofs/__main__.py")
        if name not in inside
    ]
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 1e6:.2f} MB")
    print(f"{sdist.name}: {len(inside)} files, {sdist.stat().st_size / 1e6:.2f} MB")
    print("\n".join(problems) or "both are whole")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
