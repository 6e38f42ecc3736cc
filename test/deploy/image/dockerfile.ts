import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, Instruction, PropertyInstruction } from 'dockerfile-ast';

/** One instruction that changes the file system of a stage. */
export type Step =
  | { readonly kind: 'run'; readonly command: string }
  | {
      readonly kind: 'copy';
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly to: string;
    }
  | { readonly kind: 'workdir'; readonly path: string };

/** One `FROM` and the instructions after it. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly steps: readonly Step[];
  readonly args: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** The stages of a Dockerfile, in order. An instruction that is not known here is an error: it would be skipped silently. */
export function readDockerfile(path = 'Dockerfile'): readonly Stage[] {
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`${path} has ${instruction.getKeyword()} before the first FROM`);
    stage.push(instruction);
  }
  return stages.map((instructions, at) => stageOf(instructions, at));
}

function stageOf(instructions: readonly Instruction[], at: number): Stage {
  const only = (keyword: string): readonly Instruction[] => instructions.filter((one) => one.getKeyword() === keyword);
  const known = [
    'FROM',
    'RUN',
    'COPY',
    'WORKDIR',
    'ARG',
    'ENV',
    'LABEL',
    'USER',
    'ENTRYPOINT',
    'CMD',
    'HEALTHCHECK',
    'EXPOSE',
    'STOPSIGNAL',
  ];
  const unknown = instructions.filter((one) => !known.includes(one.getKeyword()));
  if (unknown.length > 0) throw new Error(`no test for ${unknown.map((one) => one.getKeyword()).join(', ')}`);
  const [base = '', as = '', name = String(at)] = wordsOf(instructions[0]);
  if (as !== '' && as.toUpperCase() !== 'AS') throw new Error(`FROM ${base} ${as}: no test for this form`);
  const args = propertiesOf(only('ARG'), {});
  const steps = instructions.flatMap((one) => stepOf(one));
  return {
    name,
    base,
    steps,
    args,
    env: propertiesOf(only('ENV'), args),
    labels: propertiesOf(only('LABEL'), args),
    workdir: steps.findLast((step) => step.kind === 'workdir')?.path ?? '/',
    user: wordsOf(only('USER').at(-1))[0],
    entrypoint: jsonOf(only('ENTRYPOINT').at(-1)),
    command: jsonOf(only('CMD').at(-1)),
    healthcheck: jsonOf(only('HEALTHCHECK').at(-1)),
  };
}

function stepOf(instruction: Instruction): Step[] {
  const words = wordsOf(instruction);
  switch (instruction.getKeyword()) {
    case 'RUN': {
      return [{ kind: 'run', command: instruction.getRawArgumentsContent() ?? '' }];
    }
    case 'WORKDIR': {
      return [{ kind: 'workdir', path: words[0] ?? '' }];
    }
    case 'COPY': {
      const flags = (instruction as Copy).getFlags();
      const others = flags.filter((flag) => flag.getName() !== 'from');
      if (others.length > 0) throw new Error(`no test for COPY --${others.map((flag) => flag.getName()).join(' --')}`);
      const from = flags.find((flag) => flag.getName() === 'from')?.getValue() ?? undefined;
      return [{ kind: 'copy', from, sources: words.slice(0, -1), to: words.at(-1) ?? '' }];
    }
    default: {
      return [];
    }
  }
}

const wordsOf = (instruction: Instruction | undefined): string[] =>
  instruction?.getArguments().map((argument) => argument.getValue()) ?? [];

/** `["program", "argument"]`, behind `CMD` for a health check. Empty for the form that a shell reads. */
function jsonOf(instruction: Instruction | undefined): string[] {
  const text = instruction?.getRawArgumentsContent() ?? '';
  const start = text.indexOf('[');
  return start === -1 ? [] : (JSON.parse(text.slice(start)) as string[]);
}

function propertiesOf(
  instructions: readonly Instruction[],
  args: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = instructions.flatMap((one) =>
    (one as PropertyInstruction)
      .getProperties()
      .map((property) => [property.getName(), property.getValue() ?? ''] as const),
  );
  return Object.fromEntries(
    pairs.map(([name, value]) => [
      name,
      value.replaceAll(/\$\{?(\w+)\}?/g, (whole, arg: string) => args[arg] ?? whole),
    ]),
  );
}
