import { expect, it } from 'vitest';
import { planHandover } from './handover.ts';
import type { Candidate } from './plan.ts';

const pools = [{ name: 'chat', own: ['a', 'b', 'c'], reach: ['a', 'b', 'c'] }];
const pair = [{ name: 'chat', own: ['a', 'b'], reach: ['a', 'b'] }];
const none: ReadonlySet<string> = new Set();

function drained(...ids: readonly string[]): readonly Candidate[] {
  return ids.map((modelId) => ({ modelId, reason: 'drained', lastSuccessAt: 1 }));
}

it('waits with a cooldown until LiteLLM uses what comes back, and calls nothing the last one', () => {
  const input = { pools: pair, candidates: drained('b'), cooledByLitellm: none };
  expect(planHandover(input, new Set(['a']))).toEqual({ cooled: new Set(), leftRoutable: [] });
  expect(planHandover(input, none)).toEqual({ cooled: new Set(['b']), leftRoutable: [] });
});

it('does not wait where another deployment is routable', () => {
  const input = { pools, candidates: drained('b'), cooledByLitellm: none };
  expect(planHandover(input, new Set(['a']))).toEqual({ cooled: new Set(['b']), leftRoutable: [] });
  const byLitellm = { ...input, cooledByLitellm: new Set(['c']) };
  expect(planHandover(byLitellm, new Set(['a']))).toEqual({ cooled: new Set(), leftRoutable: [] });
});

it('goes on with what is cooled, and waits with the new one', () => {
  const input = { pools, candidates: drained('a', 'b'), cooledByLitellm: none };
  expect(planHandover(input, new Set(['a', 'c']))).toEqual({ cooled: new Set(['a']), leftRoutable: [] });
});

it('still swaps the one that stays for one that answers more likely', () => {
  const candidates: readonly Candidate[] = [...drained('a'), { modelId: 'b', reason: 'down', lastSuccessAt: 0 }];
  const input = { pools: pair, candidates, cooledByLitellm: none };
  const leftRoutable = [{ modelId: 'a', pool: 'chat' }];
  expect(planHandover(input, new Set(['a']))).toEqual({ cooled: new Set(), leftRoutable });
  expect(planHandover(input, none)).toEqual({ cooled: new Set(['b']), leftRoutable });
});

it('does not wait in a group that LiteLLM has cooled as a whole', () => {
  const input = { pools: pair, candidates: drained('a', 'b'), cooledByLitellm: new Set(['a', 'b']) };
  expect(planHandover(input, new Set(['b'])).cooled).toEqual(planHandover(input, none).cooled);
});
