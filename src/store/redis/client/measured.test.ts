import { describe, expect, it } from 'vitest';
import type { FleetMetrics } from '../../../ports/index.ts';
import { manualClock } from '../../../testing/manual-clock.ts';
import { measured } from './measured.ts';

describe('measured', () => {
  it('measures the duration of each command and the code of each loss', async () => {
    const clock = manualClock();
    const seen: unknown[] = [];
    const metrics: Partial<FleetMetrics> = {
      storeCommand: (command, durationMs) => seen.push([command, durationMs]),
      storeError: (command, code) => seen.push([command, code]),
    };
    const measure = measured(clock, metrics as FleetMetrics);
    const lost = { kind: 'lost', loss: { code: 'timeout', message: 'Command timed out' } } as const;
    await measure('claim', () => {
      clock.advance(7);
      return Promise.resolve({ kind: 'ok' });
    });
    expect(await measure('ping', () => Promise.resolve(lost))).toBe(lost);
    expect(seen).toEqual([
      ['claim', 7],
      ['ping', 0],
      ['ping', 'timeout'],
    ]);
  });
});
