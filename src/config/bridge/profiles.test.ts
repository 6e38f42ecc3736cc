import { expect, it } from 'vitest';
import { chooseProfile } from './profiles.ts';

it.each([
  [undefined, undefined, 'check'],
  ['check', undefined, 'check'],
  ['serve', false, 'serve'],
  ['serve', true, 'serve-and-publish'],
  ['bridge', undefined, 'bridge'],
  ['bridge', false, 'bridge'],
  ['bridge', true, 'bridge'],
] as const)('asked for %s, with litellm_bridge %s in the file, the profile is %s', (asked, litellmBridge, name) => {
  const fleet = { litellm_bridge: { enabled: litellmBridge } };
  expect(chooseProfile(asked, { general: {}, litellm: {}, fleet })).toMatchObject({ name });
});
