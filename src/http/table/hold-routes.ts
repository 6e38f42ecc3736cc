import { z } from 'zod';
import type { Route } from '../route.ts';
import { hold } from './hold-shapes.ts';
import { count, detail, faults, flag, mode, text } from './shapes.ts';

const by = z.string().trim().min(1).max(100).optional().describe('who decides, beside the name of the key');
const reason = z.string().trim().min(1).max(500).describe('why, for whoever finds it');
const until = z
  .string()
  .optional()
  .describe('a time such as `2026-11-22T12:00:00Z`, or a duration such as `90s`, `30m`, `2h` or `7d`');

export interface HoldBody {
  readonly reason: string;
  readonly until?: string | undefined;
  readonly by?: string | undefined;
}

export interface EndBody {
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
}

const begins: z.ZodType<HoldBody> = z.object({ reason, until, by });
const ends: z.ZodType<EndBody> = z.object({ reason: reason.optional(), by });

const held = z.strictObject({
  changed: flag,
  hold,
  targets: z.array(z.strictObject({ target: text, model: text })),
  pods: count,
  mode,
});

const id = { id: "a target's id, a `model_id`, or a name whose targets differ in their key at most" };

const stored = {
  200: { when: 'the store has it; `changed` is false where it was so already', schema: held },
  503: { when: 'the store does not answer: nothing was changed, or, where it says so, nobody knows', schema: detail },
};

const target = {
  ...stored,
  404: { when: 'nothing has this id or name', schema: detail },
  409: { when: 'a name that several targets have; their ids are in the answer', schema: detail },
};

const wrongTime = { 422: { when: '`until` is no time, or over already; any other fault of the body', schema: faults } };

const common = { method: 'POST', auth: 'admin', group: 'Fleet' } as const;

export const drainTarget: Route<unknown, HoldBody> = {
  ...common,
  name: 'drainTarget',
  paths: ['/fleet/targets/{id}/drain'],
  summary: 'Takes a target out of traffic, in every pod; it is probed all the same',
  params: id,
  body: begins,
  answers: { ...target, ...wrongTime },
};

export const holdUpTarget: Route<unknown, HoldBody> = {
  ...common,
  name: 'holdUpTarget',
  paths: ['/fleet/targets/{id}/hold-up'],
  summary: 'Takes a target for up, in every pod, whatever its probes say',
  params: id,
  body: begins,
  answers: { ...target, ...wrongTime },
};

export const undrainTarget: Route<unknown, EndBody> = {
  ...common,
  name: 'undrainTarget',
  paths: ['/fleet/targets/{id}/undrain'],
  summary: 'Ends whatever hold a target has',
  params: id,
  body: ends,
  answers: target,
};

export const pauseProbing: Route<unknown, HoldBody> = {
  ...common,
  name: 'pauseProbing',
  paths: ['/fleet/probing/pause'],
  summary: 'Stops the probes of all pods, but for checks that somebody asks for',
  body: begins,
  answers: { ...stored, ...wrongTime },
};

export const resumeProbing: Route<unknown, EndBody> = {
  ...common,
  name: 'resumeProbing',
  paths: ['/fleet/probing/resume'],
  summary: 'Lets the pods probe again',
  body: ends,
  answers: stored,
};

export const holdRoutes: readonly Route[] = [drainTarget, undrainTarget, holdUpTarget, pauseProbing, resumeProbing];
