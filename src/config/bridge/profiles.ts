import { addProblem, openFindings } from '../problems/index.ts';
import { type ConfigProfile, serve } from '../profile.ts';
import type { Blocks, SettingsRules } from '../settings/index.ts';
import type { RequestedProfile } from '../types.ts';
import { tellAmbiguities } from './ambiguities.ts';
import { CONNECT, isRefusedRouter, LEAVE_OUT, noteSameIds, refuseLostIds, refuseStrangers } from './check-models.ts';
import { activateBridge, noteStoredModels, noteUnreadInterval } from './check-settings.ts';
import { isDropped } from './dropped.ts';
import { isTrueInPython, noteOffByText } from './opt-out.ts';

/** The profile for what was asked for, and for what the file's own switch says. */
export function chooseProfile(asked: RequestedProfile | undefined, { fleet }: Blocks): ConfigProfile {
  if (asked === 'bridge') return bridge;
  return fleet.litellm_bridge === true ? serveAndPublish : serve;
}

const publishing: Omit<SettingsRules, 'activate'> = {
  bridge: 'on',
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

/** A pod that serves requests, and whose results LiteLLM's pods read. */
const serveAndPublish: ConfigProfile = {
  ...serve,
  name: 'serve-and-publish',
  settings: { ...serve.settings, ...publishing },
  models: {
    ...serve.models,
    optsOut: isTrueInPython,
    noteOptOut: noteOffByText,
    // What a pod is to route to has to be somewhere: leaving it out is no choice.
    addressHint: CONNECT,
    checkAll: (rows, input) => {
      for (const check of [refuseStrangers, refuseLostIds, tellAmbiguities, noteSameIds]) check(rows, input);
    },
  },
  noteSettings: (root, { env, findings }) => {
    noteStoredModels(root, { env, findings });
    noteUnreadInterval(root, findings);
  },
};

/** A pod that probes in LiteLLM's place and serves no requests: LiteLLM enforces the security settings. */
const bridge: ConfigProfile = {
  ...serveAndPublish,
  name: 'bridge',
  settings: { ...publishing, activate: activateBridge },
  ignoredKeys: () => ({ accepted: [], protective: ENFORCED_BY_LITELLM }),
  models: {
    ...serveAndPublish.models,
    // A bridge does not report problems of a deployment without background checks: it does not probe it.
    findingsFor: ({ inBackground }, findings) => (inBackground ? findings : openFindings(findings.file)),
    addressHint: `${CONNECT}; or ${LEAVE_OUT}`,
    // The bridge probably lacks the variable of LiteLLM's pods, and nothing would probe the deployments that it leaves out.
    reportUnknownEnvironment: (at, findings) => {
      const expected = "the value in LiteLLM's pods: development, staging or production";
      addProblem(findings, { ...at, expected });
    },
    leavesOut: (entry) => isRefusedRouter(entry) || isDropped(entry),
  },
};
