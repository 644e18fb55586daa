"""What a game is: forms made of plain data. Knows no energy, no solver and no checker."""
