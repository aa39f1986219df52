"""Registration of deployments with a Prefect server: prefect.yaml, its schedules and automations.

The flows that are deployed beside the two that synthesize are in `flows/jobs`.
"""
