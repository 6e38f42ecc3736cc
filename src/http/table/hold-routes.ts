import { beginHoldSchema, detailSchema, endHoldSchema, faultsSchema, heldSchema } from '../../api/index.ts';
import type { BeginHold, EndHold } from '../../api/index.ts';
import type { Route } from '../route.ts';

const id = { id: "a target's id, a `model_id`, or a name whose targets differ in their key at most" };

const stored = {
  200: { when: 'the store has it; `changed` is false where it was so already', schema: heldSchema },
  503: {
    when: 'the store does not answer: nothing was changed, or, where it says so, nobody knows',
    schema: detailSchema,
  },
};

const target = {
  ...stored,
  404: { when: 'nothing has this id or name', schema: detailSchema },
  409: { when: 'a name that several targets have; their ids are in the answer', schema: detailSchema },
};

const wrongTime = {
  422: { when: '`until` is no time, or over already; any other fault of the body', schema: faultsSchema },
};

const common = { method: 'POST', auth: 'admin', group: 'Fleet' } as const;

export const drainTarget: Route<unknown, BeginHold> = {
  ...common,
  name: 'drainTarget',
  paths: ['/fleet/targets/{id}/drain'],
  summary: 'Takes a target out of traffic, in every pod; it is probed all the same',
  params: id,
  body: beginHoldSchema,
  answers: { ...target, ...wrongTime },
};

export const holdUpTarget: Route<unknown, BeginHold> = {
  ...common,
  name: 'holdUpTarget',
  paths: ['/fleet/targets/{id}/hold-up'],
  summary: 'Takes a target for up, in every pod, whatever its probes say',
  params: id,
  body: beginHoldSchema,
  answers: { ...target, ...wrongTime },
};

export const undrainTarget: Route<unknown, EndHold> = {
  ...common,
  name: 'undrainTarget',
  paths: ['/fleet/targets/{id}/undrain'],
  summary: 'Ends whatever hold a target has',
  params: id,
  body: endHoldSchema,
  answers: target,
};

export const pauseProbing: Route<unknown, BeginHold> = {
  ...common,
  name: 'pauseProbing',
  paths: ['/fleet/probing/pause'],
  summary: 'Stops the probes of all pods, but for checks that somebody asks for',
  body: beginHoldSchema,
  answers: { ...stored, ...wrongTime },
};

export const resumeProbing: Route<unknown, EndHold> = {
  ...common,
  name: 'resumeProbing',
  paths: ['/fleet/probing/resume'],
  summary: 'Lets the pods probe again',
  body: endHoldSchema,
  answers: stored,
};

export const holdRoutes: readonly Route[] = [drainTarget, undrainTarget, holdUpTarget, pauseProbing, resumeProbing];
