"""Several processes at work on one run: membership, leases, failover."""
