import { expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { createRecentRequests } from './recent-requests.ts';
import { createRequestCounts } from './request-counts.ts';

// oxlint-disable-next-line typescript/explicit-function-return-type -- plain parts
function open() {
  const counts = createRequestCounts();
  const clock = manualClock();
  const recent = createRecentRequests({ counts, running: () => counts.running(), clock });
  return { counts, clock, recent };
}

it('shows what requests met within the last minute, and forgets it after that', () => {
  const { counts, clock, recent } = open();
  const group = counts.group('g');
  group.ended({ outcome: 'answered', status: 200 }, 5);
  group.ended({ outcome: 'failed', status: 429 }, 5);
  group.unplaced('over-limit');
  group.ended({ outcome: 'failed', status: 400 }, 5);
  group.ended({ outcome: 'broken-off', status: 504 }, 5);
  group.ended({ outcome: 'left-before-answer', status: 499 }, 5);
  group.unroutable();
  group.retryRefused();
  counts.deployment('d', 'g').began();
  counts.deployment('d', 'g').abandoned();
  counts.refused('in-flight');
  counts.refused('buffered-bytes');
  counts.refused('no-key');
  clock.advance(10_000);
  expect(recent.recent()).toEqual({
    coveredMs: 10_000,
    refused: 2,
    groups: [
      {
        group: 'g',
        requests: 5,
        answered: 1,
        failed: 1,
        brokenOff: 1,
        leftBeforeAnswer: 1,
        overLimit: 1,
        noDeployment: 0,
        unroutable: 1,
        retriesRefused: 1,
      },
    ],
    deployments: [{ deployment: 'd', group: 'g', inFlight: 1, leftBeforeAnswer: 1 }],
  });
  clock.advance(60_000);
  // What is in flight is not over.
  expect(recent.recent()).toMatchObject({
    refused: 0,
    groups: [],
    deployments: [{ deployment: 'd', inFlight: 1, leftBeforeAnswer: 0 }],
  });
  expect(recent.recent().coveredMs).toBeLessThanOrEqual(60_000);
  expect(recent.refusedInAll()).toBe(2);
  recent.stop();
  expect(clock.pending()).toBe(0);
});

it('shows what workers counted as its own', () => {
  const worker = createRequestCounts();
  worker.group('g').ended({ outcome: 'left-before-answer', status: 499 }, 5);
  worker.group('g').retryRefused();
  worker.group('g').unplaced('no-deployment');
  worker.deployment('d', 'g').abandoned();
  const { counts, recent } = open();
  const taken = worker.take();
  if (taken !== undefined) counts.add(taken);
  expect(recent.recent()).toMatchObject({
    groups: [{ requests: 1, leftBeforeAnswer: 1, retriesRefused: 1, noDeployment: 1 }],
    deployments: [{ deployment: 'd', leftBeforeAnswer: 1 }],
  });
  expect(worker.take()).toBeUndefined();
});
