import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../../src/cli/program.ts';
import { packageVersion } from '../../../src/package-files.ts';
import { validated } from '../harness/validate-command.ts';

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

const FOLDER = 'deploy/compose';
const text = readFileSync(join(FOLDER, 'compose.yaml'), 'utf8');
const compose = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, Service>> };
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const ours = services.filter(({ image }) => image.startsWith('allswell:'));
const variables = Object.fromEntries(
  [...readFileSync(join(FOLDER, '.env.example'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  ),
);
const schema = JSON.parse(readFileSync('test/deploy/schemas/compose-spec.json', 'utf8')) as object;
const isCompose = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

describe('compose.yaml', () => {
  it('is one by the schema of the Compose Specification', () => {
    expect([isCompose(compose), isCompose.errors]).toEqual([true, null]);
  });

  it('would not be one with a misspelt key', () => {
    expect(isCompose({ services: { a: { image: 'a', comand: [] } } })).toBe(false);
  });

  it('starts two gateways, or LiteLLM and a bridge, each with the Valkey', () => {
    const started = (profile: string): string[] =>
      services.filter(({ profiles }) => profiles?.includes(profile) ?? true).map(({ name }) => name);
    expect(started('gateway')).toEqual(['valkey', 'allswell-1', 'allswell-2']);
    expect(started('bridge')).toEqual(['valkey', 'litellm', 'bridge']);
  });

  it.each(ours)(
    'runs $name confined, with the image of this version and arguments that it takes',
    ({ image, command, read_only, cap_drop }) => {
      expect([image, read_only, cap_drop]).toEqual([`allswell:${packageVersion()}`, true, ['ALL']]);
      const [name = '', ...flags] = command;
      const found = createProgram().commands.find((one) => one.name() === name);
      expect(found?.parseOptions(flags)).toEqual({ operands: [], unknown: [] });
    },
  );

  it('opens ports to this machine alone, each once', () => {
    const ports = services.flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('asks for no variable that .env.example lacks', () => {
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.filter((name) => !(name !== undefined && name in variables))).toEqual([]);
  });

  it('mounts files that are there, and shows commands the path where they are mounted', () => {
    const mounting = services.filter(({ volumes }) => volumes !== undefined);
    expect(mounting.length).toBe(4);
    for (const { volumes = [], command } of mounting) {
      const [from = '', to = ''] = volumes[0]?.split(':') ?? [];
      expect(existsSync(join(FOLDER, from)), from).toBe(true);
      expect(command).toContain(to);
    }
  });

  it.each(['proxy_config.yaml', 'litellm_config.yaml'])('has a file that allswell accepts: %s', async (file) => {
    const printed = await validated(readFileSync(join(FOLDER, file), 'utf8'), variables);
    expect(printed).not.toMatch(/environment variable|has no effect|ignored/);
  });
});
