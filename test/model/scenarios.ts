import type { Accidents } from './actions.ts';
import type { Scenario } from './explore.ts';
import type { Way } from './model-state.ts';

/** Pods take their turns, and the upstream breaks and works again. */
export const calm: Accidents = { pauses: false, replies: ['answered'], dataLoss: false, outages: true };

/** A pod stands still while it probes, until its lease is taken over or it commits late; answers get lost; the store loses its data. */
export const rough: Accidents = { pauses: true, replies: ['answered', 'lost', 'hung'], dataLoss: true, outages: true };

function worlds(accidents: Accidents, ...rows: readonly (readonly Way[])[]): readonly Scenario[] {
  return rows.map((ways) => ({ ways, accidents }));
}

/** Two pods on one sick host beside a third one. */
const oneSickHost: Scenario = { ways: ['cut', 'cut', 'open'], hosts: ['host_1', 'host_1', 'host_2'], accidents: rough };

/** What each run looks at: each fault in each place, then mixed. */
export const scenarios: readonly Scenario[] = [
  ...worlds(calm, ['open', 'open', 'open'], ['cut', 'open', 'open'], ['open', 'cut', 'open'], ['open', 'open', 'cut']),
  ...worlds(calm, ['proxy', 'open', 'open'], ['blind', 'open', 'blind'], ['shallow', 'open', 'open']),
  ...worlds(rough, ['open', 'open', 'open'], ['cut', 'open', 'open'], ['open', 'proxy', 'open']),
  ...worlds(
    rough,
    ['blind', 'open', 'open'],
    ['open', 'open', 'shallow'],
    ['blind', 'open', 'blind'],
    ['open', 'cut', 'blind'],
  ),
  oneSickHost,
];

const all: readonly Way[] = ['open', 'cut', 'proxy', 'blind', 'shallow'];

/** Every mix of three pods of which one reaches the target, in every order, but for those that are known to fail. */
export const everyMix: readonly Scenario[] = all
  .flatMap((a) => all.flatMap((b) => all.map((c) => [a, b, c])))
  .filter((ways) => ways.includes('open') && !isKnown(ways))
  .map((ways) => ({ ways, accidents: rough }));

/** See the list below: two sick pods, or none beside the shallow ones that looks as deep as the one that fails. */
function isKnown(ways: readonly Way[]): boolean {
  const sick = ways.filter((way) => way === 'cut' || way === 'proxy').length;
  const deep = ways.filter((way) => way === 'open').length + sick;
  return sick === 2 || (ways.includes('shallow') && deep === 1);
}

/** What the product does not keep yet. A test fails once one of these is not found any more: then it moves up. */
export const knownCounterexamples: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly property: RegExp;
}[] = [
  {
    name: 'shallow pods use up the guard with confirmations that can settle nothing, and the deep pod never looks again',
    scenario: { ways: ['shallow', 'open', 'shallow'], accidents: calm },
    property: /all that look deep enough fail, and pod_b shows stale suspect, for ever/,
  },
  {
    name: 'a shallow pod does the same beside a blind one',
    scenario: { ways: ['blind', 'shallow', 'open'], accidents: calm },
    property: /all that look deep enough fail, and pod_a shows stale unknown, for ever/,
  },
  {
    name: 'two sick pods take the target down for the third one for one edge interval, again and again',
    scenario: { ways: ['cut', 'cut', 'open'], accidents: calm },
    property: /pod_c reaches the target and shows down, again and again/,
  },
];
