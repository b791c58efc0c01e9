"""`python -m mkcards`."""

from mkcards.cli import main

main()
