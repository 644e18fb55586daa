"""Files in and out: communities, bills, finite games, solutions and studies. Nothing in a file is evaluated."""
