import { expect, it } from 'vitest';
import { createObservationWindows } from './observation-windows.ts';

it('windows are kept for the pairs of reporter and target that were used last', () => {
  const windows = createObservationWindows(2);
  const [a, b] = [windows.of('proxy', 'aa'), windows.of('proxy', 'bb')];
  expect(windows.of('proxy', 'aa')).toBe(a);
  windows.of('other', 'aa');
  expect(windows.of('proxy', 'aa')).toBe(a);
  expect(windows.of('proxy', 'bb')).not.toBe(b);
});
