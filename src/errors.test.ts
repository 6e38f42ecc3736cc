import { describe, expect, it } from 'vitest';
import { AllswellError, errorRegistry } from './errors.ts';

describe('an error of the registry', () => {
  it('carries its code, both statuses, a filled message and its cause', () => {
    const cause = new Error('EADDRINUSE');
    const error = new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host: '0.0.0.0', port: 4000 }, cause);
    expect(error).toMatchObject({ code: 'ALLSWELL_ERR_PORT_IN_USE', exitStatus: 3, httpStatus: 500, cause });
    expect(error.message).toBe('cannot listen on 0.0.0.0:4000: another process uses the port');
  });

  it('shows a placeholder for which there is no value, instead of nothing', () => {
    expect(new AllswellError('ALLSWELL_ERR_CONFIG_UNREADABLE', {}).message).toBe(
      'the configuration cannot be read: {why}',
    );
  });

  it('has exit status 2 for every problem of the configuration', () => {
    const config = Object.entries(errorRegistry).filter(([code]) => code.includes('_CONFIG_'));
    expect(config.length).toBeGreaterThan(4);
    expect(config.every(([, { exitStatus }]) => exitStatus === 2)).toBe(true);
  });
});
