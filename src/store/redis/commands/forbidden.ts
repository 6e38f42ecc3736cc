import type { Script } from '../scripts.generated.ts';

/**
 * Names the command that a user may not run in a script. Redis 7.0 reports only its line. Later versions and Valkey name the
 * command but not the channel, and do not begin with NOPERM.
 */
export function namingForbidden(error: unknown, { script, publish }: { script: Script; publish: string }): unknown {
  const text = error instanceof Error ? error.message : '';
  const told = /^(?:ERR )?ACL failure in script: (.*)/.exec(text)?.[1];
  if (told !== undefined) return new Error(/access a channel/.test(told) ? missing(publish) : `NOPERM ${told}`);
  const place = /^(?:ERR )?The user executing the script can't .* on @user_script:(\d+)/.exec(text);
  if (place === null) return error;
  const line = script.lua.split('\n')[Number(place[1]) - 1] ?? '';
  const called = /redis\.call\((?:'(\w+)'|event\.command)/.exec(line);
  if (called === null) return error;
  const what = called[1] === undefined ? publish : `the '${called[1].toLowerCase()}' command`;
  return new Error(missing(what));
}

function missing(what: string): string {
  return `NOPERM this user has no permissions to run ${what} in a script`;
}
