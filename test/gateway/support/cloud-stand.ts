import { expect } from 'vitest';
import type { Closing } from './closing.ts';
import { KEY } from './gateway-pod.ts';
import type { GatewayPod } from './gateway-pod.ts';
import type { Vendor } from './vendors/index.ts';

/** A pod whose group `m` has these vendors, the first one first. */
export async function podAt(opened: Closing, vendors: readonly Placed[], more = ''): Promise<GatewayPod> {
  const list = vendors.map(({ vendor, params = {}, group = 'm', info = {} }, at) => ({
    model_name: group,
    litellm_params: { ...vendor.params, order: at + 1, ...params },
    model_info: info,
  }));
  const env = Object.assign({}, ...vendors.map(({ vendor }) => vendor.env)) as Record<string, string>;
  return await opened.pod(`model_list: ${JSON.stringify(list)}\n${more}`, env);
}

interface Placed {
  readonly vendor: Pick<Vendor, 'params' | 'env'>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly group?: string;
  readonly info?: Readonly<Record<string, unknown>>;
}

export const asked = (text: string, stream = false): Record<string, unknown> => ({
  messages: [{ role: 'user', content: text }],
  ...(stream && { stream }),
});

/** The text of an answer, whole or streamed. */
export async function textOf(answer: Response): Promise<string> {
  const body = await answer.text();
  expect([answer.status, body]).toEqual([200, body]);
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    return (JSON.parse(body) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '';
  }
  const events = body.trim().split('\n\n');
  expect(events.at(-1)).toBe('data: [DONE]');
  return events.slice(0, -1).map(deltaOf).join('');
}

function deltaOf(event: string): string {
  const { choices } = JSON.parse(event.replace('data: ', '')) as { choices: { delta: { content?: string } }[] };
  return choices[0]?.delta.content ?? '';
}

/** How often attempts ended with each result, by the pod's own metrics. */
export async function attemptsOf({ url }: GatewayPod): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } });
  const found: Record<string, number> = {};
  for (const [, result = '', count] of (await answer.text()).matchAll(
    /^allswell_request_attempts_total\{.*result="([^"]+)".*\} (\d+)$/gm,
  )) {
    if (count !== '0') found[result] = (found[result] ?? 0) + Number(count);
  }
  return found;
}

/** Fails where one of the vendors' secrets is in a text or a log line. */
export function expectNoSecret(vendor: Vendor, pod: GatewayPod, ...texts: readonly string[]): void {
  const shown = [...texts, ...pod.lines].join('\n');
  for (const secret of vendor.secrets) expect(shown).not.toContain(secret);
}
