/**
 * What to look at, given an error's code and text: names the setting where one is the likely cause. The order counts: a
 * sentinel's trouble holds the trouble of its connection.
 */
export function adviceOn(error: string): string | undefined {
  return advices.find(([sign]) => sign.test(error))?.[1];
}

const advices: readonly (readonly [RegExp, string])[] = [
  [/sentinel.*(NOAUTH|WRONGPASS)/i, 'the sentinels want a login: check sentinel_password'],
  [/No such master/, 'no sentinel knows a master of this name: check service_name'],
  [
    /alert (certificate required|handshake failure)/,
    'the server wants a certificate of this side: set ssl_certfile and ssl_keyfile',
  ],
  [
    /alert (unknown ca|bad certificate|certificate unknown|certificate expired|decrypt error)/,
    'the server does not trust the certificate of this side: check ssl_certfile and ssl_keyfile',
  ],
  [
    /sentinel/i,
    'check sentinel_nodes, that the sentinels can be reached, and ssl: they are asked as encrypted as the servers',
  ],
  [/WRONGPASS|invalid (username-)?password/i, 'check username and password'],
  [/NOAUTH/, 'the server wants a login: set password'],
  [/^ERR (unknown|Unknown Redis) command/, 'the server lacks a command: Redis 7.0 or newer, or Valkey, is needed'],
  [/'select' command/, 'the user may not choose a database: allow select, or leave db out'],
  [/NOPERM|permission|ACL failure/i, 'compare its ACL with the one in docs/how-to/run-on-redis.md'],
  [/DB index is out of range/, 'the server has no database of this number: check db'],
  [/cluster support disabled/, 'it is no cluster: set host and port instead of startup_nodes'],
  [
    /ALTNAME|altnames|Hostname\/IP/,
    'the certificate is for another name: use one of its names as host, or set ssl_check_hostname: false',
  ],
  [/CERT_HAS_EXPIRED|certificate has expired/, "the server's certificate has expired"],
  [
    /SELF_SIGNED|self-signed|UNABLE_TO_(VERIFY|GET)|unable to (verify|get)|issuer|CERT_SIGNATURE/,
    'no trusted authority signed the certificate: set ssl_ca_certs to the authority that did',
  ],
  [
    /WRONG_VERSION|wrong version number|EPROTO|packet length|SSL routines/i,
    'no TLS is spoken there: check ssl and port',
  ],
  [
    /before it said hello/,
    'a connection was opened and closed without an answer: Redis is down behind a proxy or load balancer, or the port expects TLS (ssl: true)',
  ],
  [/ECONNREFUSED/, 'nothing listens there: check host and port'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name is unknown here: check host'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    'nothing answers there: check host, port, encryption and what filters the way',
  ],
];
