import { describe, expect, it } from 'vitest';
import { rowOf } from './check-row.ts';
import type { Known } from './source.ts';

const listed = { target: 't1', model: 'openai/a', deployments: [] };
const up: Omit<Known, 'last'> = {
  state: 'up',
  localOnly: false,
  why: 'the last probe passed',
  flags: [],
  run: 'ok',
  hold: null,
};
const probed = (answeredAgoMs: number): Known => ({ ...up, last: { pod: 'pod_b', latencyMs: 3, answeredAgoMs } });

describe('the row of a check', () => {
  it('names the pod and the age of a probe that was over before the check began (an ok of a pod that was cut off)', () => {
    expect(rowOf(listed, { kind: 'known', known: probed(6_400) }, 100)).toMatchObject({
      outcome: 'healthy',
      reused: { pod: 'pod_b', seconds_ago: 6 },
    });
    expect(rowOf(listed, { kind: 'known', known: probed(80) }, 100)).toMatchObject({
      outcome: 'healthy',
      reused: null,
    });
    expect(rowOf(listed, { kind: 'known', known: probed(20_000) }, 100)).toMatchObject({ outcome: 'not-judged' });
  });
});
