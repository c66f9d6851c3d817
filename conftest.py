"""Registers the peers and the report of what was left out for every test, from the top as pytest asks."""

pytest_plugins = ["tests.peers.fixtures", "tests.peers.rooms", "tests.peers.turns"]
