"""Two claims about coalitions of prosumers that do not hold in general, each with a certified counterexample.

The first: trading at the middle of the grid's prices keeps everybody in the community. The second: the Shapley value is
a stable way to split what batteries save together.
"""

import gametheory as gt

# Two homes have 2 kWh too much, one lacks 2 kWh; the grid pays 0.1 and asks 0.3. At the mid-market rate the buyer pays
# 0.2 for each kWh; the sellers share that and what the grid pays for the other 2 kWh: 0.15 for each of theirs.
homes = ("east", "west", "south")
market = gt.models.PooledCommunity.from_positions([2, 2, -2], feed_in="0.1", retail_price="0.3", players=homes)
bills = dict(zip(homes, ["-0.3", "-0.3", "0.4"], strict=True))
print("the mid-market rate")
print(gt.core_check(market, bills))

# At noon two roofs have 3 and 2 kWh too much and the grid pays nothing; in the evening it pays and asks 1. Two others
# have batteries of 2 and 1 kWh. Together they save what the batteries can carry over: min(surplus, capacity).
surplus = {"roof 3": -3, "roof 2": -2, "battery 2": 0, "battery 1": 0}
batteries = {"battery 2": gt.Battery(capacity=2, power=2), "battery 1": gt.Battery(capacity=1, power=1)}


def cost(names: tuple[str, ...]) -> object:
    """What these members pay if they run everything together."""
    coalition = gt.models.StorageCoalition.from_parameters(
        net_load=[[surplus[name], 0] for name in names],
        batteries=[batteries.get(name) for name in names],
        import_price=[1, 1],
        export_price=[0, 1],
        players=names,
    )
    return gt.social_optimum(coalition).value


storage = gt.CoalitionalGame.from_function(cost, surplus, kind="cost")
shapley, core = gt.shapley_value(storage), gt.core(storage)
print("\nstorage:", shapley)
print("the core is empty:", core.empty, "- the Shapley value is in it:", core.contains(shapley.exact).inside)
print(core.contains(shapley.exact).certificate)
print("the nearest split that nobody leaves:", gt.nearest_core_point(storage, shapley.exact))
