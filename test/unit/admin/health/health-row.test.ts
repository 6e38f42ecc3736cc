import { describe, expect, it } from 'vitest';
import type { HealthBody } from '../../../../src/api/index.ts';
import { downView, PROBER, upView, viewOf } from '../../../golden/fleet-double.ts';
import { measuredPod } from '../../../golden/measured-pod.ts';
import type { TargetView } from '../../../../src/ports/index.ts';

describe('rows of /health', () => {
  it('keep a suspect target healthy until it is confirmed', async () => {
    const { healthy_endpoints: healthy } = await listed((id) =>
      downView(id, { class: 'server', message: 'HTTP 500' }, { state: 'suspect' }),
    );
    expect(healthy).toMatchObject([{ state: 'suspect' }]);
  });

  it('leave stale evidence in its list, and say so with its true age', async () => {
    const { healthy_endpoints: healthy } = await listed((id) => upView(id, { stale: true, ageMs: 3_600_000.2 }));
    expect(healthy).toMatchObject([{ state: 'up', stale: true, age_seconds: 3600.001 }]);
  });

  it('list what only this pod cannot reach as unhealthy, and say that the fleet disagrees', async () => {
    const why = 'only this pod fails, other pods reach it: network: connect ECONNREFUSED 10.0.0.7:443';
    const { unhealthy_endpoints: unhealthy } = await listed((id) =>
      upView(id, { state: 'suspect', localOnly: true, why }),
    );
    expect(unhealthy).toMatchObject([
      { error: `Other pods have a different result: ${why}`, exception_status: 500, state: 'suspect' },
    ]);
  });

  it("keep a target whose only evidence is one other pod's failure unknown, with that evidence", async () => {
    const failing = (id: string): TargetView =>
      downView(id, { class: 'network', message: 'refused' }, { state: 'unknown' });
    const { unknown_endpoints: unknown, unhealthy_endpoints: unhealthy } = await listed(failing);
    expect(unknown).toMatchObject([{ state: 'unknown', checked_by: PROBER }]);
    expect(unhealthy).toEqual([]);
  });

  it('show 500 where nothing answered, and the first line of the message only', async () => {
    const message = 'connect ECONNREFUSED 10.0.0.7:443\n    at TCPConnectWrap.afterConnect';
    const { unhealthy_endpoints: unhealthy } = await listed((id) => downView(id, { class: 'network', message }));
    expect(unhealthy).toMatchObject([
      {
        error: 'litellm.InternalServerError: InternalServerError: OpenAIException - connect ECONNREFUSED 10.0.0.7:443',
        exception_status: 500,
      },
    ]);
  });

  it('hold no secret, known or unknown, though the upstream repeats it', async () => {
    const message = 'bad key sk-upstream, did you mean sk-other-key-12345678?';
    const { text } = await ask((id) => downView(id, { class: 'auth', status: 401, message }));
    expect(text).toContain('bad key [redacted], did you mean [redacted]?');
    expect(text).not.toMatch(/sk-/);
  });

  it('show the limits that LiteLLM shows, and no other header', async () => {
    const limits = { 'x-ratelimit-remaining-requests': '999', 'x-request-id': 'r1', 'set-cookie': 'c' };
    const { text } = await ask((id) => {
      const view = upView(id);
      if (view.facts === null) throw new Error('up without facts');
      return { ...view, facts: { ...view.facts, last: { ...view.facts.last, limits } } };
    });
    expect(text).toContain('"model":"openai/gpt-4o-mini","x-ratelimit-remaining-requests":"999","model_id"');
    expect(text).not.toMatch(/request-id|cookie/);
  });

  it.each(['unconfirmed', 'rate-limited', 'slow', 'probe-rejected', 'budget-spent'] as const)(
    'say %s beside the state',
    async (flag) => {
      const { healthy_endpoints: healthy } = await listed((id) => upView(id, { flags: [flag] }));
      expect(healthy).toMatchObject([{ state: 'up', flags: [flag] }]);
    },
  );

  it('say which parameter of the probe the upstream rejected, and as what it is sent instead', async () => {
    const adapted = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: '0123456789ab' };
    const { healthy_endpoints: healthy } = await listed((id) => {
      const view = upView(id);
      if (view.facts === null) throw new Error('up without facts');
      return { ...view, facts: { ...view.facts, adapted } };
    });
    expect(healthy).toMatchObject([
      { probe_adapted: { parameter: 'max_tokens', renamed_to: 'max_completion_tokens' } },
    ]);
  });

  it('make the age on top that of the oldest evidence', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'ok-embed', 'bad-500']);
    pod.fleet.set(upView(pod.target('ok-chat'), { ageMs: 1_000 }));
    pod.fleet.set(upView(pod.target('ok-embed'), { ageMs: 7_000 }));
    expect(await (await pod.get('/health')).json()).toMatchObject({ age_seconds: 7, unknown_count: 1 });
  });
});

async function listed(viewFor: (id: string) => TargetView): Promise<HealthBody> {
  return JSON.parse((await ask(viewFor)).text) as HealthBody;
}

async function ask(viewFor: (id: string) => TargetView): Promise<{ text: string }> {
  const pod = measuredPod(undefined, ['ok-chat']);
  const id = pod.target('ok-chat');
  pod.fleet.set(viewOf(id));
  pod.fleet.set(viewFor(id));
  return { text: await (await pod.get('/health')).text() };
}
