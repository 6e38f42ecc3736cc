import type { PodId, StoreTime } from '../../../health/index.ts';
import type { StoreAnswer, StoreLoss, StoreMeta } from '../../../ports/index.ts';
import { wholeStamp } from '../../format/index.ts';
import type { Client } from '../client/client.ts';
import { namingForbidden } from './forbidden.ts';
import type { FleetKeys } from '../keys.ts';
import { replyFrom } from './reply.ts';
import { runScript } from './run-script.ts';
import { scripts, type ScriptName } from '../scripts.generated.ts';

/** Scripts on LiteLLM's keys; see `bridge.ts`. */
export type BridgeScript =
  | 'lead-bridge'
  | 'resign-bridge'
  | 'publish-results'
  | 'retract-results'
  | 'read-fingerprint'
  | 'read-access'
  | 'read-text';
type FleetScript = Exclude<ScriptName, BridgeScript | 'read-cooldowns' | 'write-cooldowns'>;
/** Hash on which a generic script runs. */
export type FieldsOf = 'records' | 'leases' | 'holds' | 'pods';

/** Runs scripts on one fleet's keys. Errors become `lost` answers. */
export interface ScriptRunner {
  readonly channel: string;
  /** `PUBLISH`, or `SPUBLISH` in a cluster. */
  readonly publishCommand: string;
  run<T>(
    name: FleetScript,
    args: readonly string[],
    read: (body: readonly string[], meta: StoreMeta) => T,
    of?: FieldsOf,
  ): Promise<StoreAnswer<T>>;
}

export interface RunnerParts {
  /** The present client; it may be replaced. */
  readonly client: () => Client;
  readonly keys: FleetKeys;
  /** Safe loss for a client's error. */
  readonly explain: (error: unknown) => StoreLoss;
}

export function createRunner({ client, keys, explain }: RunnerParts): ScriptRunner {
  return {
    channel: keys.channel,
    get publishCommand() {
      return client().isCluster ? 'SPUBLISH' : 'PUBLISH';
    },
    async run(name, args, read, of = 'records') {
      const used = keysOf(name, keys, of);
      try {
        const reply = replyFrom(await runScript(client(), scripts[name], used, args));
        if (reply.kind === 'late') return { kind: 'too-late', meta: reply.meta };
        return { kind: 'ok', meta: reply.meta, value: read(reply.body, reply.meta) };
      } catch (error) {
        const publish = `the '${this.publishCommand.toLowerCase()}' command, or not on the channel ${keys.channel},`;
        return { kind: 'lost', loss: explain(namingForbidden(error, { script: scripts[name], keys: used, publish })) };
      }
    },
  };
}

/** First arguments of every script that writes and publishes. */
export function writingArgs(
  runner: ScriptRunner,
  input: { readonly pod: PodId; readonly notAfter: StoreTime },
): readonly string[] {
  return [String(wholeStamp(input.notAfter)), runner.publishCommand, runner.channel, input.pod];
}

function keysOf(name: FleetScript, keys: FleetKeys, of: FieldsOf): readonly string[] {
  const { records, leases, pods, holds, budget, history, limits, alerts } = keys;
  switch (name) {
    case 'read-fields':
      return [records, keys[of]];
    case 'read-time':
      return [records];
    case 'leave':
    case 'list-members':
    case 'read-targets':
    case 'write-targets':
      return [records, pods];
    case 'hold':
    case 'sweep-holds':
      return [records, holds];
    case 'heartbeat':
      return [records, leases, pods, holds, budget, history];
    case 'restore-counts':
    case 'read-money':
      return [records, budget];
    case 'read-history':
      return [records, history];
    case 'lease-limits':
      return [records, limits];
    case 'lead-alerts':
    case 'write-alerts':
      return [records, alerts];
    case 'renew-leases':
      return [records, leases];
    case 'sample-fields':
      return [records, leases, budget, history, holds];
    case 'claim-leases':
      return [records, leases, budget, holds];
    case 'release-leases':
      return [records, leases, budget];
    case 'commit-records':
    case 'sweep-records':
      return [records, leases, budget, history];
  }
}
