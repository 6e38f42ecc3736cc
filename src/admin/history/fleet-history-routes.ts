import { z } from 'zod';
import { detailSchema, faultsSchema, fleetHistorySchema, fleetSloSchema } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

export interface FleetHistoryQuery {
  readonly group?: string | undefined;
  readonly target?: string | undefined;
  readonly window: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly format: 'json' | 'csv';
}

export const fleetHistory: Route<FleetHistoryQuery> = {
  name: 'fleetHistory',
  method: 'GET',
  paths: ['/fleet/history'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Uptime, incidents and latency of a model group or target, and what the history does not show',
  query: z.object({
    group: z.string().optional().describe('model group or alias; either this or `target`'),
    target: z.string().optional().describe('target id, `model_id`, or a name that only one target has'),
    window: z
      .string()
      .regex(/^[1-9]\d{0,3}[hd]$/)
      .default('7d')
      .describe('time until now, in hours or days: `24h`, `7d` (default); longer ones are cut to `90d`'),
    from: z
      .string()
      .optional()
      .describe(
        'begin of a part of the past, in place of `window`: `2026-11-22T02:00:00Z`, or `02:00` for the last 02:00 in UTC',
      ),
    to: z
      .string()
      .optional()
      .describe('its end, not included: a time, or `03:00` for the first 03:00 in UTC after `from`; default: now'),
    format: z.enum(['json', 'csv']).default('json').describe('`json` (default), or `csv`: uptime alone'),
  }),
  answers: {
    200: { when: 'Redis answered', schema: fleetHistorySchema, otherType: 'text/csv' },
    404: { when: 'no model group or target has this name', schema: detailSchema },
    409: {
      when: 'not exactly one of `group` and `target`; or an ambiguous name: the answer lists the ids of its targets, and for each a word that means it alone',
      schema: detailSchema,
    },
    422: {
      when: '`from` or `to` is no time, `from` is not before `to` and in the past, or more than 90 days ago',
      schema: faultsSchema,
    },
    503: { when: 'Redis did not answer in time', schema: detailSchema },
  },
};

export interface FleetSloQuery {
  readonly group?: string | undefined;
  readonly format: 'json' | 'csv';
}

export const fleetSlo: Route<FleetSloQuery> = {
  name: 'fleetSlo',
  method: 'GET',
  paths: ['/fleet/slo'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Objectives of model groups, their error budgets and burn rates',
  query: z.object({
    group: z.string().optional().describe('only this model group, or alias'),
    format: z.enum(['json', 'csv']).default('json').describe('`json` (default), or `csv`: a row for each group'),
  }),
  answers: {
    200: { when: 'Redis answered', schema: fleetSloSchema, otherType: 'text/csv' },
    404: { when: 'no model group has this name, or it has no objective', schema: detailSchema },
    503: { when: 'Redis did not answer in time', schema: detailSchema },
  },
};

export const fleetHistoryRoutes: readonly Route[] = [fleetHistory, fleetSlo];
