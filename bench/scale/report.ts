import type { RealFleet, Stretch } from './real-fleet.ts';
import type { ScriptTime } from './script-times.ts';
import type { VirtualHour } from './virtual-hour.ts';

/** What is promised of a thousand pods and ten thousand targets. */
export const PROMISES = { membershipCpuPercent: 15, loopBlockMs: 50, scriptUs: 5_000 } as const;

export interface Results {
  readonly pods: number;
  readonly targets: number;
  readonly day: string;
  readonly machine: string;
  readonly scripts: readonly ScriptTime[];
  readonly real: readonly RealFleet[];
  readonly virtual: readonly VirtualHour[];
}

/** Promises that the figures break. */
export function misses({ scripts, real, virtual }: Results): readonly string[] {
  return [
    ...scripts
      .filter(({ medianUs }) => medianUs > PROMISES.scriptUs)
      .map(({ script, medianUs }) => `${script} keeps Redis busy for ${medianUs} us`),
    ...real.flatMap(missesOf),
    ...virtual
      .filter(({ probes: [mean] }) => Math.abs(mean - 1) > 0.02)
      .map(({ coordinators, probes: [mean] }) => `${coordinators} made ${mean} probes per target and interval`),
  ];
}

function missesOf({ shape: { coordinators }, stretches }: RealFleet): readonly string[] {
  const alone = stretches[0]?.redis.cpuPercent ?? Infinity;
  const blocks = stretches.filter(({ cpuMs }) => cpuMs > PROMISES.loopBlockMs);
  return [
    ...(alone <= PROMISES.membershipCpuPercent ? [] : [`membership takes ${fixed(alone)} % of a core of Redis`]),
    ...blocks.map(({ name, cpuMs }) => `${coordinators} coordinators, ${name}: a block of ${fixed(cpuMs)} ms`),
  ];
}

export function page(results: Results): string {
  const { pods, targets, day, machine, scripts, real, virtual } = results;
  return `# Scale: ${pods} pods, ${targets} targets

Made by \`npm run bench:scale\` on ${day}: ${machine}. Redis, the members, the coordinators and whatever else the machine
did share it.

## Real processes on a real Redis

${pods} members in all: one process beats for those that are no coordinators, each with a connection, a digest and a list of its own,
every 3 s as pods do. A coordinator is a process with the code that ships; only its upstreams are none, each answers well after
20 ms. Redis: processor time of its process, commands and bytes as \`INFO stats\` counts them. Loop: each coordinator looks at the
clock every millisecond, and a late look is a block. *By the clock* includes what other processes took from it; *of the processor* is
what the coordinator itself used meanwhile, its garbage collector included, and is held to the promise of ${PROMISES.loopBlockMs} ms.

${real.map(realTable).join('\n')}
## Scripts

Each script at its largest, by Redis' slow log, on a server that does nothing else: ${targets} records, ${targets} live leases, ${pods} members,
batches and pages of 100. Half of the runs took no longer than the median; of the rest some waited for a processor. Promised:
${PROMISES.scriptUs / 1000} ms.

| script | median ms | longest ms | runs |
|---|--:|--:|--:|
${scripts.map(({ script, medianUs, longestUs, runs }) => `| ${script} | ${(medianUs / 1000).toFixed(2)} | ${(longestUs / 1000).toFixed(2)} | ${runs} |`).join('\n')}

## Under virtual time

The coordinators that ship among members that beat, on the memory store, ${virtual[0]?.minutes ?? 0} virtual minutes; each minute a member leaves and
another comes, every ten minutes twenty die. Probes are counted after the first interval. Block: processor time of the largest
event, with the memory store, all members and all threads of the garbage collector in it, so that nothing is promised of it.

| coordinators | probes per target and interval (least–most) | targets up | members | largest block ms | events | real s |
|--:|--:|--:|--:|--:|--:|--:|
${virtual.map(hourRow).join('\n')}
`;
}

function realTable({ shape, stretches, note }: RealFleet): string {
  return `### ${shape.coordinators} ${shape.coordinators === 1 ? 'coordinator' : 'coordinators'}, ${shape.pods - shape.coordinators} other members

| while | s | CPU % of Redis | kB/s to Redis | kB/s from Redis | heartbeats/s | heartbeat p50 ms | p99 ms | largest block of the processor ms | by the clock ms | CPU % per coordinator |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${stretches.map(stretchRow).join('\n')}
${note === undefined ? '' : `\n${note}\n`}`;
}

function stretchRow({ name, redis, heartbeats, wallMs, cpuMs, cpuPercent }: Stretch): string {
  const { beats, p50Ms = 0, p99Ms = 0 } = heartbeats;
  const loop = cpuMs === 0 ? ['–', '–', '–'] : [fixed(cpuMs), fixed(wallMs), fixed(cpuPercent)];
  const bytes = [redis.bytesInPerSecond, redis.bytesOutPerSecond].map((perSecond) => fixed(perSecond / 1000));
  const beating =
    beats === undefined ? ['–', '–', '–'] : [fixed(beats / redis.seconds), p50Ms.toFixed(2), fixed(p99Ms)];
  return `| ${[name, fixed(redis.seconds), fixed(redis.cpuPercent), ...bytes, ...beating, ...loop].join(' | ')} |`;
}

function hourRow({ coordinators, probes, up, members, blockMs, events, realS }: VirtualHour): string {
  const [mean, least, most] = probes.map((count) => count.toFixed(2));
  const ends = [up.join(', '), members.join(', '), fixed(blockMs), events, Math.round(realS)];
  return `| ${coordinators} | ${mean} (${least}–${most}) | ${ends.join(' | ')} |`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
