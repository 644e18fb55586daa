"""Pricing rules, auctions and clearing: from positions and prices to a settlement."""
