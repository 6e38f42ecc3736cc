import { expect, it } from 'vitest';
import type { Logger } from '../../ports/index.ts';
import { createRequestCounts } from '../../telemetry/index.ts';
import { createRoutingLog } from './routing-log.ts';

it('counts and logs the beginning of a panic, and logs its end', () => {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const metrics = createRequestCounts();
  const log = createRoutingLog(logger, metrics, () => ({ targets: [] }));
  log.panic({ group: 'gpt', phase: 'began' });
  log.panic({ group: 'gpt', phase: 'ended' });
  expect(lines).toEqual([
    'No deployment of gpt is routable: requests go to all of them. To fix: see allswell status --why',
    'A deployment of gpt is routable again',
  ]);
  // Taken over by the primary process also before the first request has ended, and once.
  const primary = createRequestCounts();
  const taken = metrics.take();
  if (taken !== undefined) primary.add(taken);
  expect(metrics.take()).toBeUndefined();
  expect(primary.groups.get('gpt')?.panics).toBe(1);
});
