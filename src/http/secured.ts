/** Adds the headers that every answer of LiteLLM carries, but where the answer has its own. */
export function secured(answer: Response): Response {
  for (const [name, value] of securityHeaders) if (!answer.headers.has(name)) answer.headers.set(name, value);
  return answer;
}

/** What every answer of LiteLLM carries, names and values. */
export const securityHeaders: readonly (readonly [name: string, value: string])[] = [
  ['vary', 'Origin'],
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
];
