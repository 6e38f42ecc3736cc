import {
  beginHoldSchema,
  detailSchema,
  endHoldSchema,
  faultsSchema,
  heldSchema,
  switchCooldownsSchema,
} from '../../api/index.ts';
import type { BeginHold, EndHold, SwitchCooldowns } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

const id = {
  id: 'target id, `model_id`, or name; a name may match several targets only if they differ only in their upstream key: the hold then covers all of them',
};

const stored = {
  200: { when: 'the hold is stored; `changed` is false if it was the same before', schema: heldSchema },
  503: {
    when: 'Redis does not answer; `error` says whether nothing changed or the outcome is unknown',
    schema: detailSchema,
  },
};

const target = {
  ...stored,
  404: { when: 'unknown id or name', schema: detailSchema },
  409: {
    when: 'ambiguous name; the answer lists the ids of its targets, and for each a word that means it alone',
    schema: detailSchema,
  },
};

const wrongTime = {
  422: { when: '`until` is not a time or is in the past, or the body is invalid', schema: faultsSchema },
};

const common = { method: 'POST', auth: 'admin', group: 'Fleet' } as const;

export const drainTarget: Route<unknown, BeginHold> = {
  ...common,
  name: 'drainTarget',
  paths: ['/fleet/targets/{id}/drain'],
  summary:
    'Take a target out of traffic in every pod, unless its group and fallbacks have nothing else; probes continue',
  params: id,
  body: beginHoldSchema,
  answers: { ...target, ...wrongTime },
};

export const holdUpTarget: Route<unknown, BeginHold> = {
  ...common,
  name: 'holdUpTarget',
  paths: ['/fleet/targets/{id}/hold-up'],
  summary: 'Force a target to count as up in every pod, regardless of probes',
  params: id,
  body: beginHoldSchema,
  answers: { ...target, ...wrongTime },
};

export const undrainTarget: Route<unknown, EndHold> = {
  ...common,
  name: 'undrainTarget',
  paths: ['/fleet/targets/{id}/undrain'],
  summary: 'End any hold on a target: a drain or a hold-up',
  params: id,
  body: endHoldSchema,
  answers: target,
};

export const pauseProbing: Route<unknown, BeginHold> = {
  ...common,
  name: 'pauseProbing',
  paths: ['/fleet/probing/pause'],
  summary: 'Pause scheduled probes of all pods; checks on request still run',
  body: beginHoldSchema,
  answers: { ...stored, ...wrongTime },
};

export const resumeProbing: Route<unknown, EndHold> = {
  ...common,
  name: 'resumeProbing',
  paths: ['/fleet/probing/resume'],
  summary: 'Resume scheduled probes',
  body: endHoldSchema,
  answers: stored,
};

export const switchCooldowns: Route<unknown, SwitchCooldowns> = {
  ...common,
  name: 'switchCooldowns',
  paths: ['/fleet/cooldowns/{mode}'],
  summary: 'Restrict the LiteLLM cooldowns of all pods, or end the restriction',
  params: { mode: '`off`, `observe`, or `on`, which ends the restriction: each pod then follows its configuration' },
  body: switchCooldownsSchema,
  answers: {
    ...stored,
    422: {
      when: 'the mode is unknown; `until` is not a time, is in the past, or is given with `on`; or the body is invalid',
      schema: faultsSchema,
    },
  },
};

export const holdRoutes: readonly Route[] = [
  drainTarget,
  undrainTarget,
  holdUpTarget,
  pauseProbing,
  resumeProbing,
  switchCooldowns,
];
