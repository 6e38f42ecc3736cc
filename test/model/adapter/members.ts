import type { Membership } from '../../../src/fleet/membership/index.ts';
import { reaches } from '../../../src/health/index.ts';
import type { AblePod } from '../../../src/health/index.ts';
import { ignore } from './settings.ts';
import type { PodParts } from './pod-parts.ts';
import type { Environment } from './environment.ts';

const MEMBER_US = 10_000_000;

/** The membership that the parts of a pod use. */
export type MembersShown = Pick<
  Membership,
  | 'known'
  | 'members'
  | 'ablePods'
  | 'otherAbleIds'
  | 'failingAlone'
  | 'peers'
  | 'failsAlone'
  | 'isScheduledElsewhere'
  | 'isSetTo'
  | 'abilityChanged'
>;

/** Heartbeats arrive at once; a paused pod stays a member for ten seconds. */
export function membershipOf(self: PodParts, fleet: Environment): MembersShown {
  const { now } = fleet.state;
  const lives = ({ data }: PodParts): boolean => data.pausedAt === undefined || now - data.pausedAt <= MEMBER_US;
  const others = (): PodParts[] => fleet.pods.filter((one) => one !== self && lives(one));
  const sees = (one: PodParts): boolean => {
    const { blind, unreached } = one.ability.unable();
    return blind.length === 0 && unreached.length === 0;
  };
  const ablePods = (): readonly AblePod[] =>
    (fleet.bug.everyMemberIsAble === true ? others() : others().filter(sees)).map(ablePodOf);
  return {
    known: true,
    members: [],
    ablePods,
    otherAbleIds: () => ablePods().map(({ pod }) => pod),
    failingAlone: () =>
      others()
        .filter((one) => one.ability.unable().unreached.length > 0)
        .map(({ data }) => data.host),
    peers: () => [],
    failsAlone: (pod) => fleet.state.pods.some(({ id, openCheck }) => id === pod && openCheck !== undefined),
    isScheduledElsewhere: () => others().length > 0,
    isSetTo: (_, level) => others().some((one) => reaches(one.target.level, level)),
    abilityChanged: ignore,
  };
}

function ablePodOf({ data: { id, host }, target: { level } }: PodParts): AblePod {
  return { pod: id, host, domain: host, level };
}
