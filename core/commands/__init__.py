"""Commands that take a plan, and how every command writes and warns; imports nothing that takes time."""
