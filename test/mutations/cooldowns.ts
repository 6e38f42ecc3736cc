import { unitSuite, type Mutation } from './mutation.ts';

const source = unitSuite('test/unit/server/litellm/cooldown-source');
const file = 'src/server/litellm/cooldown-source.ts';

/** Bugs in what takes a deployment out of LiteLLM's routing. */
export const cooldownMutations: readonly Mutation[] = [
  {
    bug: 'a rate limit that one host received cools a deployment down',
    file,
    from: "recentHosts(overload).length < 2 ? 'one host' : 'confirmed'",
    to: "'confirmed'",
    suite: source,
  },
  {
    bug: 'an unconfirmed failure cools a deployment down',
    file,
    from: "flags.includes('unconfirmed') || ",
    to: '',
    suite: source,
  },
  {
    bug: 'a pod that no other can confirm cools everything down when its network fails',
    file,
    from: "all.some(({ witness }) => witness === 'one host') && isPartitionLikely()",
    to: 'false',
    suite: source,
  },
  {
    bug: 'a suspect target proves to a lone pod that its network works',
    file,
    from: "view === undefined || (view.hold === null && view.state === 'suspect')",
    to: 'view === undefined',
    suite: source,
  },
];
