"""Settings of the sampling policy: quota, ceiling, budget. Each field is a flag of the command line."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gristmill.sampling.policy import Budget, BudgetUnit, Policy, PolicyName


class PolicySettings(BaseModel):
    """A policy and its numbers. Which of them a policy needs, and which it has no use for, is checked
    here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    policy: PolicyName = Field(PolicyName.UNIFORM, description="How quotas are set.")
    quota: int | None = Field(
        None, ge=1, description="Accepted responses wanted per problem; under prop2diff, of the hardest one."
    )
    trials: int | None = Field(None, ge=1, description="Vanilla: draws per problem.")
    ceiling: int | None = Field(None, ge=1, description="Most attempts that a problem may cost.")
    probe: int = Field(
        0, ge=0, description="Prop2diff: draws per problem that come first where no fail rate is known."
    )
    fail_rates_from: str | None = Field(
        None, min_length=1, description="Prop2diff: run in the same store whose fail rates are to be used."
    )
    quotas: PolicyName = Field(PolicyName.UNIFORM, description="Budgeted: whose, uniform or prop2diff.")
    budget_draws: int | None = Field(None, ge=1, description="Budgeted: draws in the whole run.")
    budget_tokens: int | None = Field(None, ge=1, description="Budgeted: completion tokens in all.")
    budget_seconds: float | None = Field(
        None, gt=0, description="Budgeted: seconds of drawing in the whole run, over all its sessions."
    )
    give_up_below: float = Field(
        0.005, ge=0, lt=1, description="Budgeted: pass rate below which a problem is given up."
    )

    @model_validator(mode="after")
    def _fits_the_policy(self) -> "PolicySettings":
        name = self.policy.value
        needed, useless = _NEEDS[self.policy]
        if missing := [field for field in needed if getattr(self, field) is None]:
            raise ValueError(f"the policy {name} needs {' and '.join(missing)}")
        if given := [field for field in useless if getattr(self, field) is not None]:
            raise ValueError(f"the policy {name} has no use for {' and '.join(given)}")
        quotas = self.policy
        if self.policy is PolicyName.BUDGETED:
            quotas = self.quotas
            if len(self._budgets) != 1:
                raise ValueError(
                    "the policy budgeted needs just one of budget_draws, budget_tokens and budget_seconds"
                )
            if quotas not in (PolicyName.UNIFORM, PolicyName.PROP2DIFF):
                raise ValueError(f"quotas is {quotas.value}; known are uniform and prop2diff")
        if quotas is PolicyName.PROP2DIFF and self.fail_rates_from is None and self.probe == 0:
            raise ValueError("prop2diff needs fail rates: set probe, say to 16, or fail_rates_from")
        return self

    @property
    def _budgets(self) -> list[Budget]:
        amounts = (self.budget_draws, self.budget_tokens, self.budget_seconds)
        units = (BudgetUnit.DRAWS, BudgetUnit.TOKENS, BudgetUnit.SECONDS)
        return [Budget(one, unit) for one, unit in zip(amounts, units, strict=True) if one is not None]

    def as_policy(self) -> Policy:
        """The policy that the core works with."""
        return Policy(
            name=self.policy,
            quota=self.quota,
            ceiling=(self.trials if self.policy is PolicyName.VANILLA else self.ceiling) or 1,
            probe=self.probe,
            quotas=self.quotas,
            budget=self._budgets[0] if self.policy is PolicyName.BUDGETED else None,
            give_up_below=self.give_up_below if self.policy is PolicyName.BUDGETED else 0.0,
        )


BUDGET_FIELDS = ("budget_draws", "budget_tokens", "budget_seconds")
_NEEDS: dict[PolicyName, tuple[tuple[str, ...], tuple[str, ...]]] = {
    PolicyName.VANILLA: (("trials",), ("quota", "ceiling", "fail_rates_from", *BUDGET_FIELDS)),
    PolicyName.UNIFORM: (("quota", "ceiling"), ("trials", "fail_rates_from", *BUDGET_FIELDS)),
    PolicyName.PROP2DIFF: (("quota", "ceiling"), ("trials", *BUDGET_FIELDS)),
    PolicyName.BUDGETED: (("quota", "ceiling"), ("trials",)),
}
"""Per policy: the fields it needs, and those it has no use for."""


def useless_fields(policy: str | None) -> tuple[str, ...]:
    """The fields that a policy has no use for; none for a name that is not known."""
    return next((useless for name, (_, useless) in _NEEDS.items() if name.value == policy), ())
