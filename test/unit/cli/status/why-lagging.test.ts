import { describe, expect, it } from 'vitest';
import { NOW, pageOf } from '../../../support/fleet-page.ts';
import { statusLines } from '../../../../src/cli/status/status-lines.ts';
import { whyLagging } from '../../../../src/cli/status/why-lagging.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import { plainPaint } from '../../../../src/terminal/index.ts';
import type { FleetBody } from '../../../../src/api/index.ts';

const page = pageOf([]);

describe('allswell status --why names a pod that lags', () => {
  it('by 10 s or more for a minute', () => {
    expect(whyLagging(lagging(10, 61))).toEqual([
      {
        code: 'pod-lags',
        level: 'problem',
        says: 'pod_b is behind Redis, ≥ 10 s for 61 s: it may route by old verdicts.',
        todo: expect.stringContaining('CPU limit'),
      },
    ]);
    expect(whyLagging(lagging(10, 59))).toEqual([]);
    expect(whyLagging(lagging(1, 600))).toEqual([]);
  });

  it('by a minute at once', () => {
    expect(whyLagging(lagging(60, 0)).map(({ code }) => code)).toEqual(['pod-lags']);
  });

  it('by the name of the pod, once for all pods that were asked', () => {
    const body = lagging(60, 5);
    const named = { ...body, pods: body.pods.map((pod) => ({ ...pod, pod_name: `allswell-${pod.pod.at(-1)}` })) };
    const found = findWhy([
      { kind: 'answered', url: 'http://a', page: named },
      { kind: 'answered', url: 'http://b', page: { ...named, pod: 'pod_b' } },
    ]).filter(({ code }) => code === 'pod-lags');
    expect(found.map(({ says }) => says)).toEqual([expect.stringMatching(/^allswell-b\b.* is behind Redis/)]);
  });

  it('but none of a version without lag, or that is not known', () => {
    expect(whyLagging(page)).toEqual([]);
    const [{ lag: _, mode: __, ...older }] = page.pods as [FleetBody['pods'][number]];
    expect(whyLagging({ ...page, pods: [older] })).toEqual([]);
  });
});

it('allswell status shows the mode and lag of every pod', () => {
  const { pods, ...rest } = lagging(1, 5);
  const [a, b] = pods as [FleetBody['pods'][number], FleetBody['pods'][number]];
  const { lag: _, mode: __, ...older } = { ...a, pod: 'pod_c' };
  const lines = statusLines({ ...rest, pods: [{ ...a, mode: 'last-known' }, b, older] }, plainPaint);
  expect(lines.filter((line) => line.includes('pod_') && line.includes('up ')).map((line) => line.trim())).toEqual([
    expect.stringMatching(/pod_a .* last known {2,}lag unknown/),
    expect.stringMatching(/pod_b .* shared {2,}lag ≥ 1 s/),
    expect.stringMatching(/pod_c .* mode unknown {2,}lag unknown/),
  ]);
});

/** One of two pods has this lag since so many seconds. */
function lagging(seconds: number, forS: number): FleetBody {
  const since = new Date(Date.parse(NOW) - forS * 1000).toISOString();
  const pods = page.pods.map((pod) =>
    pod.pod === 'pod_b' ? { ...pod, lag: { at_least_seconds: seconds, since } } : pod,
  );
  return { ...page, pods };
}
