import { connect } from 'node:net';

/** A server as HAProxy's statistics have it. */
export interface ServerStats {
  readonly status: string;
  readonly weight: string;
  readonly check: string;
  readonly agent: string;
  readonly agentSays: string;
}

/** Sends a command to the stats socket. */
export async function askHaproxy(socket: string, command: string): Promise<string> {
  const connection = connect(socket);
  connection.end(`${command}\n`);
  let text = '';
  for await (const part of connection) text += String(part);
  return text;
}

/** Statistics of one server; undefined if there is none of that name. */
export async function serverStats(socket: string, backend: string, server: string): Promise<ServerStats | undefined> {
  const [head = '', ...lines] = (await askHaproxy(socket, 'show stat')).trim().split('\n');
  const names = head.replace('# ', '').split(',');
  const rows = lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
  });
  const row = rows.find(({ pxname, svname }) => pxname === backend && svname === server);
  if (row === undefined) return undefined;
  const { status = '', weight = '', check_status: check = '', agent_status: agent = '', last_agt: says = '' } = row;
  return { status, weight, check, agent, agentSays: says };
}
