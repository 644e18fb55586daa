"""Pricing rules, auctions and clearing: from positions and prices to a settlement."""

from __future__ import annotations

from gametheory.markets.bill_sharing import bill_sharing
from gametheory.markets.double_auction import double_auction
from gametheory.markets.mid_market import mid_market_rate
from gametheory.markets.mid_market_band import mid_market_blocker
from gametheory.markets.supply_demand_ratio import supply_demand_ratio

__all__ = ["bill_sharing", "double_auction", "mid_market_blocker", "mid_market_rate", "supply_demand_ratio"]
