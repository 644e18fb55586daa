"""Price leaders: one who posts prices, many who answer."""

from __future__ import annotations

from gametheory.solvers.pricing.log_price_arrays import ArrayPrices, best_log_prices

__all__ = ["ArrayPrices", "best_log_prices"]
