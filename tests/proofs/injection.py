"""Put one fault into one module of the package and see what catches it, in a process of its own.

The faulty source is compiled in memory when the module is imported; no file is changed. A fault is described by the
module, the text to replace (it must occur exactly once, so a fault that no longer applies is noticed) and a probe: the
id of a theorem, a test, or Python that solves something and sets ``caught`` to the sentence of what noticed.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Fault", "probe"]

_ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
import importlib, importlib.abc, importlib.machinery, importlib.util, sys
module, original, broken, root = {module!r}, {original!r}, {broken!r}, {root!r}
sys.path.insert(0, root)

class Faulty(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        source = self.get_data(self.path).decode()
        if original is not None:
            assert source.count(original) == 1, "the fault does not apply"
            source = source.replace(original, broken)
        return compile(source, self.path, "exec")

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        return importlib.util.spec_from_file_location(name, spec.origin, loader=Faulty(name, spec.origin))

sys.meta_path.insert(0, Finder())
caught = ""
{probe}
assert module in sys.modules, "the probe never met the fault"
print("caught:" + caught)
"""

_THEOREM = """
from proofs import register
from proofs.theorem import check
(theorem,) = register.theorems([{id!r}])
caught = check(theorem).failure
"""

_TEST = """
import os, pytest
importlib.import_module(module)
os.chdir(root)
code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", {test!r}])
assert code in (0, 1), "pytest did not run the test"
caught = "test fails" if code == 1 else ""
"""

#: What solves and takes the certificate's word; the probe sets `solution` first.
_CERTIFICATE = """
if solution.certificate.strength == "refuted":
    caught = "certificate: " + solution.certificate.claim
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what was done to which module, and what should notice."""

    name: str
    module: str
    original: str
    broken: str
    theorem: str = ""
    solution: str = ""
    test: str = ""

    @property
    def catcher(self) -> str:
        """Who is to catch it."""
        if self.test:
            return f"test {self.test}"
        return f"theorem {self.theorem}" if self.theorem else "certificate"


def probe(fault: Fault, *, healthy: bool = False) -> str:
    """Return what caught the fault, empty if nothing did; `healthy` runs the same probe on the sound source."""
    if fault.test:
        code = _TEST.format(test=fault.test)
    else:
        code = _THEOREM.format(id=fault.theorem) if fault.theorem else fault.solution + _CERTIFICATE
    program = _PROGRAM.format(
        module=fault.module,
        original=None if healthy else fault.original,
        broken=fault.broken,
        root=str(_ROOT),
        probe=code,
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    if run.returncode != 0:
        raise AssertionError(f"{fault.name}: the probe broke\n{run.stderr}")
    return run.stdout.rsplit("caught:", 1)[1].strip()
