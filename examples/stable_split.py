"""Is this split of the bill stable? Who would rather leave, and what would hold them.

Eight homes share one meter. Split its bill into equal parts, or by what a stable rule says, and ask each group of homes
whether it would pay less on a meter of its own.
"""

import gametheory as gt

park = gt.Community.sample()
shared = gt.models.PooledCommunity(park, elasticity=0)
bill = gt.social_optimum(shared)

equal = {name: bill.value / len(park) for name in park.names}
print("equal parts")
print(gt.core_check(park, equal))

stable = dict(zip(park.names, bill.details["price_supported"], strict=True))
print("\nby the prices that support the optimum")
print(gt.core_check(park, stable))
