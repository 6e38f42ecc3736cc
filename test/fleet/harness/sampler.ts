import { setTimeout as pass } from 'node:timers/promises';
import type { HealthBody } from '../../../src/api/index.ts';
import { waitedMs } from './processor.ts';
import type { Span } from './probes.ts';
import type { TestPod } from './pod.ts';

/** One answer of `/health`. */
export interface Sample {
  readonly pod: TestPod;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly body: HealthBody;
}

/** Asks pods for `/health` again and again, each as soon as a moment has passed since its last answer. */
export interface Sampler {
  /**
   * Durations of the answers asked for within a span, ms, without the time that the asking and the answering process
   * waited for a processor: that is the machine's doing.
   */
  durations(span: Span): number[];
  /** The slowest of them, for a message: how long, which pod, when, and for how long it waited for a processor. */
  slowest(span: Span): string;
  /** Ends it; rejects with the first failure to get an answer, or of `look`. */
  stop(): Promise<void>;
}

export interface SamplerInput {
  readonly pods: readonly TestPod[];
  /** Pause between an answer and the next question, ms. */
  readonly everyMs: number;
  /** Sees every answer. */
  readonly look?: (sample: Sample) => void;
}

export function startSampler({ pods, everyMs, look }: SamplerInput): Sampler {
  const times: { pod: string; askedAt: number; tookMs: number; waited: number }[] = [];
  const within = ({ from, to }: Span): typeof times => {
    return times.filter(({ askedAt }) => askedAt >= from && askedAt < to);
  };
  const stop = new AbortController();
  const loops = pods.map(async (pod) => {
    while (!stop.signal.aborted) {
      const waitedBefore = waitedMs(pod.pid) + waitedMs('self');
      const { status, text, askedAt, answeredAt } = await pod.get('/health');
      const waited = waitedMs(pod.pid) + waitedMs('self') - waitedBefore;
      if (status !== 200) throw new Error(`${pod.name} answered /health with ${status}`);
      times.push({ pod: pod.name, askedAt, waited, tookMs: Math.max(0, answeredAt - askedAt - waited) });
      look?.({ pod, askedAt, answeredAt, body: JSON.parse(text) as HealthBody });
      await pass(everyMs);
    }
  });
  const ended = Promise.all(loops);
  // Reported by stop(); until then it must not count as unhandled.
  ended.catch(() => undefined);
  return {
    durations: (span) => within(span).map(({ tookMs }) => tookMs),
    slowest: (span) => {
      const [first] = within(span).toSorted((a, b) => b.tookMs - a.tookMs);
      if (first === undefined) return 'no answer at all';
      const { pod, askedAt, tookMs, waited } = first;
      return `${tookMs.toFixed(1)} ms and ${waited.toFixed(1)} ms of waiting, ${pod}, ${new Date(askedAt).toISOString()}`;
    },
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Such as `p50 1.2 ms, p99 6.0 ms, worst 8.1 ms of 60`. */
export function summary(values: readonly number[]): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const worst = Math.max(...values);
  return `p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, worst ${ms(worst)} of ${values.length}`;
}
