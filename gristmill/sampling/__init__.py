"""The pure core: records, policies, scheduler and pipeline. Standard library only, no I/O."""
