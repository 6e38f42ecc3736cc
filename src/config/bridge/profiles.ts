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
  // LiteLLM takes no trouble for lasting: what it would have found out again by now, a bridge has found out.
  policyFor: (policy, { litellmIntervalMs, cacheTtlMs }) => ({
    ...policy,
    backOffMs: Math.max(litellmIntervalMs, cacheTtlMs),
  }),
};

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

/** A pod that probes in LiteLLM's place and serves nothing: what protects users is LiteLLM's business. */
const bridge: ConfigProfile = {
  ...serveAndPublish,
  name: 'bridge',
  settings: { ...publishing, activate: activateBridge },
  ignoredKeys: () => ({ accepted: [], protective: 'something, which is left to LiteLLM: a bridge ignores it' }),
  models: {
    ...serveAndPublish.models,
    // What is wrong with a deployment that takes part in no background checks is LiteLLM's business alone.
    findingsFor: ({ inBackground }, findings) => (inBackground ? findings : openFindings(findings.file)),
    addressHint: `${CONNECT}; or ${LEAVE_OUT}`,
    // Most likely the bridge lacks what LiteLLM's pods have, and nobody would probe what it leaves out.
    reportUnknownEnvironment: (at, findings) => {
      const expected = "the variable as LiteLLM's pods have it: development, staging or production";
      addProblem(findings, { ...at, expected });
    },
    leavesOut: (entry) => isRefusedRouter(entry) || isDropped(entry),
  },
};
