import { describe, expect, it } from 'vitest';
import type { LitellmAnswer } from './ask-litellm.ts';
import type { Check, CheckName } from './check.ts';
import { answered, answersOf, AUTHOR, expectedOf, pagesOf, recordedVersions } from './fixtures/recorded-answers.ts';
import type { Expected } from './expected.ts';
import { checkPod } from './pod-checks.ts';
import type { Authors, PodAnswers } from './pod-checks.ts';

const VERSION = '1.110.2';

describe('the checks of a pod', () => {
  it.each(recordedVersions)('pass for the answers of LiteLLM %s beside a bridge', (version) => {
    const checks = checkPod(answersOf(version), expectedOf(version), [AUTHOR]);
    expect(checks.map(({ check, result }) => [check, result])).toEqual([
      ['background-checks', 'passed'],
      ['redis', 'passed'],
      ['results', 'passed'],
      ['routing', 'passed'],
      ['deployments', 'passed'],
    ]);
  });

  const pages: readonly (readonly [keyof PodAnswers, CheckName])[] = [
    ['tasks', 'background-checks'],
    ['shared', 'redis'],
    ['health', 'results'],
    ['memory', 'routing'],
    ['models', 'deployments'],
  ];
  const unread: readonly (readonly [string, LitellmAnswer, string])[] = [
    ['that does not exist', { kind: 'declined', status: 404, type: null }, 'does not exist in this version of LiteLLM'],
    ['that this key may not see', { kind: 'declined', status: 403, type: null }, 'is refused to this key'],
    ['that is too long', { kind: 'too-long' }, 'is too long to be read'],
    ['of another form', answered([]), 'has another form than in the LiteLLM versions that allswell knows'],
    [
      'that takes too long',
      { kind: 'unreachable', why: 'no answer within 10 s' },
      'does not answer: no answer within 10 s',
    ],
  ];
  it.each(
    pages.flatMap(([page, check]) => unread.map(([name, answer, why]) => [page, name, check, answer, why] as const)),
  )('skip what needs the page %s %s', (page, _name, check, answer, why) => {
    const found = one(check, { [page]: answer });
    expect(found.result).toBe('skipped');
    expect(found.says).toMatch(new RegExp(`^/\\S+ ${why}$`));
  });
});

describe('background-checks', () => {
  const withoutLoop = { total_active_tasks: 5, by_name: { 'Server.serve': 1 } };

  it('fails where the loop is not among the tasks', () => {
    expect(one('background-checks', { tasks: answered(withoutLoop) })).toMatchObject({
      result: 'failed',
      todo: expect.stringContaining('background_health_checks: true'),
    });
  });

  it('is skipped where LiteLLM does not name all its tasks', () => {
    const many = { ...withoutLoop, total_active_tasks: 5_000 };
    expect(one('background-checks', { tasks: answered(many) }).result).toBe('skipped');
  });
});

describe('redis', () => {
  it.each([
    ['sharing is off', { shared_health_check_enabled: false }, 'use_shared_health_check is off'],
    [
      'the pod has no Redis',
      { shared_health_check_enabled: true, redis_available: false },
      'the pod has no Redis for its health checks',
    ],
    ['its Redis does not answer', status({ error: 'Error 111' }), "the pod's Redis does not answer"],
    [
      'its Redis has no results',
      status({ cache_available: false }),
      "the pod finds no results in its Redis, and allswell's Redis has some",
    ],
    [
      'its Redis has those of another author',
      status({ last_checked_by: 'pod_2' }),
      `the results in the pod's Redis are those of pod_2, in allswell's those of ${AUTHOR}`,
    ],
  ])('fails where %s', (_name, body, says) => {
    expect(one('redis', { shared: answered(body) })).toMatchObject({ result: 'failed', says });
  });

  it('passes where another bridge took over while the pod was asked', () => {
    expect(one('redis', {}, { authors: ['pod_before', AUTHOR] }).result).toBe('passed');
  });

  it('is skipped, not passed, without results of allswell to compare with', () => {
    expect(one('redis', {}, { expected: { ...expectedOf(VERSION), results: undefined }, authors: [] }).result).toBe(
      'skipped',
    );
  });

  function status(changes: object): unknown {
    const page = pagesOf(VERSION)['/health/shared-status'] as { readonly status: object };
    return { ...page, status: { ...page.status, ...changes } };
  }
});

describe('results', () => {
  it('fails for equal results that LiteLLM found by itself', () => {
    const rows = expectedOf(VERSION).deployments.map(({ modelId, model }) => ({ model, model_id: modelId }));
    expect(one('results', { health: answered({ healthy_endpoints: rows, unhealthy_endpoints: [] }) })).toMatchObject({
      result: 'failed',
      says: "5 of 5 rows at /health are of LiteLLM's own checks",
    });
  });

  it('fails before the first round of a pod', () => {
    expect(one('results', { health: answered({}) })).toMatchObject({
      result: 'failed',
      says: 'the pod has no results yet',
    });
  });

  it('is skipped, not passed, for rows of allswell where the pod has another Redis', () => {
    expect(one('results', {}, { authors: ['pod_other'] }).result).toBe('skipped');
  });

  describe('that are older than those in Redis', () => {
    const expected = expectedOf(VERSION);
    const rows = (expected.results?.rows ?? []).map((row) => ({ ...row, checkedAt: (row.checkedAt ?? 0) + 60_000 }));
    const newest = Math.max(...rows.map(({ checkedAt }) => checkedAt));
    const results = { rows, timestamp: null, checkedBy: AUTHOR };
    const after = (ms: number, probeIntervalMs: number): Check =>
      one('results', {}, { expected: { ...expected, results, probeIntervalMs, resultsReadAt: newest + ms } });

    it('fail once the pod had the time to read those', () => {
      expect(after(30_000, 60_000)).toMatchObject({
        result: 'failed',
        says: "all 5 rows at /health are allswell's, but 60 s older than those in Redis",
      });
    });

    it('pass while the pod may read those in a moment, however old its own are', () => {
      expect(after(1_000, 60_000).result).toBe('passed');
    });

    it('fail where probes are so frequent that there is always a newer one', () => {
      expect(after(1_000, 5_000).result).toBe('failed');
    });
  });

  it('is not asked where LiteLLM would probe for the answer', () => {
    expect(one('results', { health: null })).toMatchObject({
      result: 'skipped',
      says: expect.stringContaining('not asked'),
    });
  });
});

