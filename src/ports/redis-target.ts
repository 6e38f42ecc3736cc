/** Where a Redis or Valkey is and how to get in: what the configuration says, before any client is made. */
export type RedisTarget =
  | (RedisLogin & { readonly kind: 'single'; readonly host: string; readonly port: number })
  /** `redis://` or `rediss://`; user, password and database are in the URL. */
  | {
      readonly kind: 'url';
      readonly url: string;
      /** Where the URL names none. */
      readonly username?: string;
      readonly passwordFile?: string;
      readonly tls?: RedisTls;
    }
  | (Omit<RedisLogin, 'db'> & { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] })
  | (RedisLogin & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      /** Name of the master that the sentinels watch. */
      readonly name: string;
      readonly sentinelPassword?: string;
    });

/** Where one server of several listens. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** How to get in, wherever the server is. */
export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
  /** Path of a file that holds the password, which may change; instead of `password`, and before one in a URL. */
  readonly passwordFile?: string;
  readonly db?: number;
  /** Present when the connection is encrypted. */
  readonly tls?: RedisTls;
}

/** How the connection is encrypted, and who is trusted. */
export interface RedisTls {
  /** Authorities to trust instead of the system's, PEM text. */
  readonly ca?: string;
  /** `none` accepts any certificate; `chain` checks the authority but not the host name. */
  readonly verify: 'full' | 'chain' | 'none';
  /** What this side shows, PEM text, where the server asks for it. */
  readonly client?: { readonly certificate: string; readonly key: string };
}
