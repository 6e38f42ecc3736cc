import type { Client } from '../client/client.ts';
import type { Script } from '../scripts.generated.ts';

/**
 * Runs a script by its hash. If the server does not know it (after a restart or `SCRIPT FLUSH`), runs it once more by its
 * text, which also loads it.
 *
 * @throws the client's errors; see `lossOf`
 */
export async function runScript(
  client: Client,
  script: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  if (script.keys !== 'any' && keys.length !== script.keys) {
    throw new Error(`script called with ${keys.length} keys instead of ${script.keys}`);
  }
  try {
    return await client.evalsha(script.sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await client.eval(script.lua, keys.length, ...keys, ...args);
  }
}
