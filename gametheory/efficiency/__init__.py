"""Social optimum against equilibrium: price of anarchy and stability, market power, fairness."""
