import type { AlertReceiver, AlertSettings, AlertStore, FleetStatus } from '../../src/ports/index.ts';
import { createAlerts } from '../../src/alerts/index.ts';
import type { Alerts, Condition, Inactive, PostAnswer } from '../../src/alerts/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import type { MemoryFleet } from '../../src/store/memory/index.ts';
import { manualClock } from '../../src/testing/index.ts';
import type { ManualClock } from '../../src/testing/index.ts';

export const ops: AlertReceiver = {
  name: 'ops',
  type: 'webhook',
  url: 'http://receiver/hook',
  kinds: ['group-down', 'target-down', 'store-lost'],
};

export const settings: AlertSettings = { groupWindowMs: 2_000, forMs: 0, dampingMs: 60_000, receivers: [ops] };

interface SentAlert {
  readonly pod: string;
  readonly action: string;
  readonly incident: string;
  readonly title: string;
  readonly severity?: string;
}

/** A pod, and what a test does to it. */
export interface StagedPod {
  readonly alerts: Alerts;
  alive: boolean;
  mode: FleetStatus['mode'];
  impaired: boolean;
}

/** Time after which another pod takes over, ms. */
export const LEASE_MS = 8_000;

/** Some pods on one memory store in virtual time. */
export class AlertStage {
  readonly clock: ManualClock = manualClock();
  readonly store: MemoryFleet = memoryFleet({ clockUs: () => this.clock.wallMs() * 1_000 });
  readonly sent: SentAlert[] = [];
  readonly warnings: string[] = [];
  /** Requests to an Alertmanager: the summaries of their alerts. */
  readonly summaries: { readonly pod: string; readonly text: string }[] = [];
  readonly counts: string[] = [];
  down: readonly string[] = [];
  inactive: Inactive = 'clear';
  /** Groups without a routable deployment, as each pod sees them. */
  unroutable: readonly string[] = [];
  /** What the receiver answers; a pod that is dead gets none. */
  answer: (sent: SentAlert) => PostAnswer | 'dies' = () => ({ kind: 'answer', status: 200, text: 'ok' });
  readonly pods: Map<string, StagedPod> = new Map();
  /** Targets that pods do not have in their configuration, by pod. */
  readonly lacks: Map<string, readonly string[]> = new Map();
  config: AlertSettings = settings;
  random = 0;

  add(name: string): void {
    const pod = { alive: true, mode: 'shared' as FleetStatus['mode'], impaired: false };
    const inner = this.store.openAlerts();
    const lost = { kind: 'lost', loss: { code: 'timeout', message: 'dead' } } as const;
    const lacks = (label: string): boolean => this.lacks.get(name)?.includes(label) === true;
    const reach = (): boolean => pod.alive && pod.mode === 'shared';
    const store: AlertStore = {
      lead: async (input) => (reach() ? await inner.lead(input) : lost),
      write: async (input) => (reach() ? await inner.write(input) : lost),
    };
    const alerts = createAlerts({
      pod: name,
      store,
      clock: {
        ...this.clock,
        setTimer: (delayMs, run) => this.clock.setTimer(delayMs, () => (pod.alive ? run() : undefined)),
      },
      random: { next: () => this.random, id: () => 'x' },
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: (line) => void this.warnings.push(line),
        error: (line) => void this.warnings.push(line),
      },
      metrics: { alertSent: (receiver, result) => void this.counts.push(`${receiver} ${result}`) },
      redact: (text) => text,
      deadlineMs: () => 250,
      settings: () => this.config,
      view: () => `all-but-${(this.lacks.get(name) ?? []).join('-')}`,
      down: () => this.down,
      unroutable: () => this.unroutable,
      fleet: {
        onChange: () => () => undefined,
        status: () =>
          ({
            pod: name,
            fleet: 'default',
            mode: pod.mode,
            modeSince: 0,
            now: this.clock.wallMs() * 1_000,
            pause: null,
            impaired: pod.impaired,
            members: [...this.pods]
              .filter(([, { alive }]) => alive)
              .map(([id, { impaired }]) => ({ pod: id, impaired })),
          }) as unknown as FleetStatus,
      },
      observe: () =>
        Promise.resolve({
          now: this.clock.wallMs() * 1_000,
          paused: false,
          active: this.down
            .filter((label) => !lacks(label))
            .map((label): Condition => ({
              key: `target:${label}`,
              kind: 'target-down',
              place: 'openai',
              label,
              since: null,
              why: 'HTTP 500',
            })),
          inactive: (key) => (lacks(key.slice('target:'.length)) ? 'gone' : this.inactive),
        }),
      post: async ({ body }) => {
        const parsed = JSON.parse(body) as SentAlert | { annotations: { summary: string } }[];
        if (Array.isArray(parsed)) {
          this.summaries.push(...parsed.map(({ annotations }) => ({ pod: name, text: annotations.summary })));
        }
        const { action, incident, title, severity = '' } = parsed as SentAlert;
        const sent = { pod: name, action, incident, title, severity };
        if (!pod.alive) return await new Promise(() => undefined);
        this.sent.push(sent);
        const answer = this.answer(sent);
        if (answer !== 'dies') return answer;
        pod.alive = false;
        return await new Promise(() => undefined);
      },
    });
    this.pods.set(name, Object.assign(pod, { alerts }));
    alerts.start();
  }

  /** A pod by its name. */
  pod(name: string): StagedPod {
    const pod = this.pods.get(name);
    if (pod === undefined) throw new Error(`no pod ${name}`);
    return pod;
  }

  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      this.clock.advance(100);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  }

  said(): readonly string[] {
    return this.sent.map(({ action, title }) => `${action}: ${title}`);
  }
}

export function alertStage(...pods: readonly string[]): AlertStage {
  const made = new AlertStage();
  for (const pod of pods) made.add(pod);
  return made;
}
