// Calls a tool at whichever of several equal MCP servers is up: `node mcp-client.ts add '{"a":1,"b":2}'`.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { http, joinFleet } from 'allswell';

const servers = (process.env['MCP_SERVERS'] ?? 'http://127.0.0.1:3001/mcp,http://127.0.0.1:3002/mcp').split(',');
await using fleet = await joinFleet({
  redis: process.env['REDIS_URL'],
  targets: { tools: servers.map((url) => http({ url })) },
});

const [name = 'add', text = '{"a":1,"b":2}'] = process.argv.slice(2);
const toolArguments = JSON.parse(text) as Record<string, unknown>;
// A session belongs to one server, so each attempt opens its own.
const result = await fleet.call('tools', async ({ url, signal }) => {
  const client = new Client({ name: 'example', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)), { signal });
  try {
    return await client.callTool({ name, arguments: toolArguments }, undefined, {
      signal,
    });
  } finally {
    await client.close();
  }
});
console.log(JSON.stringify(result.content));
