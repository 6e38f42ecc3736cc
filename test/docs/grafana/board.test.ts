import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricNamesIn } from '../../support/metric-names.ts';
import { boardProblems } from './board-problems.ts';
import type { Board } from './board-type.ts';
import { OTHER_MISTAKES, TYPE_MISTAKES, withMistake } from './mistakes/index.ts';
import { typeErrors } from './type-errors.ts';

const board = JSON.parse(readFileSync('deploy/grafana/allswell.json', 'utf8')) as Board;

describe('the dashboard for Grafana', () => {
  it('has a panel for groups, objectives, states, holds, alerts, propagation, the store, money and requests', () => {
    const used = new Set(metricNamesIn(JSON.stringify(board.panels)));
    for (const name of [
      'allswell_group_routable_deployments',
      'allswell_slo_objective_ratio',
      'allswell_slo_availability_ratio',
      'allswell_slo_known_ratio',
      'allswell_slo_error_budget_left_ratio',
      'allswell_slo_burn_rate',
      'allswell_target_state',
      'allswell_target_hold_start_timestamp_seconds',
      'allswell_target_consecutive_failures',
      'allswell_alert_receiver_failing',
      'allswell_alert_conditions_held_back',
      'allswell_propagation_seconds_bucket',
      'allswell_store_mode',
      'allswell_fleet_spent_today_usd',
      'allswell_requests_total',
      'allswell_request_failovers_total',
      'allswell_request_first_byte_seconds_bucket',
    ]) {
      expect(used).toContain(name);
    }
  });

  it('has what no type can say: ids, places, variables, units, thresholds and names of metrics and labels', () => {
    expect(boardProblems(board)).toEqual([]);
  });

  it.for(OTHER_MISTAKES)('would not pass with $what', (mistake) => {
    expect(boardProblems(withMistake(board, mistake) as Board)).toEqual([mistake.found]);
  });

  it("has the types of Grafana's own schema, and would not pass with a mistake", () => {
    const [ofBoard, ...ofMistakes] = typeErrors([
      board,
      ...TYPE_MISTAKES.map((mistake) => withMistake(board, mistake)),
    ]);
    expect(ofBoard).toEqual([]);
    for (const [at, { what, found }] of TYPE_MISTAKES.entries()) {
      expect(ofMistakes[at], what).toEqual([expect.stringContaining(found)]);
    }
  });

  it('has no value whose type is open: another one is an error, wherever it is', () => {
    const kinds = new Map(board.panels.map((panel) => [panel.type, panel]));
    const small = { ...board, panels: [...kinds.values()] };
    const places = placesOf(small);
    expect(places.length).toBeGreaterThan(150);
    const errors = typeErrors(
      places.map(({ at, value }) => withMistake(small, { at, value: typeof value === 'string' ? 1 : 'other' })),
    );
    expect(places.filter((_, at) => errors[at]?.length === 0)).toEqual([]);
  });
});

interface Place {
  readonly at: readonly (string | number)[];
  readonly value: unknown;
}

/** Every text, number, boolean and null. */
function placesOf(value: unknown, at: Place['at'] = []): readonly Place[] {
  if (value === null || typeof value !== 'object') return [{ at, value }];
  return Object.entries(value).flatMap(([key, part]) =>
    placesOf(part, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}
