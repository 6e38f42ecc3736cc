import type { ExplainBody, FailureRunBody, OverloadBody, ProbeBody } from '../../src/api/index.ts';
import { latencyText } from './durations.ts';

/** One piece of evidence, with its time. */
export interface TimelineItem {
  readonly at: string;
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly text: string;
}

/** All dated evidence about a target, the newest first. `nameOf`: name of a pod by its id. */
export function timelineOf(body: ExplainBody, nameOf: (pod: string) => string): readonly TimelineItem[] {
  const { evidence, hold, since, state } = body;
  const { last, last_success: good, failure_run: run, overload, rejected } = evidence;
  const items: TimelineItem[] = [
    ...(last === null ? [] : [lastProbe(last, nameOf)]),
    ...good
      .filter(({ at }) => at !== last?.at)
      .map(({ at, level }): TimelineItem => ({ at, tone: 'good', text: `Last success at level ${level}` })),
    ...(run === null ? [] : failures(run, { last, nameOf })),
    ...(overload === null ? [] : [overloaded(overload)]),
    ...(rejected === null
      ? []
      : [{ at: rejected.at, tone: 'bad' as const, text: `The upstream rejects the probe: ${rejected.message}` }]),
    ...(hold === null
      ? []
      : [{ at: hold.at, tone: 'neutral' as const, text: `${hold.kind} by ${hold.by}: ${hold.reason}` }]),
    ...(since === null ? [] : [{ at: since, tone: 'neutral' as const, text: `State ${state} began` }]),
  ];
  return items.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function lastProbe(last: ProbeBody, nameOf: (pod: string) => string): TimelineItem {
  const { at, ok, latency_ms: ms, pod, reason, level, status, message } = last;
  const result = ok
    ? `passed in ${latencyText(ms)}`
    : `failed: ${message ?? last.class ?? 'no answer'}${httpText(status)}`;
  return { at, tone: ok ? 'good' : 'bad', text: `Last probe (${reason}, ${level}) by ${nameOf(pod)} ${result}` };
}

interface Around {
  readonly last: ProbeBody | null;
  readonly nameOf: (pod: string) => string;
}

function failures(run: FailureRunBody, { last, nameOf }: Around): readonly TimelineItem[] {
  const first = `${run.length} × ${run.class}${httpText(run.status)} since then${run.over ? ', ended by a success' : ''}`;
  return [
    { at: run.since, tone: 'bad', text: `Failures began: ${first}` },
    ...run.witnesses
      .filter(({ at, pod }) => at !== last?.at || pod !== last.pod)
      .map(({ at, pod, live, self }): TimelineItem => {
        const notes = [...(self ? ['this pod'] : []), ...(live ? [] : ['no longer in the fleet'])];
        return {
          at,
          tone: 'bad',
          text: `Witness: ${nameOf(pod)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''} saw it fail`,
        };
      }),
  ];
}

function overloaded({ at, length, message, status }: OverloadBody): TimelineItem {
  return { at, tone: 'bad', text: `${length} × overloaded${httpText(status)}: ${message}` };
}

function httpText(status: number | undefined): string {
  return status === undefined ? '' : ` (HTTP ${status})`;
}
