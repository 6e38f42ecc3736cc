import type { FleetEvents, SnapshotEvent } from '../../api/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetChange, FleetReader } from '../../ports/index.ts';
import { redacted, targetOf } from './fleet-body.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { isoOf } from '../times.ts';

/** What events are made of. */
export interface EventParts {
  readonly fleet: FleetReader;
  readonly redact: (text: string) => string;
  /** As it is now: it may change while the pod runs. */
  readonly config: () => Pick<AllswellConfig, 'targets' | 'deployments'>;
}

/** The whole view, without the records behind it. */
export function snapshotOf({ fleet, config, redact }: EventParts): SnapshotEvent {
  const { pod, fleet: name, mode, now } = fleet.status();
  const targets = fleet.targets().map((view) => targetOf(view, config()));
  return redacted({ pod, fleet: name, mode, now: isoOf(now), targets }, redact);
}

/** What happened, with what a reader needs to go on from its snapshot. */
export function changeOf(change: FleetChange, { fleet, config, redact }: EventParts): FleetEvents[FleetChange['kind']] {
  const now = isoOf(fleet.status().now);
  switch (change.kind) {
    case 'verdict-changed': {
      const { from, to, view } = change;
      return redacted<FleetEvents['verdict-changed']>({ now, from, to, ...targetOf(view, config()) }, redact);
    }
    case 'hold-changed':
      return redacted<FleetEvents['hold-changed']>({ now, ...targetOf(change.view, config()) }, redact);
    case 'probing-changed':
      return redacted<FleetEvents['probing-changed']>({ now, paused: heldOf(change.pause) }, redact);
    case 'cooldowns-changed':
      return redacted<FleetEvents['cooldowns-changed']>({ now, restriction: heldOf(change.restriction) }, redact);
    case 'mode-changed':
      return { now, mode: change.mode } satisfies FleetEvents['mode-changed'];
  }
}
