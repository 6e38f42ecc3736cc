import { expect, it, vi } from 'vitest';
import { createObservationWindows } from './observation-windows.ts';

it('windows are kept for the pairs of reporter and target that were used last', () => {
  const windows = createObservationWindows(() => {}, 2);
  const [a, b] = [windows.of('proxy', 'aa', 0), windows.of('proxy', 'bb', 0)];
  expect(windows.of('proxy', 'aa', 0)).toBe(a);
  windows.of('other', 'aa', 0);
  expect(windows.of('proxy', 'aa', 0)).toBe(a);
  expect(windows.of('proxy', 'bb', 0)).not.toBe(b);
});

it('a window is lost if its results could still have counted, and not once they are old', () => {
  const lost = vi.fn<() => void>();
  const windows = createObservationWindows(lost, 1);
  windows.of('proxy', 'aa', 0);
  windows.of('proxy', 'bb', 59_999);
  expect(lost).toHaveBeenCalledTimes(1);
  windows.of('proxy', 'cc', 119_999);
  expect(lost).toHaveBeenCalledTimes(1);
});
