"""Reading a TOML table key by key: wrong kinds and unknown keys become problems, nothing is passed over in silence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError

__all__ = ["Section", "read_toml", "read_text"]

_WORDS = {
    "text": (str,),
    "a number": (int, Decimal, str),
    "true or false": (bool,),
    "a table": (dict,),
    "a list": (list,),
}


def read_text(path: Path, *, kind: str) -> str:
    """Return the text of a file, or raise with what to do."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = did_you_mean(path.name, _neighbours(path))
        raise InputError(f"{path}: there is no such file{near}; give the path of {kind}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; give the path of {kind}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give the path of {kind}") from None


def _neighbours(path: Path) -> list[str]:
    try:
        return sorted(item.name for item in path.parent.iterdir() if item.suffix == path.suffix)
    except OSError:
        return []


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file with its decimals as decimals."""
    text = read_text(path, kind="a community, such as community.toml")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not TOML ({error}); write it as `gametheory init DIR` shows") from None


class Section:
    """A table of a TOML file, with a list of problems that all sections share.

    >>> section = Section("tariff", {"retial": 1}, [])
    >>> section.take("retail", "a number", required="give a price")
    >>> section.finish()
    >>> section.problems
    ["[tariff] has no key 'retail'; give a price", "[tariff] key 'retial' is unknown; did you mean 'retail'?"]
    """

    def __init__(self, name: str, data: Mapping[str, Any], problems: list[str]) -> None:
        self.name = name
        self.data = dict(data)
        self.problems = problems
        self._known: list[str] = []

    @property
    def where(self) -> str:
        """How messages call this table."""
        return f"[{self.name}]" if self.name else "the file"

    def take(
        self, key: str, kind: str = "", *, default: Any = None, required: str = "", choices: Iterable[str] = ()
    ) -> Any:
        """Return the value of a key; `kind` is one of "text", "a number", "true or false", "a table", "a list"."""
        self._known.append(key)
        if key not in self.data:
            if required:
                self.problems.append(f"{self.where} has no key {key!r}; {required}")
            return default
        value = self.data[key]
        if kind and (not isinstance(value, _WORDS[kind]) or (isinstance(value, bool) and kind != "true or false")):
            self.problems.append(f"{self.where} {key} = {_toml(value)} is not {kind}; give {key} as {kind}")
            return default
        names = list(choices)
        if names and value not in names:
            self.problems.append(f"{self.where} {key} = {_toml(value)} is unknown; give one of {', '.join(names)}")
            return default
        return value

    def texts(self, key: str) -> list[str] | None:
        """Return a list of texts, or None."""
        value = self.take(key, "a list")
        if value is None:
            return None
        wrong = [item for item in value if not isinstance(item, str)]
        if wrong:
            self.problems.append(
                f"{self.where} {key} holds {_toml(wrong[0])}, which is not text; write it in quotes, such as "
                f'"{str(wrong[0])[:20]}"'
            )
            return None
        return list(value)

    def section(self, key: str) -> Section:
        """Return a table within this one; an empty one where it is absent."""
        name = f"{self.name}.{key}" if self.name else key
        return Section(name, self.take(key, "a table", default={}), self.problems)

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        self.problems.extend(
            f"{self.where} key {key!r} is unknown{did_you_mean(key, self._known)}"
            for key in self.data
            if key not in self._known
        )


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
