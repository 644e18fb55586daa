"""Price leaders: one who posts prices, many who answer."""

from __future__ import annotations

from gametheory.solvers.pricing.company_arrays import CompanyPrices, clear_companies
from gametheory.solvers.pricing.log_price_arrays import ArrayPrices, best_log_prices

__all__ = ["ArrayPrices", "CompanyPrices", "best_log_prices", "clear_companies"]
