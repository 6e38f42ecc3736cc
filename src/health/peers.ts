import type { HostId, PodId } from './ids.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';

/** Why a live pod cannot look at a target that it has, or is not waited for. */
export type Hindrance = 'blind' | 'impaired' | 'doubtful' | 'on-demand-only';

/** A live pod that has the target, whether or not it can look at it now. */
export interface Peer {
  readonly pod: PodId;
  readonly host: HostId;
  readonly level: Level;
  readonly hindrance?: Hindrance;
}

const MOST_NAMED = 3;

const shown: Readonly<Record<Hindrance, string>> = {
  blind: 'gets no probe results',
  impaired: 'is impaired',
  doubtful: 'fails where other pods succeed',
  'on-demand-only': 'probes only on demand',
};

/**
 * Which pods did not confirm what one host saw, and why.
 *
 * @example
 * notConfirmedBy([{ pod: 'b', host: 'b', level: 'inference', hindrance: 'blind' }], 'inference') // 'b gets no probe results'
 */
export function notConfirmedBy(peers: readonly Peer[], seenAt: Level): string {
  const named = peers.slice(0, MOST_NAMED).map((peer) => `${peer.pod} ${reasonOf(peer, seenAt)}`);
  return [...named, ...(peers.length > MOST_NAMED ? ['and more'] : [])].join(', ');
}

function reasonOf({ hindrance, level }: Peer, seenAt: Level): string {
  if (hindrance !== undefined) return shown[hindrance];
  return reaches(level, seenAt) ? 'did not probe in time' : `probes at level ${level} only`;
}
