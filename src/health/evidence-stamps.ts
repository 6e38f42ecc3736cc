import type { StoreTime } from './ids.ts';
import type { Level } from './level.ts';

/** Start of the newest look at the shallower levels, where it is newer than the one that is as deep as `inference`. */
export type ShallowStamps = Readonly<Partial<Record<Exclude<Level, 'inference'>, StoreTime>>>;

/** Stamps of the newest looks, by depth, as a record's header carries them. */
export interface EvidenceStamps {
  /** Start of the newest look that is as deep as `inference`; 0 for none. */
  readonly evidenceAt: StoreTime;
  /** Absent: there was no newer shallow one. */
  readonly shallowAt?: ShallowStamps;
}

/**
 * Start of the newest look that counts for a pod that asks for `level`: a deeper one counts for a shallower level, never
 * the other way round.
 *
 * @example
 * newestEvidenceAt({ evidenceAt: 5, shallowAt: { connect: 9 } }, 'models') // 5
 */
export function newestEvidenceAt({ evidenceAt, shallowAt = {} }: EvidenceStamps, level: Level): StoreTime {
  const { connect = 0, models = 0 } = shallowAt;
  if (level === 'inference') return evidenceAt;
  return Math.max(evidenceAt, models, level === 'connect' ? connect : 0);
}

/** The stamps alone, of a record or anything else that carries them. */
export function stampsOf({ evidenceAt, shallowAt }: EvidenceStamps): EvidenceStamps {
  return { evidenceAt, ...(shallowAt !== undefined && { shallowAt }) };
}

/** Stamps of which none is later than `latest`: a grant can be ahead of a clock that was set back, evidence never is. */
export function clampStamps(latest: StoreTime, stamps: EvidenceStamps): EvidenceStamps {
  return mapStamps(stamps, (stamp) => Math.min(stamp, latest));
}

/** Each stamp changed alike. */
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

/** The stamps once a look at `level` that began `at` is added. */
export function withEvidence(stamps: EvidenceStamps | undefined, level: Level, at: StoreTime): EvidenceStamps {
  const { evidenceAt, shallowAt = {} } = stamps ?? { evidenceAt: 0 };
  const deep = level === 'inference' ? Math.max(evidenceAt, at) : evidenceAt;
  const shallow = level === 'inference' ? shallowAt : { ...shallowAt, [level]: Math.max(shallowAt[level] ?? 0, at) };
  const { models = 0, connect = 0 } = shallow;
  if (models <= deep && connect <= deep) return { evidenceAt: deep };
  return { evidenceAt: deep, shallowAt: { ...(models > deep && { models }), ...(connect > deep && { connect }) } };
}

/** Stamps of looks as a header carries them: `<inference>`, or `<inference>/<models>/<connect>` where a shallower one is newer. */
export function stampsText({ evidenceAt, shallowAt }: EvidenceStamps): string {
  if (shallowAt === undefined) return String(evidenceAt);
  return `${evidenceAt}/${shallowAt.models ?? 0}/${shallowAt.connect ?? 0}`;
}

/** Reads {@link stampsText}; the caller has checked the shape. */
export function parseStamps(text: string): EvidenceStamps {
  const [evidenceAt = 0, models = 0, connect = 0] = text.split('/').map(Number);
  if (models === 0 && connect === 0) return { evidenceAt };
  return { evidenceAt, shallowAt: { ...(models > 0 && { models }), ...(connect > 0 && { connect }) } };
}
