import { describe, expect, it } from 'vitest';
import type { Logger } from '../ports/index.ts';
import { logLevelOf } from './log-level.ts';
import type { LogLevel } from './log-level.ts';
import { createLogger, logFormatOf } from './logger.ts';
import { createRedactor } from '../redaction/index.ts';

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

describe('log lines', () => {
  it('are the time, the level and the message as text', () => {
    const { lines, logger } = capture({ format: 'text' });
    logger.info('Cached health check results for 5 healthy and 0 unhealthy endpoints', { healthy: 5 });
    logger.debug('Using cached health check results');
    logger.warn('w');
    logger.error('e');
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^${time} INFO: Cached health check results for 5 healthy and 0 unhealthy endpoints\n$`),
      ),
      expect.stringMatching(new RegExp(`^${time} DEBUG: Using cached health check results\n$`)),
      expect.stringMatching(new RegExp(`^${time} WARNING: w\n$`)),
      expect.stringMatching(new RegExp(`^${time} ERROR: e\n$`)),
    ]);
  });

  it('carry their fields as JSON', () => {
    const { lines, logger } = capture({ format: 'json' });
    logger.info('Pod pod_1 acquired health check lock', { pod: 'pod_1', targets: 3 });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(new RegExp(`^${time}$`)),
      pod: 'pod_1',
      targets: 3,
      message: 'Pod pod_1 acquired health check lock',
    });
  });

  it('keep their own level: the compiler refuses a field of that name', () => {
    const { logger } = capture({ format: 'text' });
    // @ts-expect-error -- the level of a probe would be printed in place of the level of the line
    logger.debug('Probing m without the store (connect)', { level: 'connect' });
  });

  it('never hold a secret, neither in the message nor in a field', () => {
    for (const format of ['text', 'json'] as const) {
      const { lines, logger } = capture({ format, secrets: ['hunter22', 'qu"ote\\d'] });
      logger.error('refused: hunter22 and qu"ote\\d', { user: 'hunter22', other: 'qu"ote\\d' });
      expect(lines.join('')).not.toMatch(/hunter22|qu\\?"ote/);
      expect(lines.join('')).toContain('[redacted]');
    }
  });

  it('cannot be forged by a message with a line feed', () => {
    const { lines, logger } = capture({ format: 'text' });
    logger.info('upstream said\n2026-01-01T00:00:00.000Z INFO: all is well\u001b[31m');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(lines[0]).not.toContain('\u001b');
  });

  it('below the level are not written', () => {
    const { lines, logger } = capture({ format: 'text', level: 'warn' });
    logger.debug('d');
    logger.info('i');
    logger.warn('w');
    expect(lines).toHaveLength(1);
  });
});

describe('log level', () => {
  it('comes from the flag, else the file, else the environment, else is info', () => {
    expect(logLevelOf({ flag: 'debug', configured: 'info', environment: 'ERROR' })).toBe('debug');
    expect(logLevelOf({ flag: 'none', configured: 'debug', environment: 'ERROR' })).toBe('debug');
    expect(logLevelOf({ flag: 'none', configured: 'info', environment: 'ERROR' })).toBe('error');
    expect(logLevelOf({ flag: 'none', configured: 'info', environment: 'Warning' })).toBe('warn');
    expect(logLevelOf({ flag: 'none', configured: 'info', environment: 'loud' })).toBe('info');
    expect(logLevelOf({ flag: 'none', configured: 'info', environment: undefined })).toBe('info');
  });
});

it('a logger knows whether debug lines are written', () => {
  expect(
    [capture({ format: 'text' }), capture({ format: 'text', level: 'info' })].map(({ logger }) => logger.debugs),
  ).toEqual([true, false]);
});

describe('log format', () => {
  it('is text unless the environment asks for JSON', () => {
    expect([logFormatOf(undefined), logFormatOf('JSON'), logFormatOf('pretty')]).toEqual(['text', 'json', 'text']);
  });
});

function capture(options: { format: 'text' | 'json'; level?: LogLevel; secrets?: string[] }): {
  lines: string[];
  logger: Logger;
} {
  const lines: string[] = [];
  const { format, level = 'debug', secrets = [] } = options;
  return {
    lines,
    logger: createLogger({ level, format, redact: createRedactor(secrets), write: (line) => lines.push(line) }),
  };
}
