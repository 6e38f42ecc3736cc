import type { StoreTime } from './ids.ts';
import type { Level } from './level.ts';

/** Start of the newest evidence at `connect` and `models`, if it is newer than the newest at `inference`. */
export type ShallowStamps = Readonly<Partial<Record<Exclude<Level, 'inference'>, StoreTime>>>;

/** Start of the newest evidence at each level, as in a record's header. Rejected probes count. */
export interface EvidenceStamps {
  /** Start of the newest evidence at level `inference`; 0 for none. */
  readonly evidenceAt: StoreTime;
  /** Absent: no shallower evidence is newer. */
  readonly shallowAt?: ShallowStamps;
}

/**
 * Start of the newest evidence at `level` or a deeper one. Deeper evidence counts for a shallower level, never the other
 * way round.
 *
 * @example
 * newestEvidenceAt({ evidenceAt: 5, shallowAt: { connect: 9 } }, 'models') // 5
 */
export function newestEvidenceAt({ evidenceAt, shallowAt = {} }: EvidenceStamps, level: Level): StoreTime {
  const { connect = 0, models = 0 } = shallowAt;
  if (level === 'inference') return evidenceAt;
  return Math.max(evidenceAt, models, level === 'connect' ? connect : 0);
}

/** The stamps without the other fields of a record. */
export function stampsOf({ evidenceAt, shallowAt }: EvidenceStamps): EvidenceStamps {
  return { evidenceAt, ...(shallowAt !== undefined && { shallowAt }) };
}

/** Stamps limited to `latest`. A grant can be ahead of a clock that was set back; evidence must not be. */
export function clampStamps(latest: StoreTime, stamps: EvidenceStamps): EvidenceStamps {
  return mapStamps(stamps, (stamp) => Math.min(stamp, latest));
}

/** Applies `change` to each stamp. */
export function mapStamps(
  { evidenceAt, shallowAt }: EvidenceStamps,
  change: (stamp: StoreTime) => StoreTime,
): EvidenceStamps {
  if (shallowAt === undefined) return { evidenceAt: change(evidenceAt) };
  const { models, connect } = shallowAt;
  const shallow = {
    ...(models !== undefined && { models: change(models) }),
    ...(connect !== undefined && { connect: change(connect) }),
  };
  return { evidenceAt: change(evidenceAt), shallowAt: shallow };
}

/** The stamps after evidence at `level` that began `at`. */
export function withEvidence(stamps: EvidenceStamps | undefined, level: Level, at: StoreTime): EvidenceStamps {
  const { evidenceAt, shallowAt = {} } = stamps ?? { evidenceAt: 0 };
  const deep = level === 'inference' ? Math.max(evidenceAt, at) : evidenceAt;
  const shallow = level === 'inference' ? shallowAt : { ...shallowAt, [level]: Math.max(shallowAt[level] ?? 0, at) };
  const { models = 0, connect = 0 } = shallow;
  if (models <= deep && connect <= deep) return { evidenceAt: deep };
  return { evidenceAt: deep, shallowAt: { ...(models > deep && { models }), ...(connect > deep && { connect }) } };
}

/** Text of the stamps in a record's header: `<inference>`, or `<inference>/<models>/<connect>` if shallower evidence is newer. */
export function stampsText({ evidenceAt, shallowAt }: EvidenceStamps): string {
  if (shallowAt === undefined) return String(evidenceAt);
  return `${evidenceAt}/${shallowAt.models ?? 0}/${shallowAt.connect ?? 0}`;
}

/** Parses {@link stampsText}. The caller must have checked the shape. */
export function parseStamps(text: string): EvidenceStamps {
  const [evidenceAt = 0, models = 0, connect = 0] = text.split('/').map(Number);
  if (models === 0 && connect === 0) return { evidenceAt };
  return { evidenceAt, shallowAt: { ...(models > 0 && { models }), ...(connect > 0 && { connect }) } };
}
