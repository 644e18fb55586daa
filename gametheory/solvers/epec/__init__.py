"""Several leaders over common followers: equilibrium problems with equilibrium constraints."""
