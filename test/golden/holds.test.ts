import { describe, expect, it } from 'vitest';
import type { HealthBody, ModelsBody } from '../../src/api/index.ts';
import type { Hold } from '../../src/ports/index.ts';
import { downView, NOW, upView, viewOf } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';

const hold: Hold = { kind: 'drain', by: 'ops', reason: 'maintenance', version: NOW, until: NOW + 60_000_000 };
const shown = {
  kind: 'drain',
  by: 'ops',
  reason: 'maintenance',
  at: '2026-11-22T11:57:41.000Z',
  until: '2026-11-22T11:58:41.000Z',
};

describe('a hold in the answers', () => {
  it('puts a drained target among the unhealthy, with who and why, and leaves its state as it was seen', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    pod.fleet.set(upView(pod.target('ok-chat'), { hold, effective: 'down' }));
    const body = (await (await pod.get('/health')).json()) as HealthBody;
    expect(body.unhealthy_endpoints).toMatchObject([
      {
        error: 'held: drain by ops until 2026-11-22T11:58:41.000Z: maintenance',
        exception_status: 503,
        state: 'up',
        hold: shown,
      },
    ]);
    expect((await pod.get('/health?model=ok-chat')).status).toBe(503);
  });

  it('says so in short rows, too, and hides the model from who wants working ones', async () => {
    const pod = measuredPod('background_health_checks: true, health_check_details: false', ['ok-chat', 'ok-embed']);
    pod.fleet.set(upView(pod.target('ok-chat'), { hold, effective: 'down' }));
    pod.fleet.set(upView(pod.target('ok-embed')));
    expect(await (await pod.get('/health')).json()).toMatchObject({
      healthy_count: 1,
      unhealthy_endpoints: [{ exception_status: 503, hold: shown }],
    });
    const models = (await (await pod.get('/v1/models?healthy_only=true')).json()) as ModelsBody;
    expect(models.data.map(({ id }) => id)).toEqual(['ok-embed']);
  });

  it.each([
    ['down', downView],
    ['never judged', (id: string, _: unknown, change: object) => viewOf(id, change)],
  ])('puts a target that is held up among the healthy, though it is %s', async (_, view) => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const change = { hold: { ...hold, kind: 'hold-up' }, effective: 'up' } as const;
    pod.fleet.set(view(pod.target('ok-chat'), { class: 'server', message: 'HTTP 500' }, change));
    const answer = await pod.get('/health?model=ok-chat');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ healthy_endpoints: [{ hold: { kind: 'hold-up' } }] });
    const models = (await (await pod.get('/v1/models?healthy_only=true')).json()) as ModelsBody;
    expect(models.data).toHaveLength(1);
  });

  it('is in /fleet and in the explanation, and a pause wherever health is', async () => {
    const pod = measuredPod('background_health_checks: true, use_shared_health_check: true', ['ok-chat']);
    pod.fleet.set(upView(pod.target('ok-chat'), { hold, effective: 'down' }));
    pod.fleet.setStatus({ pause: { ...hold, kind: 'pause', until: null } });
    const paused = { ...shown, kind: 'pause', until: null };
    expect(await (await pod.get('/fleet')).json()).toMatchObject({
      probing_paused: paused,
      targets: [{ state: 'up', effective: 'down', hold: shown }],
    });
    expect(await (await pod.get('/fleet/targets/ok-chat')).json()).toMatchObject({ effective: 'down', hold: shown });
    expect(await (await pod.get('/health')).json()).toMatchObject({ probing_paused: paused });
    expect(await (await pod.get('/health/shared-status')).json()).toMatchObject({ status: { probing_paused: paused } });
  });
});

