"""Agents that meet again and again."""
