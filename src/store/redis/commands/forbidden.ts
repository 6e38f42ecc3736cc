import type { Script } from '../scripts.generated.ts';

/** A script, the keys it was called with, and its right to publish in words. */
export interface CalledScript {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly publish: string;
}

/**
 * Names the command that a user may not run in a script, and the keys that it may not use. Redis 7.0 reports only the line.
 * Later versions and Valkey name the command but not the channel, and do not begin with NOPERM.
 */
export function namingForbidden(error: unknown, { script, keys, publish }: CalledScript): unknown {
  const text = error instanceof Error ? error.message : '';
  if (/^NOPERM .*(one of the keys|access a key)/.test(text)) {
    return new Error(`NOPERM this user may not access ${keys.join(' or ')}`);
  }
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
