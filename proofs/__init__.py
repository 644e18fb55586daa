"""Theorems about the models, and about the criteria the certificates stand on.

Every theorem calls the model's own formula with SymPy symbols: what is proved is the code that runs. Run
``python -m proofs`` for the table, ``python -m proofs A-P1`` for one theorem with its steps.
"""
