import { describe, expect, it } from 'vitest';
import { lossOf } from './loss.ts';

describe('lossOf', () => {
  it.each([
    ['OOM command not allowed when used memory > maxmemory. script: abc, on @user_script:3', 'out-of-memory'],
    ['LOADING Redis is loading the dataset in memory', 'loading'],
    ["READONLY You can't write against a read only replica.", 'read-only'],
    ['MISCONF Redis is configured to save RDB snapshots', 'read-only'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'try-again'],
    ['BUSY Redis is busy running a script', 'try-again'],
    ["NOPERM User x has no permissions to run the 'evalsha' command", 'no-permission'],
    ['NOAUTH Authentication required.', 'no-permission'],
    ['CLUSTERDOWN Hash slot not served', 'cluster-down'],
    ['MOVED 3999 127.0.0.1:6381', 'cluster-down'],
    ['Command timed out', 'timeout'],
    ['Connection is closed.', 'disconnected'],
    ["Stream isn't writeable and enableOfflineQueue options is false", 'disconnected'],
    ['ERR something else', 'error'],
    ['OOMPH is another word', 'error'],
  ])('takes "%s" for %s', (message, code) => {
    expect(lossOf(new Error(message)).code).toBe(code);
  });

  it('reports system errors as a lost connection', () => {
    expect(lossOf(Object.assign(new Error('anything'), { code: 'ECONNRESET', syscall: 'read' })).code).toBe(
      'disconnected',
    );
  });

  it('has a plain message for a connection that broke during a command', () => {
    const message =
      'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.';
    expect(lossOf(new Error(message))).toEqual({ code: 'disconnected', message: 'the connection was closed' });
  });

  it('has a short message without arguments, scripts or secrets', () => {
    const message = "ERR unknown command 'x', with args beginning with: 'body' 'hush'\nmore";
    expect(lossOf(new Error(message))).toEqual({ code: 'error', message: "ERR unknown command 'x'" });
    expect(lossOf(new Error('ERR bad hush'), ['hush', '']).message).toBe('ERR bad ***');
    expect(lossOf(new Error('x'.repeat(500))).message.length).toBeLessThan(200);
    expect(lossOf('text')).toEqual({ code: 'error', message: 'an error without a message' });
  });
});
