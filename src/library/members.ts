import type { FleetStatus } from '../ports/index.ts';

/** A process or gateway of the fleet. */
export interface FleetProcess {
  /** Changes with each start. */
  readonly id: string;
  /** `POD_NAME` of its environment, else its host name; null if it has none. */
  readonly name: string | null;
  /** True for this process. */
  readonly self: boolean;
}

const MOST_NAMED = 10;

/** Live members, this one included; those of the last answer while the store is away. */
export function membersOf({ members, pod, podName }: FleetStatus): readonly FleetProcess[] {
  const found = members.map((one) => ({ id: one.pod, name: one.name ?? null, self: one.pod === pod }));
  return found.some(({ self }) => self) ? found : [...found, { id: pod, name: podName ?? null, self: true }];
}

/** Names for one line. Processes of one host have one name, so each has its id as well. */
export function namesOf(members: readonly FleetProcess[]): string {
  const named = members.slice(0, MOST_NAMED).map(({ id, name }) => (name === null ? id : `${name} (${id})`));
  const more = members.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