describe('the endpoints of holds', () => {
  it.each(['drain', 'hold-up'] as const)(
    '%s decides on the target that is named, and answers what is stored',
    async (kind) => {
      const pod = measuredPod(undefined, ['ok-chat']);
      const answer = await pod.post(`/fleet/targets/ok-chat/${kind}`, {
        reason: ' main\ntenance ',
        until: '2h',
        by: 'ann',
      });
      const target = pod.target('ok-chat');
      const until = NOW + 7_200_000_000;
      expect(pod.fleet.decided).toEqual([{ on: target, kind, until, by: 'ann (master key)', reason: 'main tenance' }]);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({
        changed: true,
        hold: { kind, by: 'ann (master key)', reason: 'main tenance', at: shown.at, until: '2026-11-22T13:57:41.000Z' },
        targets: [{ target, model: 'openai/gpt-4o-mini', upstream_host: expect.any(String) as string, region: null }],
        pods: 1,
        mode: 'shared',
      });
    },
  );

  it('end a hold without a reason', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const answer = await pod.post(`/fleet/targets/${pod.target('ok-chat')}/undrain`, {});
    expect(await answer.json()).toMatchObject({ hold: { kind: 'none', by: 'master key', reason: 'ended' } });
  });

  it('pause and resume the probing of the fleet', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'ok-embed']);
    const paused = await pod.post('/fleet/probing/pause', { reason: 'cost' });
    expect(await paused.json()).toMatchObject({ hold: { kind: 'pause', until: null }, targets: [{}, {}] });
    await pod.post('/fleet/probing/resume', {});
    expect(pod.fleet.decided).toMatchObject([
      { on: 'probing', kind: 'pause' },
      { on: 'probing', kind: 'none' },
    ]);
  });

  it('restrict the LiteLLM cooldowns of the fleet, and end the restriction', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const observed = await pod.post('/fleet/cooldowns/observe', { reason: 'upgrade', until: '30m' });
    expect(await observed.json()).toMatchObject({
      hold: { kind: 'cooldowns-observe', reason: 'upgrade' },
      targets: [],
    });
    await pod.post('/fleet/cooldowns/off', {});
    await pod.post('/fleet/cooldowns/on', {});
    expect(pod.fleet.decided).toMatchObject([
      { on: 'cooldowns', kind: 'cooldowns-observe', until: NOW + 1_800_000_000 },
      { on: 'cooldowns', kind: 'cooldowns-off', until: null, reason: 'no reason given' },
      { on: 'cooldowns', kind: 'none', until: null },
    ]);
  });

  it('refuse an unknown mode of cooldowns, and an end of "on"', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const always = await pod.post('/fleet/cooldowns/always', {});
    expect(await always.json()).toMatchObject({ detail: [{ loc: ['path', 'mode'] }] });
    const on = await pod.post('/fleet/cooldowns/on', { until: '30m' });
    expect(on.status).toBe(422);
    expect(await on.json()).toMatchObject({ detail: [{ loc: ['body', 'until'] }] });
    expect(pod.fleet.decided).toEqual([]);
  });

  it.each([
    [{}, ['body', 'reason']],
    [{ reason: '  ' }, ['body', 'reason']],
    [{ reason: 'x', until: 'soon' }, ['body', 'until']],
    [{ reason: 'x', until: '2026-11-22T11:00:00Z' }, ['body', 'until']],
    [{ reason: 'x', until: '367d' }, ['body', 'until']],
  ])('refuse %j', async (body, loc) => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const answer = await pod.post('/fleet/targets/ok-chat/drain', body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: [{ loc }] });
    expect(pod.fleet.decided).toEqual([]);
  });

  it('say that nothing was changed while the store is away, and that nobody knows where nobody does', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    pod.fleet.outcome = () => ({ kind: 'store-lost', why: 'no answer within 250 ms', done: 'nothing' });
    const nothing = await pod.post('/fleet/targets/ok-chat/drain', { reason: 'x' });
    expect(nothing.status).toBe(503);
    expect(await nothing.text()).toContain(
      'Hold not stored, nothing changed: Redis does not answer (no answer within 250 ms)',
    );
    pod.fleet.outcome = () => ({ kind: 'store-lost', why: 'no answer within 250 ms', done: 'unknown' });
    const unknown = await pod.post('/fleet/targets/ok-chat/drain', { reason: 'x' });
    expect(unknown.status).toBe(503);
    expect(await unknown.text()).toContain('Unknown whether the hold was stored');
  });

  it('know no other names, and no name of several upstreams', async () => {
    const pod = measuredPod(undefined, ['bad-500', 'renamed']);
    expect((await pod.post('/fleet/targets/nobody/drain', { reason: 'x' })).status).toBe(404);
    const several = await pod.post('/fleet/targets/openai%2Fbad-500/drain', { reason: 'x' });
    expect(several.status).toBe(409);
    expect(((await several.json()) as { detail: { targets: unknown[] } }).detail.targets.length).toBeGreaterThan(1);
  });

  it('store no secret of this pod', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    await pod.post('/fleet/targets/ok-chat/drain', { reason: 'leaked sk-upstream' });
    expect(JSON.stringify(pod.fleet.decided)).not.toContain('sk-upstream');
  });
});
