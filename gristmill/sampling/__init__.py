"""What a run decides: records, policies, the scheduler and the pipeline. Standard library only, no I/O."""
