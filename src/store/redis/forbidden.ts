import type { Script } from './scripts.generated.ts';

/**
 * Names the command that a user may not run. Redis 7.0 says only in which line of which script that was; later ones, and
 * Valkey, say it themselves.
 */
export function namingForbidden(error: unknown, { script, publish }: { script: Script; publish: string }): unknown {
  const text = error instanceof Error ? error.message : '';
  const place = /^(?:ERR )?The user executing the script can't .* on @user_script:(\d+)/.exec(text);
  if (place === null) return error;
  const line = script.lua.split('\n')[Number(place[1]) - 1] ?? '';
  const called = /redis\.call\((?:'(\w+)'|event\.command)/.exec(line);
  if (called === null) return error;
  const what = called[1] === undefined ? publish : `the '${called[1].toLowerCase()}' command`;
  return new Error(`NOPERM this user has no permissions to run ${what} in a script`);
}
