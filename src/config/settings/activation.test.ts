import { describe, expect, it } from 'vitest';
import type { HealthMode } from '../types.ts';
import { activationOf, type ActivationInput } from './activation.ts';

type Row = readonly [
  ActivationInput['background'],
  ActivationInput['sharing'],
  ActivationInput['redis'],
  HealthMode,
  number,
];

// background_health_checks, who asked for sharing, Redis -> mode, warnings
const table: readonly Row[] = [
  [true, 'config', 'configured', 'shared', 0],
  [true, 'environment', 'configured', 'shared', 0],
  [true, 'config', 'absent', 'independent', 1],
  [true, 'environment', 'absent', 'independent', 1],
  [true, 'off', 'configured', 'independent', 0],
  [true, 'off', 'absent', 'independent', 0],
  [undefined, 'environment', 'configured', 'shared', 0],
  [undefined, 'environment', 'absent', 'on-demand', 1],
  [undefined, 'config', 'configured', 'on-demand-shared', 1],
  [undefined, 'config', 'absent', 'on-demand', 1],
  [undefined, 'off', 'configured', 'on-demand', 0],
  [undefined, 'off', 'absent', 'on-demand', 0],
  [false, 'config', 'configured', 'on-demand-shared', 0],
  [false, 'environment', 'configured', 'on-demand-shared', 0],
  [false, 'config', 'absent', 'on-demand', 1],
  [false, 'environment', 'absent', 'on-demand', 1],
  [false, 'off', 'configured', 'on-demand', 0],
  [false, 'off', 'absent', 'on-demand', 0],
];

describe('activation', () => {
  it.each(table)('background %s, sharing by %s, Redis %s: %s', (background, sharing, redis, mode, warnings) => {
    const activation = activationOf({ background, sharing, redis });
    expect(activation.mode).toBe(mode);
    expect(activation.warnings).toHaveLength(warnings);
  });

  it('names Redis in the warning when sharing is requested without it', () => {
    expect(activationOf({ background: true, sharing: 'config', redis: 'absent' }).warnings[0]).toContain(
      'Redis is not configured',
    );
  });

  it('names the missing switch when sharing is requested and background checks are not', () => {
    const { warnings } = activationOf({ background: undefined, sharing: 'config', redis: 'configured' });
    expect(warnings[0]).toContain('background_health_checks');
  });
});
