/** Values of `reasoning_effort` for which there is a budget, with LiteLLM's numbers of tokens. */
const budgets: Readonly<Record<string, number>> = {
  // Anthropic accepts no smaller one.
  minimal: 1_024,
  low: 1_024,
  medium: 2_048,
  high: 4_096,
  xhigh: 8_192,
  max: 16_384,
};

/** Anthropic's smallest budget for thinking. */
export const SMALLEST_BUDGET_TOKENS = 1_024;

/** Thinking tokens for an effort; undefined for an unknown word. */
export function budgetOf(effort: string): number | undefined {
  return Object.hasOwn(budgets, effort) ? budgets[effort] : undefined;
}

/** `output_config.effort` for an effort, where the model decides how long it thinks. */
export function adaptiveEffortOf(effort: string): string {
  return effort === 'minimal' ? 'low' : effort;
}

/** The effort that a budget stands for, by LiteLLM's limits. */
export function effortOfBudget(budgetTokens: number): 'minimal' | 'low' | 'medium' | 'high' {
  if (budgetTokens >= 4_096) return 'high';
  if (budgetTokens >= 2_048) return 'medium';
  return budgetTokens >= SMALLEST_BUDGET_TOKENS ? 'low' : 'minimal';
}
