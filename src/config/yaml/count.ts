import type { ScalarNode } from './tree.ts';

/**
 * An integer as pydantic converts it for LiteLLM: also from `1.0`, true, and the texts `1_000` and `1.0`, but not from
 * `1e3`. Undefined if pydantic refuses the value.
 */
export function countOf({ value, exact }: ScalarNode): number | undefined {
  if (exact?.kind === 'int') return Number(exact.value);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return value !== null && countText.test(value) ? Number(value.replaceAll('_', '')) : undefined;
}

const countText = /^\s*[-+]?\d+(?:_\d+)*(?:\.0+)?\s*$/;
