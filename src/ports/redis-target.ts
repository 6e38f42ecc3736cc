/** Address and login of a Redis or Valkey, as configured. */
export type RedisTarget =
  | (RedisLogin & { readonly kind: 'single'; readonly host: string; readonly port: number })
  /** `redis://` or `rediss://`; user, password and database are in the URL. */
  | {
      readonly kind: 'url';
      readonly url: string;
      /** User name, if the URL contains none. */
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

/** Address of one of several servers. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Login and encryption, for all kinds of address. */
export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
  /** Path of a file with the password, which may change. It replaces `password` and overrides one in a URL. */
  readonly passwordFile?: string;
  readonly db?: number;
  /** Present when the connection is encrypted. */
  readonly tls?: RedisTls;
}

/** Encryption of the connection, and trusted authorities. */
export interface RedisTls {
  /** Authorities to trust instead of the system's, PEM text. */
  readonly ca?: string;
  /** `none` accepts any certificate; `chain` checks the authority but not the host name. */
  readonly verify: 'full' | 'chain' | 'none';
  /** Client certificate, PEM text, for a server that asks for one. */
  readonly client?: { readonly certificate: string; readonly key: string };
}
