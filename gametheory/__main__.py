"""``python -m gametheory`` is the command ``gametheory``."""

from gametheory.cli import main

if __name__ == "__main__":
    main()
