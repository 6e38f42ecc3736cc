import { expect, it } from 'vitest';
import { downView, NOW, PROBER, upView } from '../../../golden/fleet-double.ts';
import { measuredPod } from '../../../golden/measured-pod.ts';

it('/fleet shows pods, leases, records and the reason of every state', async () => {
  const pod = measuredPod(undefined, ['ok-chat', 'bad-500']);
  const [up, down] = [pod.target('ok-chat'), pod.target('bad-500')];
  pod.fleet.set(upView(up, { lease: { pod: PROBER, until: NOW + 5_000_000 } }));
  pod.fleet.set(downView(down, { class: 'server', status: 500, message: 'mock upstream says 500' }));
  const hashes = {
    version: '0.1.0',
    policyHash: 'p1',
    targetsHash: 't1',
    startedAt: 1_795_348_600_000,
    host: 'h',
    domain: 'd',
    blind: [],
    unreached: [],
  };
  pod.fleet.setStatus({
    members: [
      { ...hashes, pod: 'pod_1795348600000_abcdef', impaired: false },
      { ...hashes, pod: PROBER, policyHash: 'p2', impaired: true },
    ],
    leases: [{ target: up, pod: PROBER, until: NOW + 5_000_000 }],
    quarantined: [down],
  });
  const answer = await pod.get('/fleet');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    pod: 'pod_1795348600000_abcdef',
    fleet: 'default',
    mode: 'shared',
    now: '2026-11-22T11:57:41.000Z',
    impaired: false,
    store: { available: true, problem: null, epoch: 'e1', seq: 7 },
    pods: [
      { pod: 'pod_1795348600000_abcdef', self: true, policy_hash: 'p1', impaired: false },
      { pod: PROBER, self: false, policy_hash: 'p2', targets_hash: 't1', version: '0.1.0', impaired: true },
    ],
    leases: [{ target: up, model: 'openai/gpt-4o-mini', pod: PROBER, until: '2026-11-22T11:57:46.000Z' }],
    quarantined: [{ target: down, model: 'openai/bad-500' }],
    targets: [
      {
        target: up,
        model: 'openai/gpt-4o-mini',
        deployments: [{ model_name: 'ok-chat' }],
        state: 'up',
        why: 'the last probe passed',
        age_seconds: 2.5,
        lease: { pod: PROBER },
        record: { run: { kind: 'ok', length: 3 }, last: { pod: PROBER, reason: 'scheduled' } },
      },
      {
        target: down,
        state: 'down',
        why: 'mock upstream says 500',
        record: { failureRun: { witnesses: [{ pod: PROBER }] } },
      },
    ],
  });
});

it('/fleet holds no secret, though a record from another pod does', async () => {
  const pod = measuredPod(undefined, ['bad-500']);
  const message = 'refused for sk-upstream';
  pod.fleet.set(downView(pod.target('bad-500'), { class: 'auth', status: 401, message }, { why: message }));
  pod.fleet.setStatus({ storeProblem: 'WRONGPASS for redis://user:hunter2@redis:6379' });
  const text = await (await pod.get('/fleet')).text();
  expect(text).toContain('refused for [redacted]');
  expect(text).not.toMatch(/sk-upstream|hunter2/);
});
