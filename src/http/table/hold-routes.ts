import { z } from 'zod';
import type { Route } from '../route.ts';
import { hold } from './hold-shapes.ts';
import { count, detail, faults, flag, mode, text } from './shapes.ts';

const by = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .optional()
  .describe('name of the operator, shown with the name of the key');
const reason = z.string().trim().min(1).max(500).describe('reason, shown to other operators');
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

const id = { id: "a target's id, a `model_id`, or a name; targets of one name may differ only in their key" };

const stored = {
  200: { when: 'stored; `changed` is false if the hold was already in place', schema: held },
  503: {
    when: 'the store does not answer: nothing changed, or, if the message says so, the result is unknown',
    schema: detail,
  },
};

const target = {
  ...stored,
  404: { when: 'no target has this id or name', schema: detail },
  409: { when: 'several targets have this name; the answer lists their ids', schema: detail },
};

const wrongTime = { 422: { when: '`until` is not a time or is in the past; or the body is invalid', schema: faults } };

const common = { method: 'POST', auth: 'admin', group: 'Fleet' } as const;

export const drainTarget: Route<unknown, HoldBody> = {
  ...common,
  name: 'drainTarget',
  paths: ['/fleet/targets/{id}/drain'],
  summary: 'Takes a target out of traffic in all pods; probes continue',
  params: id,
  body: begins,
  answers: { ...target, ...wrongTime },
};

export const holdUpTarget: Route<unknown, HoldBody> = {
  ...common,
  name: 'holdUpTarget',
  paths: ['/fleet/targets/{id}/hold-up'],
  summary: 'Forces a target to count as up in all pods, regardless of probes',
  params: id,
  body: begins,
  answers: { ...target, ...wrongTime },
};

export const undrainTarget: Route<unknown, EndBody> = {
  ...common,
  name: 'undrainTarget',
  paths: ['/fleet/targets/{id}/undrain'],
  summary: 'Ends the hold on a target',
  params: id,
  body: ends,
  answers: target,
};

export const pauseProbing: Route<unknown, HoldBody> = {
  ...common,
  name: 'pauseProbing',
  paths: ['/fleet/probing/pause'],
  summary: 'Pauses the probes of all pods, except requested checks',
  body: begins,
  answers: { ...stored, ...wrongTime },
};

export const resumeProbing: Route<unknown, EndBody> = {
  ...common,
  name: 'resumeProbing',
  paths: ['/fleet/probing/resume'],
  summary: 'Resumes probes',
  body: ends,
  answers: stored,
};

export const holdRoutes: readonly Route[] = [drainTarget, undrainTarget, holdUpTarget, pauseProbing, resumeProbing];
