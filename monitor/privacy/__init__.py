"""Retention, legal holds, what a person may see of their own data, and failures of protection."""
