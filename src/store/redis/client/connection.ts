import type { Clock, Logger, StoreLoss, RedisNode, RedisTarget } from '../../../ports/index.ts';
import type { ClientTimes } from './client-options.ts';
import { openClient, type Client } from './client.ts';
import { describedLoss, isRefusedLogin } from './describe-loss.ts';
import { closedLoss } from './loss.ts';
import { passwordOf } from './password.ts';
import { secretsOf, type ResolvedTarget } from './resolve-target.ts';
import { readServerFacts, type EvictionPolicy } from './server-facts.ts';
import { serverWarnings } from './server-warnings.ts';

const SHOWN = 3;

/** Longest wait for a connection's end event. */
const CLOSING_MS = 200;

/** The connection for commands. It reconnects after each failure until it is closed. */
export interface Connection {
  /** The present client. It is replaced if the server turns out to be a cluster. */
  client(): Client;
  /** Present address and login of the store. */
  target(): ResolvedTarget;
  /**
   * Loss of a failed command; without a connection, the reason for that. `rights` are those that the command needs, if not
   * those of the connection.
   */
  explain(error: unknown, rights?: string): StoreLoss;
  /** Calls back when the address changes; returns the function that ends it. */
  onMoved(listener: () => void): () => void;
  /** Eviction policy, as read at the last connection. */
  evictionPolicy(): EvictionPolicy;
  close(): Promise<void>;
}

export interface ConnectionParts {
  readonly target: ResolvedTarget;
  /** Rules of an ACL that the user of this connection needs. */
  readonly rights: string;
  readonly times: ClientTimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function connectionTo(parts: ConnectionParts): Connection {
  return new RedisConnection(parts);
}

class RedisConnection implements Connection {
  readonly #parts: ConnectionParts;
  readonly #password: ReturnType<typeof passwordOf>;
  readonly #warn: ReturnType<typeof serverWarnings>;
  readonly #listeners = new Set<() => void>();
  #target: ResolvedTarget;
  #client: Client;
  #lastLoss: StoreLoss | undefined;
  #eviction: EvictionPolicy = { kind: 'unknown' };
  #closed: Promise<void> | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#password = passwordOf(parts.target);
    this.#warn = serverWarnings(parts.logger);
    this.#target = this.#withPassword(parts.target);
    this.#client = this.#open();
  }

  client(): Client {
    return this.#client;
  }

  target(): ResolvedTarget {
    // A caller is about to connect. At the latest its next attempt uses the present content of the file.
    void this.#password.refresh();
    return this.#withPassword(this.#target);
  }

