import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { askPod } from '../../src/cli/ask/index.ts';
import type { FleetPage } from '../../src/cli/ask/index.ts';
import { findWhy } from '../../src/cli/status/find-why.ts';
import { until } from '../../src/testing/index.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import type { RealPod } from '../support/real-pods.ts';
import { codes, findings, podYaml, seen, targetsOf } from '../support/why.ts';

// What `status --why` says while LiteLLM's events do not arrive as evidence; no LiteLLM is needed to send them.

const EVENTS_KEY = 'sk-events-of-litellm';

const each = podsAndUpstream();

describe('allswell status --why names', { timeout: 60_000 }, () => {
  it('events that the pod refuses, because LiteLLM has no key or another one', async () => {
    const pod = await podWithEventsKey();
    expect(await send(pod, [], 'sk-wrong')).toBe(401);
    const wrong = await seen(pod, 'events-refused');
    expect(wrong).toMatchObject({ level: 'problem', todo: expect.stringContaining('GENERIC_LOGGER_HEADERS') });
    expect(wrong.says).toMatch(
      /^pod_\S+ refused 1 request with events from LiteLLM, last at 20\S+Z: this pod does not have the API key \(HTTP 401\)/,
    );
    expect(JSON.stringify(wrong)).not.toContain('sk-wrong');
    expect(await send(pod, [], null)).toBe(401);
    const twice = await seen(pod, 'events-refused', ({ says }) => says.includes('refused 2 requests'));
    expect(twice.says).toContain('no API key was sent (HTTP 401)');
  });

  it('events about deployments that the pod does not have, and events that are too old', async () => {
    const pod = await podWithEventsKey();
    expect(await send(pod, [event({ model_id: 'id-of-another-file' })], EVENTS_KEY)).toBe(200);
    expect(await seen(pod, 'events-unknown')).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(
        /^pod_\S+ ignored 1 event from LiteLLM .* it does not have, .*Z: id-of-another-file$/,
      ),
      todo: expect.stringContaining('bridge verify'),
    });
    expect(await codes(pod)).not.toContain('events-too-old');
    expect(await send(pod, [event({ model_id: 'an-id', agoS: 600 })], EVENTS_KEY)).toBe(200);
    expect(await seen(pod, 'events-too-old')).toMatchObject({
      level: 'problem',
      todo: expect.stringContaining('clocks of the LiteLLM pods'),
    });
  });

  it('nothing where events arrive as they should', async () => {
    const pod = await podWithEventsKey();
    expect(await send(pod, [event({ model_id: 'an-id' })], EVENTS_KEY)).toBe(200);
    const found = await until(async () => await codes(pod), { withinMs: 5_000, what: 'findings' });
    expect(found.filter((code) => code.startsWith('events-'))).toEqual([]);
  });

  it("a target that fails in LiteLLM's requests while paused probes cannot confirm it", async () => {
    const pod = await podWithEventsKey();
    await until(async () => (await targetsOf(pod))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    await askPod(pod, '/fleet/probing/pause', { method: 'POST', body: { reason: 'the bill' } });
    const failure = { status: 'failure', error_information: { error_code: '500', error_class: 'InternalServerError' } };
    // Requests that began before the last good probe prove nothing.
    const found = await until(
      async () => {
        const failed = [0.1, 0.2].map((agoS) => ({ ...event({ model_id: 'an-id', agoS }), ...failure }));
        expect(await send(pod, failed, EVENTS_KEY)).toBe(200);
        return (await findings(pod)).find(({ code }) => code === 'target-suspect');
      },
      { withinMs: 20_000, what: 'the failing target', everyMs: 300 },
    );
    expect(found.level).toBe('problem');
    expect(found.says).toMatch(
      /^a \(openai\/a\) counts as up, but fails: .* \(seen by LiteLLM\)\. No probe confirms it, because probing is paused\.$/,
    );
    expect(found.todo).toContain('allswell probing resume');
  });

  it('events that do not come to a pod that has a key for them', async () => {
    const pod = await podWithEventsKey();
    const answer = await askPod<FleetPage>(pod, '/fleet');
    if (answer.kind !== 'answered') throw new Error(answer.why);
    const codesAfter = (minutes: number): readonly string[] => {
      const now = new Date(Date.parse(answer.body.now) + minutes * 60_000).toISOString();
      return findWhy([{ kind: 'answered', url: pod.url, page: { ...answer.body, now } }]).map(({ code }) => code);
    };
    expect(codesAfter(0)).not.toContain('events-missing');
    expect(codesAfter(11)).toContain('events-missing');
  });
});

async function podWithEventsKey(): Promise<RealPod> {
  const sha256 = createHash('sha256').update(EVENTS_KEY).digest('hex');
  const keys = `fleet_health: { keys: [{ name: litellm, sha256: ${sha256}, role: events }] }`;
  const text = podYaml(each.upstream.apiBase, { general: 'background_health_checks: true', more: keys });
  return await each.pods.pod(text.replace('model_info: {', 'model_info: { id: an-id,'));
}

async function send(pod: RealPod, events: readonly unknown[], key: string | null): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(key !== null && { authorization: `Bearer ${key}` }),
  };
  const answer = await fetch(`${pod.url}/litellm/events`, { method: 'POST', headers, body: JSON.stringify(events) });
  await answer.arrayBuffer();
  return answer.status;
}

/** A request that succeeded so many seconds ago. */
function event({ model_id, agoS = 1 }: { readonly model_id: string; readonly agoS?: number }): object {
  const endTime = Date.now() / 1_000 - agoS;
  return { model_id, status: 'success', startTime: endTime - 0.1, endTime, call_type: 'acompletion' };
}
