import { describe, expect, it } from 'vitest';
import { failedProbe, factsOf, okProbe } from '../../support/fleet-parts.ts';

const adapted = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: '0123456789ab' };
const known = factsOf(okProbe(1, { adapted }));
const badProbe = failedProbe(2, { class: 'bad-probe', status: 400 }, { adapted });

describe('a probe adaptation in the facts', () => {
  it('is stored after the first probe that was accepted with it', () => {
    expect(known.adapted).toEqual(adapted);
  });

  it.each([
    ['a probe at a shallower level', okProbe(2, { level: 'models' })],
    ['a failure of the upstream', failedProbe(2)],
    ['a rate-limit answer', failedProbe(2, { class: 'overloaded', status: 429 })],
  ])('is kept after %s, which says nothing about the body', (_what, probe) => {
    expect(factsOf(okProbe(1, { adapted }), probe).adapted).toEqual(adapted);
  });

  it.each([
    ['a probe is accepted without it', okProbe(2)],
    ['a probe is rejected with it', badProbe],
    ['a probe is rejected without it', failedProbe(2, { class: 'bad-probe', status: 400 })],
  ])('is removed when %s', (_what, probe) => {
    expect(factsOf(okProbe(1, { adapted }), probe)).not.toHaveProperty('adapted');
  });

  it('is the one of the newest accepted probe', () => {
    const other = { parameter: 'temperature', bodyHash: adapted.bodyHash };
    expect(factsOf(okProbe(1, { adapted }), okProbe(2, { adapted: other })).adapted).toEqual(other);
  });

  it('is not stored from a probe that failed with it', () => {
    expect(factsOf(okProbe(1), failedProbe(2, {}, { adapted }))).not.toHaveProperty('adapted');
  });
});
