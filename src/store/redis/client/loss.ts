import type { StoreLoss } from '../../../ports/index.ts';

type Code = StoreLoss['code'];

// Codes by the first word of an error reply. After each of them the pod works without the store.
const codes: Readonly<Record<string, Code>> = {
  OOM: 'out-of-memory',
  LOADING: 'loading',
  READONLY: 'read-only',
  MISCONF: 'read-only',
  NOREPLICAS: 'read-only',
  TRYAGAIN: 'try-again',
  BUSY: 'try-again',
  NOPERM: 'no-permission',
  NOAUTH: 'no-permission',
  WRONGPASS: 'no-permission',
  CLUSTERDOWN: 'cluster-down',
  MASTERDOWN: 'cluster-down',
  MOVED: 'cluster-down',
  ASK: 'cluster-down',
};

const connectionTrouble =
  /^(connect |read |write |getaddrinfo |Connection is closed|the connection was closed|Stream isn't writeable|Reached the max retries|Cluster isn't ready|Cluster is|Failed to refresh slots|None of startup|All sentinels|Socket timeout|Command aborted|Client network|self-signed|unable to |certificate |Hostname\/IP|[0-9A-F]+:error:[0-9A-F]+:SSL routines)/;

/**
 * Safe loss for a client's error. The error itself is not passed on, because it contains the command's arguments: passwords
 * and record bodies.
 */
export function lossOf(error: unknown, secrets: readonly string[] = []): StoreLoss {
  const text = error instanceof Error ? error.message : 'an error without a message';
  return { code: codeOf(text, error), message: plain.get(text) ?? oneLine(text, secrets) };
}

/** Plain messages for errors that the client itself raises. */
const plain: ReadonlyMap<string, string> = new Map([
  ["Stream isn't writeable and enableOfflineQueue options is false", 'not connected'],
  ['Command timed out', 'no answer in time'],
  [
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
    'the connection was closed',
  ],
]);

function codeOf(text: string, error: unknown): Code {
  if (text === 'Command timed out') return 'timeout';
  const word = /^-?([A-Z]+)\b/.exec(text)?.[1];
  if (word !== undefined && word in codes) return codes[word] ?? 'error';
  // A forbidden command in a script: Redis 7.0 has no code for it, later versions begin with NOPERM.
  if (/The user executing the script can't|ACL failure in script/.test(text)) return 'no-permission';
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const system = typeof syscall === 'string' || (typeof code === 'string' && /^E[A-Z]+$/.test(code));
  return system || connectionTrouble.test(text) ? 'disconnected' : 'error';
}

const LONGEST = 160;

function oneLine(text: string, secrets: readonly string[]): string {
  // A server repeats the arguments of an unknown command, and the hash of a failed script.
  const [line = ''] = text.replace(/ Retrying from scratch after \d+ms\./, '').split('\n');
  const [told = ''] = line.split(/,? with args beginning with|\.? script: [0-9a-f]{40}/);
  const safe = secrets
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), told);
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}

/** The loss of a handle that was closed. */
export const closedLoss: StoreLoss = { code: 'disconnected', message: 'this handle of the store was closed' };
