import { expect, it } from 'vitest';
import { namePods } from './pod-names.ts';

it('puts the name of each known pod before its id, once', () => {
  const name = namePods(new Map([['pod_1_a', 'web-1']]));
  expect(name('held by pod_1_a, not by pod_2_b')).toBe('held by web-1/pod_1_a, not by pod_2_b');
  expect(name(name('pod_1_a'))).toBe('web-1/pod_1_a');
});
