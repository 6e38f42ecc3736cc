/** Why a request got no answer, in a few words: the innermost cause says most, such as ECONNREFUSED. */
export function whyNoAnswer(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError) inner = inner.errors[0];
  const { code, message } = inner as NodeJS.ErrnoException;
  return code ?? message;
}
