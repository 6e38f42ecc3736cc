import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsVersion } from '../../src/providers/model-facts.generated.ts';
import { differencesOf } from './compare.ts';
import type { Difference } from './compare.ts';
import { deployments } from './deployments.ts';
import { allowed, reasonFor } from './differences.ts';
import type { Allowed } from './differences.ts';
import { startRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { probeWithAllswell } from './with-allswell.ts';
import type { Reached } from './with-allswell.ts';
import { probeWithLitellm } from './with-litellm.ts';
import type { LitellmRun } from './with-litellm.ts';

// One configuration, probed by LiteLLM and by allswell. What reaches the upstreams must be the same, but for what
// differences.ts says, row by row.

let theirs: Recorder;
let ours: Recorder;
let litellm: LitellmRun;
const reached = new Map<string, Reached>();
beforeAll(async () => {
  [theirs, ours] = await Promise.all([startRecorder(), startRecorder()]);
  const python = process.env['LITELLM_PYTHON'];
  if (python === undefined) throw new Error('LITELLM_PYTHON is not set: run npm run test:differential');
  litellm = await probeWithLitellm(python, theirs.url, deployments);
  for (const deployment of deployments) reached.set(deployment.id, await probeWithAllswell(ours.url, deployment));
});
afterAll(() => Promise.all([theirs.close(), ours.close()]));

it('compares at least 150 deployments, each of which has its own name', () => {
  expect(deployments.length).toBeGreaterThanOrEqual(150);
  expect(new Set(deployments.map(({ id }) => id)).size).toBe(deployments.length);
});

it('runs beside the LiteLLM that the table of facts was made from', () => {
  expect(litellm.version).toBe(factsVersion);
  expect(litellm.errors.size).toBe(deployments.length);
});

it.each(deployments.map(({ id }) => [id]))('%s is probed as LiteLLM probes it', (id) => {
  expect(differencesIn(id).filter((difference) => reasonFor(difference) === undefined)).toEqual([]);
});

describe('the table of differences', () => {
  it('has no row that is not needed', () => {
    const needed = new Set<Allowed | undefined>(deployments.flatMap(({ id }) => differencesIn(id).map(reasonFor)));
    expect(allowed.filter((row) => !needed.has(row)).map(({ why }) => why)).toEqual([]);
  });
});

it("sends no key to another vendor's host than LiteLLM does", () => {
  const strange = deployments.filter(({ id }) => {
    const [their, own] = [theirs.first(id), ours.first(id)];
    return their !== undefined && own !== undefined && siteOf(their.url) !== siteOf(own.url);
  });
  // LiteLLM asks Ollama about the model first, at this very machine, whatever the address of the deployment.
  expect(strange.map(({ id }) => id)).toEqual(['ollama/nomic-embed-text']);
});

/** `api.cohere.ai` and `api.cohere.com` are one vendor's. */
function siteOf(url: string): string {
  return new URL(url).host.split('.').slice(0, -1).join('.');
}

function differencesIn(id: string): readonly Difference[] {
  const [their, own] = [theirs.first(id), ours.first(id)];
  if (their !== undefined && own !== undefined) return differencesOf(id, their, own);
  if (their === undefined && own === undefined && reached.get(id)?.kind === 'asked') return [];
  const asked = (request: typeof their): string | undefined => request && `${request.method} ${request.url}`;
  const failed = `nothing: ${litellm.errors.get(id) ?? 'no error'}`;
  return [{ id, field: 'asked', theirs: asked(their) ?? failed, ours: asked(own) ?? shownReach(reached.get(id)) }];
}

function shownReach(found: Reached | undefined): string {
  switch (found?.kind) {
    case 'shallow':
      return `${found.level}: ${found.notes.join('; ')}`;
    case 'refused':
      return `refused: ${found.problems.join('; ')}`;
    default:
      return 'nothing';
  }
}
