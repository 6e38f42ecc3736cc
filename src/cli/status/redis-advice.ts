/** What to do about a problem with Redis, by what happened, in the words of Redis, of its client and of the network. */
export function redisAdvice(problem: string): string {
  // Behind it come the address and the pod's own advice: a host may be called auth, and the advice may name a certificate.
  const [happened = ''] = problem.split(' (Redis at ');
  return advice.find(([words]) => words.test(happened))?.[1] ?? 'Check host, port, network and the log of Redis.';
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'The pod cannot resolve the host name of Redis: check REDIS_HOST and DNS.'],
  [
    /\b(WRONGPASS|NOAUTH|ERR AUTH)\b|invalid (username-)?password/,
    'The password or the user is wrong or missing: REDIS_PASSWORD, REDIS_USERNAME, cache_params.',
  ],
  [/\bNOPERM\b/, 'The user lacks rights: run the command above on Redis, with its name for <user>.'],
  [/\bOOM\b|out of memory/, 'The memory of Redis is full: raise maxmemory or remove other data.'],
  [/\bMISCONF\b/, 'Redis cannot save its data and refuses writes: check its disk and its log.'],
  [/\bREADONLY\b/, 'This Redis is a replica: configure the master, or use sentinel_nodes.'],
  [/\bLOADING\b/, 'Redis has just started and is loading its data: wait.'],
  [/\b(CLUSTERDOWN|TRYAGAIN)\b/, 'The cluster does not serve all slots: check its nodes.'],
  [
    /before Redis sent an answer/,
    'The connection was closed without an answer: check that Redis runs behind the proxy or load balancer; otherwise the port may expect TLS (ssl: true).',
  ],
  [
    /certificate|Hostname\/IP|SSL routines|wrong version number/,
    'TLS failed: check ssl, ssl_ca_certs, ssl_check_hostname and the name in the certificate.',
  ],
  [
    /no answer|timeout|timed out|ETIMEDOUT/i,
    'Redis gives no answer within store_deadline (default 250 ms): it hangs, or is too slow. Check the Redis process, SLOWLOG and the network.',
  ],
  [
    /ECONNREFUSED|not connected|ECONNRESET|closed/,
    'Nothing listens on this address, or the network blocks it: check host, port and network policies.',
  ],
];
