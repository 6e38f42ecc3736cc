import { describe, expect, it } from 'vitest';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';
import type { FleetBody } from '../../../../src/api/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';

const STARTED = '2026-11-23T05:00:00.000Z';

function codesOf(
  minutesUp: number,
  events: string | null,
  { eventsKey = true, source }: { eventsKey?: boolean; source?: string } = {},
): readonly string[] {
  const now = new Date(Date.parse(STARTED) + minutesUp * 60_000).toISOString();
  const page = pageOf([targetOf({})], 'pod_a', now);
  const signs = { ...page.bridge.litellm_signs, events };
  const whole: FleetBody = {
    ...page,
    ...(source !== undefined && {
      traffic: { ...page.traffic, observations: [{ source, class: 'server', count: 1 }] },
    }),
    pods: page.pods.map((pod) => ({ ...pod, self: pod.pod === 'pod_a', started_at: STARTED })),
    bridge: { ...page.bridge, litellm_signs: signs },
    setup: { ...page.setup, events_key: eventsKey },
  };
  return findWhy([{ kind: 'answered', url: 'http://pod_a', page: whole }]).map(({ code }) => code);
}

describe('what allswell status --why finds about events that do not come', () => {
  it('is a note once a pod with a key for them runs for ten minutes', () => {
    expect(codesOf(9, null)).toEqual([]);
    expect(codesOf(10, null)).toEqual(['events-missing']);
  });

  it('is nothing where events came, or where no key is configured for them', () => {
    expect(codesOf(30, '2026-11-23T05:29:00.000Z')).toEqual([]);
    // Another program uses the key.
    expect(codesOf(30, null, { source: 'external' })).toEqual([]);
    expect(codesOf(30, null, { source: 'traffic' })).toEqual(['events-missing']);
    expect(codesOf(30, null, { eventsKey: false })).toEqual([]);
  });
});
