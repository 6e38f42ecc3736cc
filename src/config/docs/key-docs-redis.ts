import type { BlockDocs } from './key-doc.ts';

/** The keys of a Redis, the same in every block that names one. */
export const redisDocs: BlockDocs = {
  host: { default: '`REDIS_HOST`', meaning: 'Host of a single server.' },
  port: {
    default: '`REDIS_PORT`, else 6379',
    meaning:
      'Its port. A `REDIS_PORT` such as `tcp://10.0.0.1:6379`, which Kubernetes sets for a Service named redis, is ignored.',
  },
  username: { default: '`REDIS_USERNAME`', meaning: 'ACL user. A user in `url` takes precedence.' },
  password: {
    default: '`REDIS_PASSWORD`',
    meaning: 'Ignored with a warning beside `url`: write it into the URL.',
  },
  url: { default: '`REDIS_URL`', meaning: 'User, password, host, port and database in one. `rediss://` enables TLS.' },
  db: {
    default: '`REDIS_DB`, else 0',
    meaning: 'Database number; not in a cluster. Ignored with a warning beside `url`.',
  },
  namespace: { default: '', meaning: 'Fleet name, if `fleet_health.fleet` is not set.' },
  ssl: { default: '`REDIS_SSL`, else false', meaning: 'Enables TLS, also for a `redis://` URL.' },
  ssl_ca_certs: {
    default: "`REDIS_SSL_CA_CERTS`, else the system's",
    meaning: 'PEM file with the trusted CAs, read at start.',
  },
  ssl_certfile: { default: '`REDIS_SSL_CERTFILE`', meaning: 'PEM file with the client certificate, read at start.' },
  ssl_keyfile: {
    default: '`REDIS_SSL_KEYFILE`, else in `ssl_certfile`',
    meaning: 'PEM file with its private key, without passphrase.',
  },
  ssl_cert_reqs: {
    default: '`REDIS_SSL_CERT_REQS`, else required',
    meaning: '`none`: accepts any certificate. `optional` means `required`.',
  },
  ssl_check_hostname: {
    default: '`REDIS_SSL_CHECK_HOSTNAME`, else true',
    meaning: '`false`: verifies the CA but not the host name.',
  },
  startup_nodes: {
    default: '`REDIS_CLUSTER_NODES`',
    meaning:
      'Cluster nodes, as `{host, port}`; take precedence over all other addresses. Variable: JSON, `[{"host": "10.0.0.1", "port": 6379}]`.',
  },
  redis_startup_nodes: { default: '', meaning: 'Alias of `startup_nodes`.' },
  sentinel_nodes: {
    default: '`REDIS_SENTINEL_NODES`',
    meaning:
      'Sentinels, as `[host, port]` or `{host, port}`; take precedence over `url` and `host`. Variable: JSON, `[["10.0.0.1", 26379]]`.',
  },
  service_name: { default: '`REDIS_SERVICE_NAME`', meaning: 'Master name; required with `sentinel_nodes`.' },
  sentinel_password: { default: '`REDIS_SENTINEL_PASSWORD`', meaning: 'Password of the sentinels.' },
};
