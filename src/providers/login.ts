/** How a deployment without a key logs in at its upstream. Everything in it may be a secret. */
export type Login = EntraLogin | AwsLogin | GoogleLogin;

/** Microsoft Entra ID: a token by client credentials. */
export interface EntraLogin {
  readonly kind: 'entra';
  /** Without a trailing slash, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
  readonly proof:
    | { readonly kind: 'secret'; readonly secret: string }
    /** Workload identity federation: the token of another issuer, which is replaced in its file. */
    | { readonly kind: 'token-file'; readonly path: string }
    | { readonly kind: 'password'; readonly username: string; readonly password: string };
}

/** AWS: each request is signed (SigV4). */
export interface AwsLogin {
  readonly kind: 'aws';
  readonly region: string;
  readonly service: string;
  readonly source: AwsSource;
  /** Role to assume with the credentials of the source. */
  readonly role?: AwsRole;
  /** Instead of the region's own STS. */
  readonly stsEndpoint?: string;
}

export type AwsSource =
  | {
      readonly kind: 'keys';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    }
  | {
      readonly kind: 'profile';
      readonly name: string;
      readonly credentialsFile: string;
      readonly configFile: string;
    }
  | { readonly kind: 'web-identity'; readonly tokenFile: string; readonly role: AwsRole };

export interface AwsRole {
  readonly arn: string;
  readonly sessionName: string;
  readonly externalId?: string;
}

/** Google: a token of a credential file of any type that needs no metadata server. */
export interface GoogleLogin {
  readonly kind: 'google';
  readonly source: { readonly kind: 'json'; readonly text: string } | { readonly kind: 'file'; readonly path: string };
  /** The account in the file, as it was when the configuration was read. */
  readonly account: string;
}

/**
 * Whom a login logs in as. Part of a target's identity in place of the token, which changes every hour.
 *
 * @example
 * principalOf({ kind: 'google', source: { kind: 'file', path: '/f' }, account: 'a@b' }) // ['google', 'a@b']
 */
export function principalOf(login: Login): readonly string[] {
  switch (login.kind) {
    case 'entra': {
      const { authority, tenantId, clientId, proof } = login;
      return ['entra', authority, tenantId, clientId, ...(proof.kind === 'password' ? [proof.username] : [])];
    }
    case 'aws':
      return ['aws', ...(login.role === undefined ? awsPrincipal(login.source) : ['role', login.role.arn])];
    case 'google':
      return ['google', login.account];
  }
}

function awsPrincipal(source: AwsSource): readonly string[] {
  switch (source.kind) {
    case 'keys':
      // The id of temporary keys changes with them, and names no principal.
      return source.sessionToken === undefined ? ['key', source.accessKeyId] : ['session'];
    case 'profile':
      return ['profile', source.name];
    case 'web-identity':
      return ['role', source.role.arn];
  }
}
