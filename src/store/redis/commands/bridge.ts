import type {
  BridgeStore,
  ResultsAccess,
  ResultsFingerprint,
  SeenResults,
  StoreAnswer,
  StoreLoss,
} from '../../../ports/index.ts';
import { isPodId, wholeMs, wholeStamp } from '../../format/index.ts';
import { checkedByOf, litellmKeys, lockOwnerOf, fingerprintOf } from '../../../litellm/index.ts';
import type { Client } from '../client/client.ts';
import { namingForbidden } from './forbidden.ts';
import { replyFrom, stampOf, unexpected } from './reply.ts';
import { runScript } from './run-script.ts';
import type { BridgeScript } from './runner.ts';
import { scripts } from '../scripts.generated.ts';

export interface BridgeCommandParts {
  readonly client: () => Client;
  readonly explain: (error: unknown) => StoreLoss;
  readonly namespace: string | null;
  /** Measures a command; answers `lost` for a closed store. */
  readonly send: <T>(command: BridgeScript, work: () => Promise<StoreAnswer<T>>) => Promise<StoreAnswer<T>>;
}

/** Bridge store on LiteLLM's keys. The keys of one command are in one slot of a cluster. */
export function redisBridge({ client, explain, namespace, send }: BridgeCommandParts): BridgeStore {
  const keys = litellmKeys(namespace);
  const run = <T>(
    name: BridgeScript,
    names: readonly string[],
    args: readonly string[],
    read: (body: readonly string[]) => T,
  ): Promise<StoreAnswer<T>> =>
    send(name, async () => {
      try {
        const { kind, meta, body } = replyFrom(await runScript(client(), scripts[name], names, args));
        return kind === 'late' ? { kind: 'too-late', meta } : { kind: 'ok', meta, value: read(body) };
      } catch (error) {
        return {
          kind: 'lost',
          loss: explain(namingForbidden(error, { script: scripts[name], keys: names, publish: '' })),
        };
      }
    });
  const readLock = (): Promise<StoreAnswer<string | null>> =>
    run('read-fingerprint', [keys.lock], [], ([, text = '']) => lockOwnerOf(text));
  return {
    resultsKey: keys.results,
    lead: ({ pod, ttlMs, notAfter }) =>
      run('lead-bridge', [keys.lease], [stampText(notAfter), pod, String(wholeMs(ttlMs))], ([holder = '', until]) => {
        if (!isPodId(holder)) throw unexpected();
        return { pod: holder, until: stampOf(until) };
      }),
    resign: ({ pod, notAfter }) => run('resign-bridge', [keys.lease], [stampText(notAfter), pod], () => null),
    publish: ({ pod, text, lifeMs, notAfter }) => {
      const args = [stampText(notAfter), pod, String(wholeMs(lifeMs)), text];
      return run('publish-results', [keys.results, keys.lease], args, ([how]) =>
        how === 'published' ? { kind: how, fingerprint: fingerprintOf(text) } : { kind: 'refused' },
      );
    },
    retract: ({ pod, fingerprint, notAfter }) =>
      run('retract-results', [keys.results, keys.lease], [stampText(notAfter), pod, fingerprint], ([how]) =>
        how === 'removed' ? how : 'kept',
      ),
    readText: (maxBytes) => run('read-text', [keys.results], [String(maxBytes), 'now'], ([text = '']) => text),
    readTextUnseen: (maxBytes) =>
      run('read-text', [keys.results], [String(maxBytes), 'unseen'], ([text = '', when]) =>
        when === 'later' ? null : text,
      ),
    readUnnamespaced: async () => {
      const { unnamespacedResults: key } = keys;
      if (key === null) return null;
      return await run('read-fingerprint', [key], [], (body) => ({ key, results: resultsFrom(body, null) }));
    },
    readAccess: async () => {
      const [access, lock] = await Promise.all([run('read-access', [keys.results], [], accessFrom), readLock()]);
      if (access.kind !== 'ok') return access;
      return { ...access, value: { ...access.value, lockOwner: lock.kind === 'ok' ? lock.value : null } };
    },
    readResults: async (published) => {
      const [results, lock] = await Promise.all([
        run('read-fingerprint', [keys.results], [], (body) => resultsFrom(body, published)),
        readLock(),
      ]);
      if (results.kind !== 'ok') return results;
      return { ...results, value: { results: results.value, lockOwner: lock.kind === 'ok' ? lock.value : null } };
    },
  };
}

function accessFrom([lifeMs = '', idleSeconds = '']: readonly string[]): Omit<ResultsAccess, 'lockOwner'> {
  return {
    lifeMs: /^\d+$/.test(lifeMs) ? Number(lifeMs) : null,
    idleMs: /^\d+$/.test(idleSeconds) ? Number(idleSeconds) * 1_000 : null,
  };
}

function resultsFrom(
  [fingerprint = '', ending = '']: readonly string[],
  published: ResultsFingerprint | null,
): SeenResults {
  if (fingerprint === 'none') return { kind: 'none' };
  return fingerprint === published
    ? { kind: 'published', fingerprint }
    : { kind: 'other', fingerprint, checkedBy: checkedByOf(ending) };
}

function stampText(us: number): string {
  return String(wholeStamp(us));
}
