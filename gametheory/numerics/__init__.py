"""Kernels without game words: linear programs, exact linear algebra, bitmask sums. Knows no players."""
