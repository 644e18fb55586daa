"""The live page: sliders for price sensitivity and members move the sharing equilibrium and the price of anarchy.

The page itself is part of the package, so that ``gametheory teach`` serves it wherever the package is installed.
"""

import subprocess
import sys

if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "gametheory", "teach"], check=False)
