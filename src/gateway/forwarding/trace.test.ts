import { expect, it } from 'vitest';
import type { Logger } from '../../ports/index.ts';
import { createTrace } from './trace.ts';

const outcome = { kind: 'success', firstByteMs: 3.2, durationMs: 9.9 } as const;
const deployment = { id: 'd', group: 'g', target: 't', tags: [] };
const step = { kind: 'attempt', deployment, number: 1, waitMs: 0, timeoutMs: 1_000, why: 'first' } as const;

function traced(level: Pick<Logger, 'debugs'>): readonly string[] {
  const lines: string[] = [];
  const ignore = (): void => undefined;
  const logger = {
    ...level,
    debug: (line: string) => void lines.push(line),
    info: ignore,
    warn: ignore,
    error: ignore,
  };
  const trace = createTrace({ callId: 'id', group: 'g', podName: 'pod-1' }, logger);
  trace.attempted({ step, outcome });
  trace.gaveUp('no-deployment');
  trace.end({ outcome: 'failed', status: 429 });
  return lines;
}

it('a request is one line at debug, with every attempt, and nothing where debug lines are not written', () => {
  const line =
    'Request id to g at pod-1: 1 d (first) answered in 10 ms, first byte after 3 ms; gave up: no-deployment; failed 429';
  expect([traced({}), traced({ debugs: true }), traced({ debugs: false })]).toEqual([[line], [line], []]);
});