describe('routing', () => {
  const empty = answered({ llm_router_cache: {} });

  it.each(['observe', 'off'] as const)(
    'fails where the Router does not know the results, and cooldowns are set to %s',
    (cooldowns) => {
      const expected = { ...expectedOf(VERSION), cooldowns };
      expect(one('routing', { memory: empty }, { expected })).toMatchObject({
        result: 'failed',
        todo: expect.stringContaining('enable_health_check_routing: true'),
      });
    },
  );

  it('is skipped where the Router does not know the results, but cooldowns act', () => {
    expect(one('routing', { memory: empty })).toMatchObject({
      result: 'skipped',
      says: 'enable_health_check_routing is off: the Router does not know the results; cooldowns act without it',
    });
  });

  it('passes by the setting where LiteLLM shows it', () => {
    expect(
      one('routing', { memory: empty, report: withLine('router_settings.enable_health_check_routing = true') }).result,
    ).toBe('passed');
  });

  it('is skipped where another setting fills the same memory', () => {
    expect(one('routing', { report: withLine('general_settings.model_list_healthy_only = true') }).result).toBe(
      'skipped',
    );
  });

  it('is skipped where the configuration is not known, because that setting is not known either', () => {
    expect(one('routing', { report: { kind: 'declined', status: 404, type: null } }).result).toBe('skipped');
  });

  it('is skipped where the memory is so full that LiteLLM drops entries', () => {
    const full = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key-${i}`, 1]));
    expect(one('routing', { memory: answered({ llm_router_cache: full }) }).result).toBe('skipped');
  });

  it("counts the pod's own deployments alone", () => {
    const { data } = pagesOf(VERSION)['/v1/model/info'] as { readonly data: readonly unknown[] };
    const models = answered({ data: data.slice(0, 2) });
    expect(one('routing', { models })).toMatchObject({
      result: 'passed',
      says: expect.stringMatching(/knows the health of 2 deployments$/),
    });
  });

  it('fails where the Router knows the health of deployments of another pod only', () => {
    const { data } = pagesOf(VERSION)['/v1/model/info'] as {
      readonly data: readonly { readonly model_info: object }[];
    };
    const models = answered({ data: data.map((each, i) => ({ ...each, model_info: { id: `other-${i}` } })) });
    expect(one('routing', { models })).toMatchObject({
      result: 'failed',
      says: 'none of the 5 results is of a deployment of this pod, so it cannot route by them',
    });
  });

  it('is skipped before the first round', () => {
    expect(one('routing', { health: answered({}), memory: empty }).result).toBe('skipped');
  });
});

describe('deployments', () => {
  it('names those that are missing on either side', () => {
    const expected = expectedOf(VERSION);
    const [first, ...rest] = expected.deployments;
    const other = { ...first!, modelId: 'my-id' };
    expect(one('deployments', {}, { expected: { ...expected, deployments: [other, ...rest] } })).toMatchObject({
      result: 'failed',
      says: 'allswell lacks both (openai/m1, 85742b1a37e5…); the pod lacks both (openai/m1, my-id)',
    });
  });

  it('accepts a deployment of the pod whose id allswell cannot know', () => {
    const expected = expectedOf(VERSION);
    const withoutId = [{ group: 'both', model: 'openai/m1' }];
    expect(
      one('deployments', {}, { expected: { ...expected, deployments: expected.deployments.slice(1), withoutId } })
        .result,
    ).toBe('passed');
  });

  it('accepts that LiteLLM lists no deployment that is down, where it is set up so', () => {
    const { data } = pagesOf(VERSION)['/v1/model/info'] as { readonly data: readonly unknown[] };
    // The first one is down in the recording.
    const models = answered({ data: data.slice(1) });
    expect(one('deployments', { models }).result).toBe('failed');
    const report = withLine('general_settings.model_list_healthy_only = true');
    expect(one('deployments', { models, report }).result).toBe('passed');
  });

  it('accepts the id of another version of LiteLLM', () => {
    const expected = expectedOf(VERSION);
    const deployments = expected.deployments.map((each) => ({
      ...each,
      modelId: `new-${each.modelId}`,
      formerModelId: each.modelId,
    }));
    expect(one('deployments', {}, { expected: { ...expected, deployments } }).result).toBe('passed');
  });
});

/** One check, with some answers changed. */
function one(
  name: CheckName,
  changes: Partial<PodAnswers>,
  { expected = expectedOf(VERSION), authors = [AUTHOR] }: { expected?: Expected; authors?: Authors } = {},
): Check {
  const found = checkPod(answersOf(VERSION, changes), expected, authors).find(({ check }) => check === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
}

/** The recorded report with one more line. */
function withLine(line: string): LitellmAnswer {
  const page = pagesOf(VERSION)['/debug/report'] as { readonly config_lines: readonly string[] };
  return answered({ ...page, config_lines: [...page.config_lines, line] });
}
