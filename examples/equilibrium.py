"""An equilibrium in ten lines: a price war of two shops, then eight homes that share their energy."""

import gametheory as gt

shops = gt.NormalFormGame([[5, 0], [8, 2]], [[5, 8], [0, 2]], strategies=[["keep prices", "cut prices"]] * 2)
war = gt.nash_equilibrium(shops)
print("the shops:", war.point["player 0"], war.certificate)
print("a candidate of your own, both keep their prices:", gt.certify(shops, (0, 0)))

sharing = gt.nash_equilibrium(gt.models.EnergySharing(gt.Community.sample()))
print(f"the homes: {float(sharing.details['prices'][11]):.4f} USD/kWh at noon,", sharing.certificate)
