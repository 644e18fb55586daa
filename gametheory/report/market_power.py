"""Market power as a table and as one picture."""

from __future__ import annotations

from typing import Any

from gametheory.arithmetic import to_float
from gametheory.report.drawing import figure, style

__all__ = ["frame", "plot"]

_LINES = {
    "none": ("#222222", "o", "-"),
    "price cap": ("#1f77b4", "s", "--"),
    "forward contracts": ("#2e8b57", "^", "--"),
    "share limit": ("#d1622b", "D", ":"),
}


def frame(power: Any) -> Any:
    """Return a pandas frame with a row for each share and repair, as floats; losses stand by member, NaN of its own."""
    import pandas as pd

    rows = []
    for row in power.rows:
        record = {
            "share": to_float(row.share),
            "repair": row.repair,
            "price": to_float(row.price),
            "lerner": to_float(row.lerner),
            "withheld": to_float(row.withheld),
            "welfare_lost": to_float(row.welfare_lost),
            "gain": to_float(row.gain),
            "uplift": to_float(sum(s.uplift for s in row.steps)),
            "holders": to_float(sum(s.holders for s in row.steps)),
            "strength": row.certificate.strength.value,
        }
        record.update({f"loss of {name}": to_float(value) for name, value in row.losses.items()})
        rows.append(record)
    return pd.DataFrame(rows)


def plot(power: Any, *, width: float, height: float) -> Any:
    """Return a matplotlib figure: four panels over the share, a line for each repair."""
    money = power.currency or "money"
    panels = (
        ("price", f"mean local price ({money}/kWh)"),
        ("lerner", "Lerner index"),
        ("withheld", "energy withheld (kWh)"),
        ("welfare_lost", f"welfare lost ({money})"),
    )
    with style():
        drawn, axes = figure(width, height, rows=2, columns=2, sharex=True)
        for axis, (name, title) in zip(axes.flat, panels, strict=True):
            for repair, (colour, marker, line) in _LINES.items():
                rows = sorted((r for r in power.rows if r.repair == repair), key=lambda r: r.share)
                if rows:
                    axis.plot(
                        [to_float(r.share) for r in rows],
                        [to_float(getattr(r, name)) for r in rows],
                        line,
                        color=colour,
                        marker=marker,
                        markersize=4,
                        label={"none": "no repair"}.get(repair, repair),
                    )
            axis.set_title(title)
        prices = [to_float(p) for p in power.competitive.details["prices"]]
        axes.flat[0].axhline(sum(prices) / len(prices), color="#888888", linewidth=0.8, label="price takers")
        for axis in axes[1]:
            axis.set_xlabel("share of the members")
        axes.flat[0].legend()
        return drawn
