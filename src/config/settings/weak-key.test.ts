import { describe, expect, it } from 'vitest';
import { weaknessOf } from './weak-key.ts';

describe('a master key', () => {
  it.each([
    ['sk-1234', 'is a common placeholder'],
    ['sk-123456', 'is a common placeholder'],
    ['sk-your-master-key-here', 'is a common placeholder'],
    ['<your-secret-key>', 'is a common placeholder'],
    ['changeme', 'is a common placeholder'],
    ['sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'is a common placeholder'],
    ['my_super_secret_password123', 'is a common placeholder'],
    ['sk-a8f3k', 'has fewer than 16 characters'],
    ['sk-abababababababababab', 'repeats fewer than 6 characters'],
  ])('%s is weak', (key, is) => {
    const found = weaknessOf(key);
    expect([found?.kind, found?.is]).toEqual(['weak', expect.stringContaining(is)]);
    expect(found?.is).not.toContain(key);
  });

  it.each([
    ['sk-2f9c 81d04be7a6c5', 'contains white space'],
    ['sk-2f9c81d04be7a6c5\n', 'contains white space'],
    ['sk-2f9c81d04be7a6c5\u00a0', 'contains white space'],
    ['sk-2f9c81d04be7a6ç5', 'contains characters beyond ASCII'],
    ['sk-2f9c81d04be7a6c5🔑', 'contains characters beyond ASCII'],
    ['sk-2f9c81d04be7a6c5\u0000', 'contains characters beyond ASCII'],
  ])('%j cannot be sent', (key, is) => {
    const found = weaknessOf(key);
    expect([found?.kind, found?.is]).toEqual(['unusable', expect.stringContaining(is)]);
  });

  it.each([
    'sk-9a1f6c3e8b2d47f0a5c1',
    'correct-horse-battery-staple',
    'sk-Qm7rT2vXw9LpZk3NcB5d',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  ])('%s is good', (key) => expect(weaknessOf(key)).toBeUndefined());
});
