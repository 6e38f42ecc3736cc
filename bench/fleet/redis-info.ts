import { connect } from 'node:net';

/** Asks a Redis one inline command over a connection of its own and answers the bulk text. */
export async function askRedis(port: number, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error(`Redis did not answer ${command}`)));
    socket.on('error', reject);
    socket.on('connect', () => socket.write(`${command}\r\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!isWhole(text)) return;
      socket.end();
      resolve(text);
    });
  });
}

/** A bulk reply says its length first; every other reply is one line. */
function isWhole(text: string): boolean {
  const bulk = /^\$(\d+)\r\n/.exec(text);
  return bulk === null ? text.endsWith('\r\n') : text.length >= bulk[0].length + Number(bulk[1]) + 2;
}
