import type { ProbeTarget } from '../../config/index.ts';
import { evidenceKind } from '../../health/index.ts';
import type { TargetId } from '../../health/index.ts';
import { groupSpans, spansOf } from '../../history/index.ts';
import type { Cadence, PastPoint, StateSpan, TimeWindow } from '../../history/index.ts';
import type { FleetHistorian, FleetReader, TargetHistory } from '../../ports/index.ts';
import type { AdminConfig } from '../admin-options.ts';
import type { FoundGroup } from './find-group.ts';

/** A target's stored points, and its states over the window that was asked for. */
export interface PastTarget {
  readonly id: TargetId;
  readonly name: string;
  readonly stored: readonly PastPoint[];
  readonly spans: readonly StateSpan[];
}

/** The past of several targets, and of the group that they are. */
export interface Past {
  readonly window: TimeWindow;
  readonly targets: readonly PastTarget[];
  readonly spans: readonly StateSpan[];
}

/** The past, or the reason why the store could not be read. */
export type PastOutcome = ({ readonly kind: 'read' } & Past) | { readonly kind: 'store-lost'; readonly why: string };

export interface PastSource {
  readonly fleet: FleetHistorian & Pick<FleetReader, 'status' | 'target'>;
  readonly config: Pick<AdminConfig, 'targets' | 'deployments' | 'activation'>;
}

/** Reads the past of a group, or of one target, in a part of the past, or in a time in ms until now by the store's clock. */
export async function readPast(
  { fleet, config }: PastSource,
  group: PastInput['group'],
  range: PastInput['range'],
): Promise<PastOutcome> {
  const found = await fleet.history(group.targets);
  if (found.kind === 'store-lost') return found;
  return { kind: 'read', ...pastOf({ fleet, config }, found.histories, { group, range }) };
}

interface PastInput {
  readonly group: Pick<FoundGroup, 'targets' | 'hasUnprobed'>;
  /** A part of the past, or a time in ms until now. */
  readonly range: number | TimeWindow;
}

/** The past of a group from the histories of its targets, and perhaps of others. */
export function pastOf(
  { fleet, config }: PastSource,
  histories: readonly TargetHistory[],
  { group: { targets: ids, hasUnprobed }, range }: PastInput,
): Past {
  const { now } = fleet.status();
  const window = typeof range === 'number' ? { from: now - range * 1000, until: now } : range;
  const points = new Map(histories.map(({ target, ...one }) => [target, [...one.points, ...one.repeats]]));
  const inBackground = config.activation.mode === 'shared' || config.activation.mode === 'independent';
  const targets = config.targets
    .filter(({ id }) => ids.includes(id))
    .map((target) => {
      const stored = points.get(target.id) ?? [];
      const known = [...stored, ...newestOf(fleet, target.id)];
      return {
        id: target.id,
        name: target.name,
        stored,
        spans: spansOf(known, cadenceOf(target, inBackground), window),
      };
    });
  const each = targets.map(({ spans }) => spans);
  const unprobed: readonly StateSpan[] = [{ ...window, state: 'unknown' }];
  return { window, targets, spans: groupSpans(hasUnprobed ? [...each, unprobed] : each, window) };
}

function cadenceOf({ intervalMs, timeoutMs, background }: ProbeTarget, inBackground: boolean): Cadence {
  return { intervalMs, timeoutMs, probed: inBackground && background ? 'in-background' : 'on-request' };
}

/**
 * The newest result, which is not stored if it equals the one before it: it shows that probes go on. And the first one of a run
 * of failures, which the store has no more if it lost its data.
 */
function newestOf(fleet: Pick<FleetReader, 'target'>, id: TargetId): readonly PastPoint[] {
  const facts = fleet.target(id)?.facts;
  if (facts === undefined || facts === null) return [];
  const { at, pod, latencyMs, failure } = facts.last;
  const kind = evidenceKind(facts);
  const why = failure ?? (kind === 'failed' ? facts.failureRun : undefined);
  const newest: PastPoint = { at, pod, latencyMs, kind, ...(why && { class: why.class, message: why.message }) };
  const { run } = facts;
  return run.kind === 'failed' && run.since < at ? [{ ...newest, at: run.since, kind: 'failed' }, newest] : [newest];
}
