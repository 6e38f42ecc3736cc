import type { BlockDocs } from './key-doc.ts';

/** The keys of a Redis, the same wherever one is named. */
export const redisDocs: BlockDocs = {
  host: { default: '', meaning: 'Host of a single server.' },
  port: { default: '6379', meaning: 'Port of a single server.' },
  username: { default: '', meaning: 'ACL user. A user in the `url` goes first.' },
  password: {
    default: '',
    meaning: 'Password. With `url` it belongs into the URL; beside it, it is not read, which a warning says.',
  },
  url: { default: '', meaning: 'User, password, host, port and database in one. `rediss://` is encrypted.' },
  db: { default: '0', meaning: 'Number of the database; not in a cluster. With `url` as the password.' },
  namespace: { default: '', meaning: 'Names the fleet, where `fleet_health.fleet` does not.' },
  ssl: { default: 'false', meaning: 'Encrypts the connection; also turns `redis://` into `rediss://`.' },
  ssl_ca_certs: {
    default: "the system's",
    meaning: 'File with the authorities to trust instead, PEM. Read at the start.',
  },
  ssl_certfile: {
    default: '',
    meaning: 'File with the certificate that this side shows, PEM, where the server asks for one. Read at the start.',
  },
  ssl_keyfile: { default: 'in `ssl_certfile`', meaning: 'File with its private key, PEM, without a passphrase.' },
  ssl_cert_reqs: {
    default: 'required',
    meaning: '`none` accepts any certificate. `optional` is taken as `required`.',
  },
  ssl_check_hostname: { default: 'true', meaning: '`false` checks the authority but not the host name.' },
  startup_nodes: {
    default: '',
    meaning: 'Nodes of a Redis Cluster, as `{host, port}`. Goes before all other addresses.',
  },
  redis_startup_nodes: { default: '', meaning: 'The same as `startup_nodes`.' },
  sentinel_nodes: {
    default: '',
    meaning: 'Sentinels, as `[host, port]` or `{host, port}`. Goes before `url` and `host`.',
  },
  service_name: {
    default: '',
    meaning: 'Name of the master that the sentinels watch; required with `sentinel_nodes`.',
  },
  sentinel_password: { default: '', meaning: "The sentinels' own password." },
};
