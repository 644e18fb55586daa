"""Price leaders: one who posts prices, many who answer."""
