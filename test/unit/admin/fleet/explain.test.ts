import { describe, expect, it } from 'vitest';
import { downView, NOW, PROBER, upView, viewOf } from '../../../golden/fleet-double.ts';
import { measuredPod } from '../../../golden/measured-pod.ts';
import type { MeasuredPod } from '../../../golden/measured-pod.ts';
import type { TargetView } from '../../../../src/ports/index.ts';

const SELF = 'pod_1795348600000_abcdef';
const failure = { class: 'server', status: 500, message: 'mock upstream says 500' } as const;

describe('GET /fleet/targets/{id}', () => {
  it('shows evidence with ages, witnesses, policy, the next probe and what would change the verdict', async () => {
    const pod = measuredPod('background_health_checks: true, health_check_interval: 20', ['bad-500']);
    const id = pod.target('bad-500');
    pod.fleet.set(downView(id, failure));
    pod.fleet.next = {
      reason: 'scheduled',
      at: NOW + 17_500_000,
      pods: [PROBER, SELF],
      everyMs: 20_000,
      hasSecondWitness: true,
    };
    const hashes = {
      version: '0.1.0',
      targetsHash: 't1',
      startedAt: 1_795_348_600_000,
      impaired: false,
      host: 'h',
      domain: 'd',
      blind: [],
      unreached: [],
    };
    pod.fleet.setStatus({
      members: [
        { ...hashes, pod: SELF, policyHash: pod.config.policyHash },
        { ...hashes, pod: PROBER, policyHash: 'other' },
      ],
    });
    expect(await ask(pod, id)).toMatchObject({
      pod: SELF,
      now: '2026-11-22T11:57:41.000Z',
      target: id,
      model: 'openai/bad-500',
      state: 'down',
      why: 'mock upstream says 500',
      age_seconds: 2.5,
      evidence: {
        last: { pod: PROBER, reason: 'confirmation', ok: false, class: 'server', status: 500, age_seconds: 2.5 },
        last_success: [],
        run: { kind: 'failed', length: 2 },
        failure_run: {
          length: 2,
          over: false,
          level: 'inference',
          witnesses: [{ pod: PROBER, reporter: null, self: false, live: true, age_seconds: 2.5 }],
        },
      },
      policy: {
        rise: 1,
        fall: 2,
        edge_interval_seconds: 5,
        interval_seconds: 20,
        timeout_seconds: 60,
        level: 'inference',
        stale_after_seconds: 300,
        pods_with_other_policy: [PROBER],
      },
      next_probe: {
        kind: 'planned',
        reason: 'scheduled',
        at: '2026-11-22T11:57:58.500Z',
        in_seconds: 17.5,
        by: PROBER,
        otherwise: [SELF],
      },
      would_change: [
        { to: 'up', needs: 'one good probe at level inference or deeper, started after 2026-11-22T11:57:38.500Z' },
      ],
    });
  });

  it('finds a target by its id, by that of a deployment and by a name, slashes and all', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'ok-embed']);
    const id = pod.target('ok-embed');
    for (const word of [
      id,
      'my-embed-id',
      'ok-embed',
      'openai/text-embedding-3-small',
      'openai%2Ftext-embedding-3-small',
    ]) {
      expect(await ask(pod, word)).toMatchObject({ target: id });
    }
    expect((await pod.get('/fleet/targets/nobody')).status).toBe(404);
  });

  it('does not guess where a name has several targets', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'bad-500', 'renamed']);
    const answer = await pod.get('/fleet/targets/openai/bad-500');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ detail: { targets: [pod.target('bad-500'), pod.target('renamed')] } });
  });

  it('says that a probe runs, and who makes it', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    pod.fleet.set(upView(id, { lease: { pod: PROBER, until: NOW + 1_000_000 } }));
    expect(await ask(pod, id)).toMatchObject({ next_probe: { kind: 'running', by: PROBER, at: null } });
  });

  it('names no next probe while probing is paused, but who paused it', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    const pause = { kind: 'pause', by: 'ops', reason: 'upgrade', until: NOW + 60_000_000, version: NOW } as const;
    pod.fleet.setStatus({ pause });
    expect(await ask(pod, id)).toMatchObject({
      next_probe: { kind: 'paused', at: null, by: null, otherwise: [], paused: { by: 'ops', reason: 'upgrade' } },
    });
    pod.fleet.set(upView(id, { lease: { pod: PROBER, until: NOW + 1_000_000 } }));
    expect(await ask(pod, id)).toMatchObject({ next_probe: { kind: 'running', by: PROBER } });
  });

  it('says that nobody looks until somebody asks', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    pod.fleet.next = { ...pod.fleet.next, at: null };
    expect(await ask(pod, pod.target('ok-chat'))).toMatchObject({
      next_probe: { kind: 'on-demand', in_seconds: null },
    });
  });

  it('shows which parameter of the probe is left out because the upstream rejected it', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    const view = upView(id);
    pod.fleet.set(view);
    expect(await ask(pod, id)).toMatchObject({ evidence: { probe_adapted: null } });
    if (view.facts === null) throw new Error('up without facts');
    pod.fleet.set({ ...view, facts: { ...view.facts, adapted: { parameter: 'temperature', bodyHash: 'h' } } });
    expect(await ask(pod, id)).toMatchObject({
      evidence: { probe_adapted: { parameter: 'temperature', renamed_to: null } },
    });
  });

  it('holds no secret of this pod, though the record of another does', async () => {
    const pod = measuredPod(undefined, ['bad-500']);
    const id = pod.target('bad-500');
    pod.fleet.set(downView(id, { ...failure, message: 'refused sk-upstream' }));
    expect(JSON.stringify(await ask(pod, id))).not.toContain('sk-upstream');
  });
});

