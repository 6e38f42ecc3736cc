import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vendors } from '../src/providers/index.ts';
import { factsModules } from './model-facts/facts-module.ts';
import { readLitellm } from './model-facts/read-litellm.ts';

// Makes src/providers/model-facts.generated.ts and provider-speech.generated.ts anew from the LiteLLM that .ci/fetch-litellm installs. Run on purpose,
// with a new version there: what is probed how may change with it.
const fetched = spawnSync(join('.ci', 'fetch-litellm'), ['python'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (fetched.status !== 0) throw new Error('LiteLLM cannot be installed: it takes python3 with venv and pip');

const found = readLitellm(fetched.stdout.trim());
const { models, speech } = factsModules(found, Object.keys(vendors));
for (const [name, text] of [
  ['model-facts', models],
  ['provider-speech', speech],
] as const) {
  const output = `src/providers/${name}.generated.ts`;
  writeFileSync(output, text);
  console.log(`${output}: ${text.length} characters from LiteLLM ${found.version}`);
}
