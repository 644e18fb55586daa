"""Games of the literature, one paper a file; each lowers itself to plain data with ``to_game()``."""