describe('what would change a verdict', () => {
  it.each<[string, (id: string) => TargetView, boolean, object[]]>([
    ['unknown', (id) => viewOf(id), true, [{ to: 'up', needs: 'a first good probe' }, { to: 'suspect' }]],
    [
      'up',
      (id) => upView(id),
      true,
      [{ to: 'suspect', needs: 'a failed probe, which a second pod would then confirm' }],
    ],
    [
      'up and alone',
      (id) => upView(id),
      false,
      [{ to: 'suspect', needs: expect.stringContaining('2 in a row make it down') as string }],
    ],
    [
      'suspect by one witness',
      (id) => downView(id, failure, { state: 'suspect' }),
      true,
      [{ to: 'down', needs: `the same failure in a pod other than ${PROBER}` }, { to: 'up' }],
    ],
    [
      'only here',
      (id) => upView(id, { state: 'suspect', localOnly: true }),
      true,
      [{ to: 'up', needs: expect.stringContaining('a successful connection from this pod') as string }],
    ],
  ])('is told of one that is %s', async (_, view, hasSecondWitness, changes) => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    pod.fleet.set(view(id));
    pod.fleet.next = { ...pod.fleet.next, hasSecondWitness };
    expect(await ask(pod, id)).toMatchObject({ would_change: changes });
  });

  it('is the time that an overloaded upstream asked for', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    const view = upView(id, { state: 'degraded' });
    if (view.facts === null) throw new Error('up without facts');
    const series = { level: 'inference', since: NOW, at: NOW, length: 1, witnesses: [] } as const;
    const overload = { ...series, message: 'slow down', quietMs: 30_000 };
    pod.fleet.set({ ...view, facts: { ...view.facts, overload } });
    expect(await ask(pod, id)).toMatchObject({
      would_change: [
        {
          to: 'up',
          needs: 'a good probe at level inference or deeper, at 2026-11-22T11:58:11.000Z or later (Retry-After)',
        },
        { to: 'down', needs: '2 more probes without a good answer' },
        { to: 'suspect' },
      ],
    });
  });

  it('is no suspicion of a target that is down already', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    const view = upView(id, { state: 'down' });
    if (view.facts === null) throw new Error('up without facts');
    const overload = { level: 'inference', since: NOW, at: NOW, length: 3, witnesses: [], message: 'no' } as const;
    pod.fleet.set({ ...view, facts: { ...view.facts, overload } });
    expect(await ask(pod, id)).toMatchObject({
      would_change: [{ to: 'up', needs: 'a good probe at level inference or deeper' }],
    });
  });
});

describe('POST /fleet/targets/{id}/check', () => {
  it('brings the target up to date, then explains it', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const id = pod.target('ok-chat');
    pod.fleet.onCheck = ([target = '']) => pod.fleet.set(upView(target));
    const answer = await pod.post('/fleet/targets/ok-chat/check', '');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ target: id, state: 'up', evidence: { last: { ok: true } } });
    expect((await pod.post('/fleet/targets/openai%2Fgpt-4o-mini/check', '')).status).toBe(200);
    expect(pod.fleet.checks).toEqual([[id], [id]]);
  });

  it('answers 404 for a target of the list that the fleet no longer has', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    Object.assign(pod.fleet, { target: () => undefined });
    expect((await pod.get('/fleet/targets/ok-chat')).status).toBe(404);
    expect((await pod.post('/fleet/targets/ok-chat/check', '')).status).toBe(404);
  });

  it('checks nothing that it does not know, and nothing by GET', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    expect((await pod.post('/fleet/targets/nobody/check', '')).status).toBe(404);
    expect((await pod.get('/fleet/targets/ok-chat/check')).status).toBe(404);
    expect((await pod.post('/fleet/targets/ok-chat', '')).status).toBe(405);
    expect(pod.fleet.checks).toEqual([]);
  });
});

async function ask(pod: MeasuredPod, word: string): Promise<unknown> {
  return await (await pod.get(`/fleet/targets/${word}`)).json();
}
