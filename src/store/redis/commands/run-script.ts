import type { Client } from '../client/client.ts';
import type { Script } from '../scripts.generated.ts';

/**
 * Runs a script by its name and, where the server does not know it (it restarted, or somebody flushed its scripts),
 * once more by its text, which teaches it.
 *
 * @throws what the client throws; see `lossOf`
 */
export async function runScript(
  client: Client,
  script: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  if (keys.length !== script.keys) throw new Error(`script called with ${keys.length} keys instead of ${script.keys}`);
  try {
    return await client.evalsha(script.sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await client.eval(script.lua, keys.length, ...keys, ...args);
  }
}
