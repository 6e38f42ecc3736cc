import { checkLimits, type ModelRules, noteUnprobed, type SettledEntry } from './models/index.ts';
import { addNote, type Findings } from './problems/index.ts';
import { flag, type IgnoredKeyRules } from './schema/index.ts';
import { activationByFile, trafficByFile, type Blocks, type SettingsRules } from './settings/index.ts';
import { type Node, settingsOf } from './yaml/index.ts';
import type { Env, Problem } from './types.ts';

/**
 * The rules that depend on who probes for whom. `load.ts` chooses one profile, and each part of the configuration applies
 * the rules that it is given: no other file asks which profile it is.
 *
 * | profile | serves requests | publishes for LiteLLM | wrong values of LiteLLM's settings | chosen by |
 * |---|---|---|---|---|
 * | `check` | yes | no | problems | default |
 * | `serve` | yes | no | warnings, where LiteLLM starts with them | `allswell serve` |
 * | `serve-and-publish` | yes | yes | problems | `fleet_health.litellm_bridge: true` |
 * | `bridge` | no, LiteLLM does | yes | warnings | `allswell bridge` |
 */
export interface ConfigProfile {
  readonly name: 'check' | 'serve' | 'serve-and-publish' | 'bridge';
  readonly settings: SettingsRules;
  readonly models: ModelRules;
  /** What happens to keys that allswell does not act upon. */
  ignoredKeys(blocks: Blocks): IgnoredKeyRules;
  /** The warning that takes the place of a problem; undefined for a problem that ends the start. */
  warningFor(problem: Problem): string | undefined;
  /** Warns of settings with which LiteLLM does not use, or does not have, what is published. */
  noteSettings(root: Node, parts: { readonly env: Env; readonly findings: Findings }): void;
}

/** Reports all that was found: every problem ends the start. */
export function settleWhole({ found }: SettledEntry, findings: Findings): undefined {
  findings.problems.push(...found.problems);
  findings.notes.push(...found.notes);
}

/** The file of a pod that serves requests and publishes nothing for LiteLLM, with every mistake in it. */
export const checkProfile: ConfigProfile = {
  name: 'check',
  settings: {
    bridge: 'off',
    activate: activationByFile,
    policyFor: (policy) => policy,
    routerRedis: () => null,
    cooldownsFor: () => 'off',
    routesByHealth: () => true,
    trafficFor: trafficByFile,
  },
  ignoredKeys: ({ fleet }) => ({
    accepted: fleet.accept_ignored ?? [],
    misplaced: 'problem',
    routing: ['has no effect: allswell does not implement it', 'have no effect: allswell does not implement them'],
  }),
  models: {
    optsOut: (written) => flag.safeParse(settingsOf(written)).data === true,
    noteOptOut: () => undefined,
    addressHint: undefined,
    reportUnknownEnvironment: ({ is, ...at }, findings) => {
      addNote(findings, 'warn', { ...at, is: `${is}: as in LiteLLM, the deployment is left out` });
    },
    leavesOut: () => false,
    keepsEntryWithout: () => false,
    checkLimits,
    checkRow: () => undefined,
    checkAll: () => undefined,
    settle: (entry, findings) => {
      const { problems, withoutUpstream } = entry.found;
      // LiteLLM starts without a deployment that it cannot call.
      if (problems.length === 0 || problems.length > withoutUpstream.length) return settleWhole(entry, findings);
      return noteUnprobed(entry.found, 'not probed, and gets no requests', findings);
    },
  },
  warningFor: () => undefined,
  noteSettings: () => undefined,
};
