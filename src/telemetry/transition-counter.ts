import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { PodId, State, TargetId } from '../health/index.ts';
import type { FleetReader } from '../ports/index.ts';
import type { MeasuredNames } from './measured-config.ts';
import { podMetricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** Counts changes of targets' states in the pod whose evidence made them, so that the pods' counts can be added up. */
export interface TransitionCounter {
  /** Counts the changes of this fleet from now on. */
  observe(fleet: Pick<FleetReader, 'onChange' | 'status'>): void;
}

interface Count {
  readonly target: TargetId;
  readonly to: State;
  readonly times: number;
}

export function createTransitionCounter(registry: Registry, names: () => MeasuredNames): TransitionCounter {
  const states = new Map<TargetId, State>();
  /** The one that changed last is last. */
  const counts = new Map<string, Count>();
  const counter: Counter = new Counter({
    ...metricOptions(registry, podMetricList.transitions),
    collect: () => {
      counter.reset();
      forgetAllBut(names(), { states, counts });
      for (const { target, to, times } of counts.values()) {
        counter.inc({ target, model: names().get(target) ?? '', to }, times);
      }
    },
  });
  const changed = (target: TargetId, to: State, isByThisPod: boolean): void => {
    const from = states.get(target) ?? 'unknown';
    states.set(target, to);
    // The first state after a start is not a change.
    if (from === to || from === 'unknown' || !isByThisPod) return;
    const key = `${target} ${to}`;
    const times = (counts.get(key)?.times ?? 0) + 1;
    counts.delete(key);
    counts.set(key, { target, to, times });
    const [oldest] = counts.keys();
    if (counts.size > names().size && oldest !== undefined) counts.delete(oldest);
  };
  return {
    observe: (fleet) => {
      const pod: PodId = fleet.status().pod;
      fleet.onChange((change) => {
        // What only this pod sees is no state of the fleet.
        if (change.kind !== 'verdict-changed' || change.view.localOnly) return;
        changed(change.target, change.to, change.view.facts?.last.pod === pod);
      });
    },
  };
}

function forgetAllBut(
  names: MeasuredNames,
  { states, counts }: { states: Map<TargetId, State>; counts: Map<string, Count> },
): void {
  for (const target of states.keys()) if (!names.has(target)) states.delete(target);
  for (const [key, { target }] of counts) if (!names.has(target)) counts.delete(key);
}
