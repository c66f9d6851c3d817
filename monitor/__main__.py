"""`python -m monitor` is `pantau`."""

from monitor.cli.main import main

main()
