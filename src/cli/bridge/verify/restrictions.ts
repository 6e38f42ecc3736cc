import { COOLDOWNS, PROBING } from '../../../ports/index.ts';
import type { FleetStore, Hold, HoldKey } from '../../../ports/index.ts';
import { skipped } from './check.ts';
import type { Check } from './check.ts';

/** What operators restrict in the whole fleet; null for nothing. */
export interface Restrictions {
  readonly kind: 'read';
  readonly cooldowns: Hold | null;
  readonly probing: Hold | null;
}

/** The fleet's store does not say. */
export interface UnreadRestrictions {
  readonly kind: 'unread';
  readonly why: string;
}

export async function readRestrictions(
  store: Pick<FleetStore, 'readHolds'>,
): Promise<Restrictions | UnreadRestrictions> {
  const answer = await store.readHolds([COOLDOWNS, PROBING]);
  if (answer.kind !== 'ok') {
    return { kind: 'unread', why: answer.kind === 'lost' ? answer.loss.message : 'it answers too late' };
  }
  const { meta, value } = answer;
  const inForce = (key: HoldKey): Hold | null => {
    const stored = value.find((one) => one.key === key)?.stored;
    if (stored?.kind !== 'hold' || stored.hold.kind === 'none') return null;
    const { until } = stored.hold;
    return until === null || until > meta.now ? stored.hold : null;
  };
  return { kind: 'read', cooldowns: inForce(COOLDOWNS), probing: inForce(PROBING) };
}

/** Why no cooldown may be written; undefined if one may. */
export function checkRestriction(restrictions: Restrictions | UnreadRestrictions): Check | undefined {
  if (restrictions.kind === 'unread') {
    return skipped('cooldown', `allswell's Redis does not say whether cooldowns are restricted: ${restrictions.why}`);
  }
  const { cooldowns } = restrictions;
  if (cooldowns === null) return undefined;
  const are = cooldowns.kind === 'cooldowns-off' ? 'off' : 'only observed';
  return skipped('cooldown', `cooldowns are ${are}, ${byWhom(cooldowns)}; none was written`);
}

/** A line about paused probing; none while pods probe. */
export function checkProbing(restrictions: Restrictions | UnreadRestrictions): readonly Check[] {
  if (restrictions.kind === 'unread' || restrictions.probing === null) return [];
  return [
    skipped(
      'probing',
      `probing is paused, ${byWhom(restrictions.probing)}; until it resumes, no probe finds an outage`,
    ),
  ];
}

/** The version of a hold is the store's time of the decision. */
function byWhom({ by, version, until, reason }: Hold): string {
  const end = until === null ? 'no end' : `until ${isoOf(until)}`;
  return `by ${by}, since ${isoOf(version)}, ${end}: ${reason}`;
}

function isoOf(us: number): string {
  return new Date(Math.floor(us / 1_000)).toISOString();
}
