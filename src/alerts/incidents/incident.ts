import type { StoreTime } from '../../health/index.ts';
import type { AlertKind } from '../../ports/index.ts';

/** How a member of an incident ended: it is up, an operator holds it, or no configuration has it any more. */
export type MemberEnd = 'up' | 'held' | 'removed';

export interface IncidentMember {
  readonly key: string;
  readonly kind: AlertKind;
  readonly label: string;
  readonly since: StoreTime;
  readonly why: string;
  readonly endedAt: StoreTime | null;
  readonly end: MemberEnd | null;
  /** Since when the observer has no such target; null while it has. */
  readonly goneSince: StoreTime | null;
  /** Present if a message said that it is up again. */
  readonly toldUp?: true | undefined;
  /** Since when it is down again after such a message; absent once a message said so. */
  readonly againSince?: StoreTime | undefined;
  /** Present if users get no answer meanwhile, whatever its kind: the incident is critical. */
  readonly critical?: true | undefined;
}

/** An open incident: it was triggered, and at least one member has not ended. */
export interface AlertIncident {
  /** Key by which receivers recognise its messages. */
  readonly id: string;
  readonly place: string;
  readonly openedAt: StoreTime;
  readonly members: readonly IncidentMember[];
  /** Receivers of the trigger; they alone get the later messages. */
  readonly receivers: readonly string[];
  /** True once a message said that some members are up again. */
  readonly updated: boolean;
  /** Time of the last update; absent for none, and in an incident that an older version updated. */
  readonly updatedAt?: StoreTime | undefined;
}
