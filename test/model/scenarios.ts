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
  ...worlds(calm, ['shallow', 'open', 'shallow'], ['blind', 'shallow', 'open']),
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

/** See the list below: two sick pods. */
function isKnown(ways: readonly Way[]): boolean {
  return ways.filter((way) => way === 'cut' || way === 'proxy').length === 2;
}

/** What the product does not keep yet. A test fails once one of these is not found any more: then it moves up. */
export const knownCounterexamples: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly property: RegExp;
}[] = [
  {
    name: 'two sick pods take the target down for the third one for one edge interval, again and again',
    scenario: { ways: ['cut', 'cut', 'open'], accidents: calm },
    property: /pod_c reaches the target and shows down, again and again/,
  },
];
