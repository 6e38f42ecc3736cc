import { describe, expect, it } from 'vitest';
import type { FleetBody } from '../../../../src/api/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import type { Finding } from '../../../../src/cli/status/finding.ts';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';

const PAUSE = { kind: 'pause', by: 'ann', reason: 'INC-1', at: '2026-11-24T00:00:00.000Z', until: null } as const;
const PAGE = pageOf([targetOf({})]);

function find(...pages: readonly FleetBody[]): readonly Finding[] {
  return findWhy(pages.map((page) => ({ kind: 'answered', url: `http://${page.pod}`, page })));
}

function bridge(changes: Partial<FleetBody['bridge']>, redis = true): FleetBody {
  return {
    ...PAGE,
    bridge: { ...PAGE.bridge, ...changes },
    setup: { ...PAGE.setup, litellm_bridge: true, redis_configured: redis },
  };
}

describe('what allswell status --why finds where nothing finds an outage', () => {
  const cooldowns = (mode: 'off' | 'observe'): FleetBody => bridge({ cooldowns: { ...PAGE.bridge.cooldowns, mode } });

  it('is a problem while probing is paused and cooldowns are off', () => {
    const found = find({ ...cooldowns('off'), probing_paused: PAUSE });
    expect(found.find(({ code }) => code === 'nothing-finds-outages')).toMatchObject({
      level: 'problem',
      says: "Nothing can find an outage: probing is paused, and LiteLLM's cooldowns are not read.",
    });
  });

  it.each([
    ['probing goes on', cooldowns('off')],
    ["LiteLLM's cooldowns are read", { ...cooldowns('observe'), probing_paused: PAUSE }],
  ])('is none while %s', (_name, page) => {
    expect(find(page).map(({ code }) => code)).not.toContain('nothing-finds-outages');
  });
});

describe('what allswell status --why advises for a bridge without Redis', () => {
  const todo = (why: string, redis: boolean): string | undefined =>
    find(bridge({ state: redis ? 'unreachable' : 'off', why }, redis)).find(
      ({ code }) => code === 'bridge-without-redis',
    )?.todo;

  it('depends on whether one is configured, and on what happened', () => {
    expect(todo('this pod does not share health through Redis', false)).toMatch(/^No Redis is configured\. /);
    expect(todo('Redis does not answer: no answer in time', true)).toMatch(/^Redis gives no answer within .*hangs/);
    expect(todo('Redis does not answer: connect ECONNREFUSED 127.0.0.1:1', true)).toMatch(/^Nothing listens /);
  });
});

describe('what allswell status --why finds at two pods, one of which fails alone', () => {
  it('is one finding, with the error', () => {
    const [own] = PAGE.pods;
    const failing = pageOf([targetOf({ local_only: true, why: 'network: connect ECONNREFUSED' })]);
    const other = { ...PAGE, pod: 'pod_y', pods: [{ ...own!, self: false, unreached: ['id-a'] }] };
    const codes = (...pages: readonly FleetBody[]): readonly string[] =>
      find(...pages).flatMap(({ code, says }) => (code === 'only-this-pod-fails' ? [says] : []));
    expect(codes(failing, other)).toEqual([expect.stringContaining('ECONNREFUSED')]);
    expect(codes(other)).toHaveLength(1);
  });
});

describe('what allswell status --why finds about a slow target', () => {
  it('names the pod that probes', () => {
    const until = '2026-11-24T00:01:00.000Z';
    const target = targetOf({ state: 'degraded', flags: ['slow'], why: 'a running probe has had no answer for 51 s' });
    const lease = { target: target.target, model: null, pod: 'pod_z', until };
    const found = find({ ...pageOf([target]), leases: [lease] });
    expect(found.find(({ code }) => code === 'slow')?.says).toMatch(/no answer for 51 s; pod_z probes it\.$/);
  });
});
