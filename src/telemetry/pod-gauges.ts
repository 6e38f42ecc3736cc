import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { podCountOf } from '../ports/index.ts';
import type { FleetMode, FleetReader } from '../ports/index.ts';
import { setRoutable } from './fleet-gauges.ts';
import type { MeasuredConfig, MeasuredNames } from './measured-config.ts';
import { podMetricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';
import { STATE_VALUES } from './state-value.ts';

/** Gauges of this pod's own view. */
export interface PodGauges {
  /** Sets every gauge from the view as it is now: the end of an overload by time raises no event. */
  set(fleet: FleetReader, names: MeasuredNames, config: MeasuredConfig): void;
}

const modes: readonly FleetMode[] = ['shared', 'independent', 'fallback'];

export function createPodGauges(registry: Registry): PodGauges {
  const storeMode = new Gauge(metricOptions(registry, podMetricList.storeMode));
  const knownPods = new Gauge(metricOptions(registry, podMetricList.knownPods));
  const impaired = new Gauge(metricOptions(registry, podMetricList.impaired));
  const viewLag = new Gauge(metricOptions(registry, podMetricList.viewLag));
  const targetState = new Gauge(metricOptions(registry, podMetricList.podTargetState));
  const routable = new Gauge(metricOptions(registry, podMetricList.podGroupRoutable));
  const localOnly = new Gauge(metricOptions(registry, podMetricList.podLocalOnly));
  return {
    set: (fleet, names, config) => {
      const status = fleet.status();
      for (const mode of modes) storeMode.set({ mode }, status.mode === mode ? 1 : 0);
      // Without the store the members are those that it last had.
      knownPods.set(status.mode === 'fallback' ? 1 : podCountOf(status));
      impaired.set(status.impaired ? 1 : 0);
      // A gauge without a value would show 0.
      viewLag.remove();
      if (status.lagSeconds !== undefined) viewLag.set(status.lagSeconds);
      // Targets go when the configuration is read anew, and their gauges must not stay at what they were.
      targetState.reset();
      const views = fleet.targets();
      for (const { id, state } of views) {
        targetState.set({ target: id, model: names.get(id) ?? '' }, STATE_VALUES[state]);
      }
      routable.reset();
      setRoutable(routable, views, config);
      localOnly.set(views.filter((view) => view.localOnly).length);
    },
  };
}
