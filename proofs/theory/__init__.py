"""The theory that the certificates stand on; it needs no model."""