  explain(error: unknown, rights?: string): StoreLoss {
    if (this.#closed !== undefined) return closedLoss;
    this.#learnFrom(error);
    const loss = this.#describedLoss(error, rights);
    return loss.code === 'disconnected' ? (this.#lastLoss ?? loss) : loss;
  }

  onMoved(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  evictionPolicy(): EvictionPolicy {
    return this.#eviction;
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end(this.#client));
  }

  #open(): Client {
    const { times, clock } = this.#parts;
    const client = openClient({ target: this.#target, times, clock });
    let [said, refusedDb] = [false, false];
    const note = (caught: unknown): void => {
      const error = said ? caught : beforeHello(caught);
      said = true;
      if (isRefusedDb(error)) refusedDb = true;
      if (client === this.#client) this.#note(error);
    };
    client.on('error', note);
    client.on('node error', note);
    client.on('connecting', () => ([said, refusedDb] = [false, false]));
    client.on('close', () => {
      if (!said) note(new Error('the connection was closed'));
      void this.#password.refresh().then(() => this.#hand(client));
    });
    client.on('ready', () => {
      said = true;
      // Commands in another database than the configured one would mix fleets.
      if (refusedDb) client.disconnect(true);
      else void this.#greet(client);
    });
    return client;
  }

  /** Sets the password for a client's next connection. The client reads its options for each one. */
  #hand(client: Client): void {
    if (client.isCluster || client !== this.#client) return;
    this.#target = this.#withPassword(this.#target);
    Object.assign(client.options, passwordOption(this.#target.password));
  }

  async #greet(client: Client): Promise<void> {
    this.#lastLoss = undefined;
    const facts = await readServerFacts(client);
    if (client !== this.#client || this.#closed !== undefined) return;
    if (facts.mode === 'cluster') this.#becomeCluster();
    this.#eviction = facts.eviction;
    this.#warn(facts);
  }

  #note(error: unknown): void {
    this.#learnFrom(error);
    const loss = this.#describedLoss(error);
    // One line per reason, not one per attempt.
    if (loss.message !== this.#lastLoss?.message) {
      this.#parts.logger.debug(`Redis connection failed: ${loss.message}`, { code: loss.code });
    }
    this.#lastLoss = loss;
  }

  #learnFrom(error: unknown): void {
    const text = error instanceof Error ? error.message : '';
    if (/^(MOVED|ASK) /.test(text)) this.#becomeCluster();
    if (!isRefusedLogin(text)) return;
    void this.#password.refresh().then(() => {
      if (this.#password.current() === this.#target.password || this.#closed !== undefined) return;
      this.#replace(this.#withPassword(this.#target));
    });
  }

  /** Replaces the client by a cluster client, because the configured single server is a node of a cluster. */
  #becomeCluster(): void {
    const target = this.#target;
    if (target.kind !== 'single') return;
    const { kind: _kind, host, port, db = 0, ...login } = target;
    const { logger } = this.#parts;
    const where = whereItIs(target);
    logger.info(`Redis at ${where} is a cluster: connecting to it as with startup_nodes`);
    if (db !== 0) {
      logger.warn(`Redis at ${where} is a cluster and has no database ${db}: using database 0. To fix: remove db`);
    }
    this.#replace({ kind: 'cluster', nodes: [{ host, port }], ...login });
  }

  #replace(target: ResolvedTarget): void {
    const old = this.#client;
    const moved = target.kind !== this.#target.kind;
    this.#target = target;
    this.#client = this.#open();
    void this.#end(old);
    if (moved) for (const listener of this.#listeners) listener();
  }

  #describedLoss(error: unknown, rights: string = this.#parts.rights): StoreLoss {
    const secrets = [...secretsOf(this.#target), ...this.#password.seen()];
    const where = whereItIs(this.#target);
    return describedLoss(error, { where, secrets, rights, loginProblem: this.#password.problem() });
  }

  #withPassword(target: ResolvedTarget): ResolvedTarget {
    return { ...target, ...passwordOption(this.#password.current()) };
  }

  async #end(client: Client): Promise<void> {
    // A connection that is closed between two attempts emits no end event.
    const ended = new Promise<void>((resolve) => {
      client.once('end', () => resolve());
      this.#parts.clock.setTimer(CLOSING_MS, resolve);
    });
    client.disconnect();
    await ended;
  }
}

function passwordOption(password: string | undefined): { readonly password?: string } {
  return password === undefined ? {} : { password };
}

/** Message for a connection that ends before the first answer. */
function beforeHello(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  return /ECONNRESET|^the connection was closed$/.test(text) ? new Error(`${text} before Redis sent an answer`) : error;
}

/** Errors of the handshake's `SELECT`, after which the client would continue in database 0. */
function isRefusedDb(error: unknown): boolean {
  return error instanceof Error && /DB index is out of range|'select' command/.test(error.message);
}

/** Address of a store for messages, without user and password. */
function whereItIs(target: Exclude<RedisTarget, { kind: 'url' }>): string {
  switch (target.kind) {
    case 'single':
      return address(target);
    case 'cluster':
      return `the cluster of ${listed(target.nodes)}`;
    case 'sentinel':
      return `master ${target.name} of the sentinels ${listed(target.sentinels)}`;
  }
}

function listed(nodes: readonly RedisNode[]): string {
  const more = nodes.length > SHOWN ? ` and ${nodes.length - SHOWN} more` : '';
  return `${nodes.slice(0, SHOWN).map(address).join(', ')}${more}`;
}

function address({ host, port }: RedisNode): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
