"""Kernels without game words: programmes, exact linear algebra, tableaus, bitmasks."""
