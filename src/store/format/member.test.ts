import { expect, it } from 'vitest';
import { memberFrom } from './member.ts';

it('reads the name of a pod, and leaves out what is no name', () => {
  const info = { version: '1', policyHash: 'p', targetsHash: 't', startedAt: 1, impaired: false };
  const nameIn = (name: unknown): unknown => memberFrom('pod_a', JSON.stringify({ pod: 'pod_a', ...info, name }))?.name;
  expect(nameIn('web-1')).toBe('web-1');
  for (const wrong of ['', 'a b', 5, 'x'.repeat(65), '\u001B[31m']) expect(nameIn(wrong)).toBeUndefined();
  expect(memberFrom('pod_a', JSON.stringify({ pod: 'pod_a', ...info, name: '' }))).toBeDefined();
});
