import type { RedisProgram } from '../../src/testing/index.ts';

// Programs that the runner of the suite (main.ts) found on this machine.

/** The Valkey server that `VALKEY_SERVER_BIN` names; without it the suite fails rather than leave a topology out. */
export function valkeyProgram(): RedisProgram {
  const bin = process.env['VALKEY_SERVER_BIN'];
  if (bin === undefined || bin === '') {
    throw new Error(
      'VALKEY_SERVER_BIN names no valkey-server: run npm run test:history, or set it to what .ci/fetch-valkey prints',
    );
  }
  return { bin, env: {}, source: 'PATH' };
}

/** Whether the clocks of servers are set: always, unless `ALLSWELL_HISTORY_CLOCK=true-time` says that it cannot be done. */
export function clockOfServers(): 'true' | 'can be set' {
  return process.env['ALLSWELL_HISTORY_CLOCK'] === 'true-time' ? 'true' : 'can be set';
}
