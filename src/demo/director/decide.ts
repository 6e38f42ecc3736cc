import type { StagePod } from '../stage/stage-pod.ts';

/** What an operator says, by the path of the endpoint that takes it. */
export interface DirectorDecision {
  readonly path: string;
  readonly masterKey: string;
}

const ANSWER_LIMIT_MS = 2_000;
const REASON = 'demo';

/** Asks the first pod that runs, as anybody would; all others hear of it from the fleet. Answers the pod's name, or why not. */
export async function decide(
  pods: readonly StagePod[],
  { path, masterKey }: DirectorDecision,
): Promise<{ readonly by: string } | { readonly why: string }> {
  const pod = pods.find(({ url }) => url !== undefined);
  if (pod?.url === undefined) return { why: 'no pod runs' };
  const response = await fetch(`${pod.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: REASON, by: 'demo' }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  return response.ok ? { by: pod.name } : { why: `${pod.name} answers ${response.status}` };
}
