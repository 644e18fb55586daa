"""Who pays when one aggregator speaks for more and more homes, and what repairs it.

Eight measured homes share what their roofs make. Around noon some have too much; if they sell through one aggregator,
it can keep the local price at what the grid asks, and export the rest. Every line is solved and certified globally.
"""

import gametheory as gt

park = gt.Community.sample()
power = gt.market_power(park, share=["0.25", "0.75"], forward=None)
print(power)

row = power.at("0.75")
print(f"\nwith {len(row.controlled)} of {len(park)} homes the aggregator gains {float(row.gain):.2f} {park.currency}")
for name in row.losers:
    print(f"  {name} loses {float(row.losses[name]):.2f}")
capped = power.at("0.75", "price cap")
print(f"under a cap next to the price of price takers it gains {float(capped.gain):.2f}")
# power.plot() draws price, Lerner index, withheld energy and lost welfare; power.to_frame() has the table.
