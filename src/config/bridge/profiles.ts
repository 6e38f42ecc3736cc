import { isUnaskableAlone, noteUnprobed, refuseWildcard, type SettledEntry } from '../models/index.ts';
import { addProblem, type Findings } from '../problems/index.ts';
import { checkProfile, type ConfigProfile, settleWhole } from '../profile.ts';
import { lastCounts, serve } from '../serve-profile.ts';
import { child, type Node, settingsOf } from '../yaml/index.ts';
import { type Blocks, chooseRouterRedis, type SettingsRules, trafficByDefault } from '../settings/index.ts';
import type { RequestedProfile } from '../types.ts';
import { checkAmbiguities } from './ambiguities.ts';
import { checkId, checkStranger, CONNECT, isRefusedRouter, LEAVE_OUT, noteSameIds } from './check-models.ts';
import { activateBridge, noteStoredModels, noteUnreadInterval } from './check-settings.ts';
import { isDropped } from './dropped.ts';
import { isTrueInPython, noteOffByText } from './opt-out.ts';

/** The profile for what was asked for, and for what the file's own switch says. */
export function chooseProfile(asked: RequestedProfile | undefined, { fleet }: Blocks): ConfigProfile {
  if (asked === 'bridge') return bridge;
  if (fleet.litellm_bridge?.enabled === true) return serveAndPublish;
  return asked === 'serve' ? serve : checkProfile;
}

const publishing: Omit<SettingsRules, 'activate' | 'routesByHealth' | 'trafficFor'> = {
  bridge: 'on',
  routerRedis: chooseRouterRedis,
  // A pod that serves requests may run beside LiteLLM pods that still decide by themselves.
  cooldownsFor: ({ litellm_bridge: bridge }) => bridge?.cooldowns ?? 'observe',
  // LiteLLM probes a failing target again after this time at the latest, so a bridge backs off no longer.
  policyFor: (policy, { litellmIntervalMs, cacheTtlMs }) => ({
    ...policy,
    backOffMs: Math.max(litellmIntervalMs, cacheTtlMs),
  }),
};

const ENFORCED_BY_LITELLM = [
  'is a security setting. The bridge ignores it: LiteLLM enforces it',
  'are security settings. The bridge ignores them: LiteLLM enforces them',
] as const;

function routesInFile(root: Node): boolean {
  const written = child(child(root, 'general_settings'), 'enable_health_check_routing');
  return written !== undefined && settingsOf(written) === true;
}

/** A pod that serves requests, and whose results LiteLLM's pods read. */
const serveAndPublish: ConfigProfile = {
  ...checkProfile,
  name: 'serve-and-publish',
  settings: { ...checkProfile.settings, ...publishing },
  models: {
    ...checkProfile.models,
    optsOut: isTrueInPython,
    noteOptOut: noteOffByText,
    // What a pod is to route to has to be somewhere: leaving it out is no choice.
    addressHint: CONNECT,
    checkRow: (row, levels) => {
      if (!row.inBackground) return;
      for (const check of [checkStranger, checkId, checkAmbiguities]) check(row, levels);
    },
    checkAll: noteSameIds,
    // LiteLLM would take a deployment without a result for a healthy one.
    settle: settleWhole,
  },
  noteSettings: (root, { env, findings }) => {
    noteStoredModels(root, { env, findings });
    noteUnreadInterval(root, findings);
  },
};

/**
 * A pod that probes in LiteLLM's place and serves no requests: LiteLLM enforces the security settings. It starts with
 * every file that LiteLLM starts with; what it cannot probe is not published, and LiteLLM's traffic is the only evidence.
 */
const bridge: ConfigProfile = {
  ...serveAndPublish,
  name: 'bridge',
  settings: {
    ...publishing,
    activate: activateBridge,
    cooldownsFor: ({ litellm_bridge: own }) => own?.cooldowns ?? 'on',
    // LiteLLM routes.
    routesByHealth: routesInFile,
    trafficFor: trafficByDefault,
  },
  ignoredKeys: () => ({ accepted: [], misplaced: 'warning', protective: ENFORCED_BY_LITELLM }),
  models: {
    ...serveAndPublish.models,
    addressHint: `${CONNECT}; or ${LEAVE_OUT}`,
    // The bridge probably lacks the variable of LiteLLM's pods.
    reportUnknownEnvironment: (at, findings) => {
      const expected = "the value in LiteLLM's pods: development, staging or production";
      addProblem(findings, { ...at, expected });
    },
    // LiteLLM routes by them, and reports them.
    checkLimits: () => undefined,
    leavesOut: (entry) => isRefusedRouter(entry) || isDropped(entry),
    checkRow: (row, levels) => {
      serveAndPublish.models.checkRow(row, levels);
      if (row.inBackground && isUnaskableAlone(row, levels)) refuseWildcard(row, row.entry.findings);
    },
    settle: settleAsUnprobed,
  },
  warningFor: (problem) => {
    const { path, message, expected } = problem;
    const repeated = lastCounts(problem);
    if (repeated !== undefined) return repeated;
    return ignorable.test(path) ? `${message} and is ignored. Expected: ${expected}` : undefined;
  },
};

/** A problem of an entry becomes one warning. An entry without background checks has none: a bridge does not probe it. */
function settleAsUnprobed({ inBackground, found }: SettledEntry, findings: Findings): string | undefined {
  if (!inBackground) return undefined;
  if (found.problems.length === 0) {
    findings.notes.push(...found.notes);
    return undefined;
  }
  return noteUnprobed(found, 'not probed and not published, only its traffic is watched', findings);
}

/**
 * Settings of LiteLLM that a bridge can do without. Not its Redis, and not the key of `/metrics`: to ignore that one
 * would open it.
 */
const ignorable =
  /^(?:credential_list|general_settings(?!\.coordination_redis)|litellm_settings(?!\.(?:cache_params|require_auth_for_metrics_endpoint)))\b/;
