import { SECRETS } from './config.ts';
import type { TestPod } from './pod.ts';

/** An operator's command to a pod; the status that it is answered with. */
export async function command(pod: TestPod, path: string, body: object): Promise<number> {
  const headers = { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' };
  const answer = await fetch(pod.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.status;
}
