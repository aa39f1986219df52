"""Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store."""
