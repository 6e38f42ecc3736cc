import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { podNameOf } from './fleet-settings.ts';

it('names a pod by POD_NAME, else by its host, with harmless characters', () => {
  expect(podNameOf({ podName: 'allswell-7d9f-x2k4q' })).toBe('allswell-7d9f-x2k4q');
  expect(podNameOf({ podName: 'web 1\u001B' })).toBe('web-1-');
  expect(podNameOf({ podName: null })).toBe(
    hostname()
      .replaceAll(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, 64),
  );
});
