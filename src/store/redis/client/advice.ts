/**
 * Advice for an error's code and text: the setting that is the likely cause. The order matters, because a sentinel's error
 * contains the error of its connection. `rights` are the rules of an ACL that the user needs.
 */
export function adviceOn(error: string, rights: string): string | undefined {
  return advices.find(([sign]) => sign.test(error))?.[1].replace('<rights>', () => rights);
}

const advices: readonly (readonly [RegExp, string])[] = [
  [/sentinel.*(NOAUTH|WRONGPASS)/i, 'the sentinels require authentication: set sentinel_password'],
  [/No such master/, 'no sentinel has a master of this name: check service_name'],
  [
    /alert (certificate required|handshake failure)/,
    'the server requires a client certificate: set ssl_certfile and ssl_keyfile',
  ],
  [
    /alert (unknown ca|bad certificate|certificate unknown|certificate expired|decrypt error)/,
    'the server rejects the client certificate: check ssl_certfile and ssl_keyfile',
  ],
  [
    /sentinel/i,
    'no sentinel answers: check sentinel_nodes, the network to them, and ssl (it applies to sentinels too)',
  ],
  [/WRONGPASS|invalid (username-)?password/i, 'check username and password'],
  [/NOAUTH/, 'the server requires authentication: set password'],
  [/^ERR (unknown|Unknown Redis) command/, 'the server lacks a command: Redis 7.0 or newer, or Valkey, is needed'],
  [/'select' command/, 'the user may not run SELECT: grant +select, or remove db'],
  [/NOPERM|permission|ACL failure/i, 'grant what its user lacks: ACL SETUSER <user> <rights>'],
  [/DB index is out of range/, 'the server has no database of this number: check db'],
  [/cluster support disabled/, 'the server is not a cluster: set host and port instead of startup_nodes'],
  [
    /ALTNAME|altnames|Hostname\/IP/,
    'the server certificate is for another name: use one of its names as host, or set ssl_check_hostname: false',
  ],
  [/CERT_HAS_EXPIRED|certificate has expired/, "the server's certificate has expired"],
  [
    /SELF_SIGNED|self-signed|UNABLE_TO_(VERIFY|GET)|unable to (verify|get)|issuer|CERT_SIGNATURE/,
    'the server certificate is not signed by a trusted CA: set ssl_ca_certs to the CA that signed it',
  ],
  [
    /WRONG_VERSION|wrong version number|EPROTO|packet length|SSL routines/i,
    'the server does not use TLS on this port: check ssl and port',
  ],
  [
    /before Redis sent an answer/,
    'a connection was opened and closed without an answer: Redis is down behind a proxy or load balancer, or the port expects TLS (ssl: true)',
  ],
  [/ECONNREFUSED/, 'nothing listens on this address: check host and port'],
  [/ENOTFOUND|EAI_AGAIN/, 'this pod cannot resolve the host name: check host and DNS'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'no answer from this address: check host, port, ssl and firewalls'],
];
