"""The embedded sample, its licence and origin, and the script that builds it."""
