/** Adds the headers that every answer of LiteLLM carries. */
export function secured(answer: Response): Response {
  for (const [name, value] of headers) answer.headers.set(name, value);
  return answer;
}

const headers = [
  ['vary', 'Origin'],
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
] as const;
