"""Registrations, leases and activity of the workers of a run."""
