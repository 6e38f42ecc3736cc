import { cooldownKeyMutations } from './cooldown-keys.ts';
import { cooldownMutations } from './cooldowns.ts';
import { coordinatorMutations } from './coordinator.ts';
import { healthMutations } from './health.ts';
import { hostileMutations } from './hostile.ts';
import { libraryMutations } from './library.ts';
import { luaClaimMutations } from './lua-claim.ts';
import { luaCommitMutations } from './lua-commit.ts';
import { luaMutations } from './lua-others.ts';
import { memoryMutations } from './memory-store.ts';
import type { Mutation } from './mutation.ts';
import { moneyMutations } from './money.ts';
import { redisAdapterMutations } from './redis-adapter.ts';
import { reactionMutations } from './reactions.ts';
import { replicaMutations } from './replica.ts';
import { routingMutations } from './routing.ts';
import { trafficMutations } from './traffic.ts';

/** A part of the product, and the bugs planted in it. */
export interface MutationPart {
  readonly title: string;
  readonly mutations: readonly Mutation[];
}

export const mutationParts: readonly MutationPart[] = [
  { title: 'Lua scripts', mutations: [...luaCommitMutations, ...luaClaimMutations, ...luaMutations] },
  { title: 'Store in memory', mutations: memoryMutations },
  { title: 'Redis adapter', mutations: redisAdapterMutations },
  { title: 'Coordinator: copy of the records', mutations: replicaMutations },
  { title: 'Coordinator: leases, commits, store, time', mutations: coordinatorMutations },
  { title: 'Coordinator: signals and reactions', mutations: reactionMutations },
  { title: 'Coordinator: budgets', mutations: moneyMutations },
  { title: 'Hostile writers, wrong clocks, pods that stay wrong', mutations: hostileMutations },
  { title: 'Evidence from requests', mutations: trafficMutations },
  { title: 'Routing', mutations: routingMutations },
  { title: 'Library', mutations: libraryMutations },
  { title: 'Cooldowns of LiteLLM', mutations: [...cooldownMutations, ...cooldownKeyMutations] },
  { title: 'Rules of health and turns', mutations: healthMutations },
];

export const mutations: readonly Mutation[] = mutationParts.flatMap((part) => part.mutations);

/** The mutated text of a file; undefined where the text to replace does not occur exactly once. */
export function mutated(text: string, { from, to }: Mutation): string | undefined {
  const parts = text.split(from);
  return parts.length === 2 ? parts.join(to) : undefined;
}
