import type { FleetStore, StoreAnswer } from '../../../src/ports/index.ts';
import { memoryFleet } from '../../../src/store/memory/index.ts';
import type { MemoryFleet } from '../../../src/store/memory/index.ts';
import type { ModelState } from '../model-state.ts';
import type { PlantedBug } from '../planted-bugs.ts';
import { PodParts } from './pod-parts.ts';
import { TARGET } from './settings.ts';
import type { Reply, Environment } from './environment.ts';

/** The real parts of all pods in one state, which they change. */
export class Fleet implements Environment {
  readonly state: ModelState;
  readonly bug: PlantedBug;
  readonly #memory: MemoryFleet;
  readonly #store: FleetStore;
  readonly #pods: readonly PodParts[];

  constructor(state: ModelState, bug: PlantedBug) {
    this.state = state;
    this.bug = bug;
    this.#memory = memoryFleet({ clockUs: () => state.now, schedule: (deliver) => deliver() });
    this.#store = bug.store?.(this.#memory.open(), state) ?? this.#memory.open();
    const { record, lease, epoch, seq } = state.store;
    if (record !== '') this.#memory.plant('records', TARGET, record);
    if (epoch !== '') this.#memory.plant('records', '!epoch', epoch);
    if (seq !== '') this.#memory.plant('records', '!seq', seq);
    if (lease !== '') this.#memory.plant('leases', TARGET, lease);
    this.#pods = state.pods.map((pod) => new PodParts(pod, this));
  }

  pod(index: number): PodParts {
    const parts = this.#pods[index];
    if (parts === undefined) throw new Error(`no pod ${index}`);
    return parts;
  }

  get pods(): readonly PodParts[] {
    return this.#pods;
  }

  /** Runs a command of a pod with the given reply. */
  async call<T>(
    reply: Reply,
    command: (store: FleetStore, notAfter: number) => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>> {
    const lost = { kind: 'lost', loss: { code: 'timeout', message: 'no answer' } } as const;
    if (reply === 'hung') return lost;
    const answer = await command(this.#store, this.state.now + 250_000);
    this.#read();
    return reply === 'lost' ? lost : answer;
  }

  /** Runs a command long after its timeout; returns whether it changed anything. */
  async runLate(command: (store: FleetStore, notAfter: number) => Promise<unknown>): Promise<boolean> {
    const before = JSON.stringify(this.state.store);
    await command(this.#store, this.state.now - 1);
    this.#read();
    return JSON.stringify(this.state.store) !== before;
  }

  loseData(): void {
    this.#memory.flush();
    for (const { data } of this.#pods) if (data.held !== undefined) data.held = { ...data.held, forgotten: true };
    this.#read();
  }

  /** Delivers pushed events and resyncs to a running pod. */
  async hearAll(): Promise<void> {
    for (const pod of this.#pods) {
      // oxlint-disable-next-line no-await-in-loop -- one thread of time
      if (pod.data.pausedAt === undefined && !pod.data.behind) await pod.hear(this.#store);
    }
  }

  async hear(index: number): Promise<void> {
    await this.pod(index).hear(this.#store);
  }

  #read(): void {
    const [records, leases] = [this.#memory.texts('records'), this.#memory.texts('leases')];
    this.state.store = {
      record: records.get(TARGET) ?? '',
      lease: leases.get(TARGET) ?? '',
      epoch: records.get('!epoch') ?? '',
      seq: records.get('!seq') ?? '',
    };
  }
}
