"""Coalitional games: exact values from the table, the sequence of excess programmes, families by their structure."""
