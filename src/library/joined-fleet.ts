import type { State } from '../health/index.ts';
import type { FleetMode, TargetView } from '../ports/index.ts';
import { stayingAlive } from '../staying-alive.ts';
import type { AttemptOutcome, AttemptWhy, RequestPlan } from '../routing/index.ts';
import { fleetCall } from './call.ts';
import type { CallOptions, CallTarget } from './call.ts';
import { askFor, groupOf, nothingToTry, planFor } from './core.ts';
import type { LibraryCore } from './core.ts';
import type { LibraryDeployment } from './deployments.ts';
import type { MemberEvents } from './events.ts';
import { explainGroup } from './explain.ts';
import { membersOf } from './members.ts';
import type { FleetProcess } from './members.ts';
import { fleetFetch } from './fetch/fleet-fetch.ts';
import type { FetchOptions } from './fetch/fleet-fetch.ts';
import { fleetModel } from './model/fleet-model.ts';
import type { AnyLanguageModel } from './model/fleet-model.ts';
import { checkReported, reportedOutcome } from './reported.ts';
import type { ReportedOutcome } from './reported.ts';
import { groupState, leftState } from './states.ts';
import { createUnreportedTests } from './unreported-tests.ts';
import type { UnreportedTests } from './unreported-tests.ts';
import type { GroupState } from './states.ts';

/** The upstream that is to be used now. */
export interface PickedDeployment {
  /** Name within the group, such as `openai/gpt-4o`. */
  readonly id: string;
  readonly group: string;
  readonly url: string;
  /** The model's name there. */
  readonly model: string;
  /** Headers with the credentials of the upstream. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reason for the choice. */
  readonly why: AttemptWhy;
}

/** This process as a member of a fleet. Reading is synchronous, from memory; `G` are the names of the groups. */
export interface FleetMember<G extends string = string> {
  /** What is known about a group, and about each of its upstreams. */
  state(group: G): GroupState;
  /** The upstream to use now, by health, weight and slow start. Report the end of the call with {@link FleetMember.report}. */
  pick(group: G): PickedDeployment;
  /**
   * A `fetch` for a client of the group's API: it sends each request to the upstream that is to be used now, and to another
   * one if that fails before its answer began. A body that is a stream is sent once only. Responses and errors are those of
   * the last attempt; `triedOf` lists the attempts.
   */
  fetch(group: G, options?: FetchOptions): typeof globalThis.fetch;
  /** The same for any call: an SDK, an MCP client, a database. `make` is called once for each attempt. */
  call<T>(group: G, make: (target: CallTarget) => Promise<T>, options?: CallOptions): Promise<T>;
  /**
   * A language model of the AI SDK that uses one of `models` for each call: the first for the first upstream of the group, and
   * so on. It fails over before the first part of an answer.
   */
  model<M extends AnyLanguageModel>(group: G, models: readonly M[]): M;
  /** Reports how a call that you made yourself ended. `deployment`: the result of {@link FleetMember.pick}, or its `group` and `id`. */
  report(deployment: Pick<PickedDeployment, 'group' | 'id'>, outcome: ReportedOutcome): void;
  /** Lines for a person: state, reason and next step of each upstream of a group. */
  explain(group: G): string;
  /** Calls `listener` for each event; returns the function that removes it. */
  on<K extends keyof MemberEvents>(name: K, listener: (event: MemberEvents[K]) => void): () => void;
  /** `shared`, `fallback` while the store is away, `independent` where none was given. */
  readonly mode: FleetMode;
  /** Live processes and gateways of the fleet, this one included; those of the last answer while the store is away. */
  readonly members: readonly FleetProcess[];
  /** Id of this process in the fleet, as in {@link FleetMember.members} and in `allswell status`. */
  readonly pod: string;
  /** True if requests are sent as without allswell. */
  readonly observeOnly: boolean;
  /** Leaves the fleet and closes all connections. Safe to repeat. */
  leave(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Closing {
  readonly probes: boolean;
  close(): Promise<void>;
}

interface PickedTest {
  readonly startedMs: number;
  readonly end: (outcome: AttemptOutcome) => void;
}

function pickedOf({ id, group, upstream, call, headers }: LibraryDeployment, why: AttemptWhy): PickedDeployment {
  return { id, group, url: upstream.baseUrl, model: call.upstreamModel, headers, why };
}

/** {@link FleetMember} over its parts. */
export class JoinedFleet<G extends string> implements FleetMember<G> {
  readonly #core: LibraryCore;
  readonly #closing: Closing;
  readonly #states = new Map<string, State>();
  /** Picked upstreams whose report is the result of a test of the fleet. */
  readonly #tests = new Map<string, PickedTest>();
  readonly #unreported: UnreportedTests;
  #left: Promise<void> | undefined;

  constructor(core: LibraryCore, closing: Closing) {
    this.#core = core;
    this.#closing = closing;
    this.#unreported = createUnreportedTests(core);
    core.coordinator.onChange((change) => {
      if (change.kind === 'mode-changed') core.emitter.emit('mode', { mode: change.mode });
      if (change.kind === 'verdict-changed') this.#changed(change.target, change.view, change.from);
      if (change.kind === 'hold-changed') this.#changed(change.target, change.view, change.view.state);
    });
  }

  /** An operator's hold decides over the verdict, so what counts is the state that users read. */
  #changed(target: string, { effective: state, since, why }: TargetView, from: State): void {
    const before = this.#states.get(target) ?? from;
    this.#states.set(target, state);
    if (before === state) return;
    const of = [...this.#core.deployments.values()].filter((one) => one.target === target);
    this.#core.emitter.emit('change', {
      groups: [...new Set(of.map(({ group }) => group))],
      deployment: of[0]?.id ?? target,
      target,
      state,
      before,
      since: since === null ? null : since / 1_000,
      why,
    });
  }

  get mode(): FleetMode {
    return this.#core.coordinator.status().mode;
  }

  get members(): readonly FleetProcess[] {
    return membersOf(this.#core.coordinator.status());
  }

  get pod(): string {
    return this.#core.coordinator.status().pod;
  }

  get observeOnly(): boolean {
    return this.#core.observeOnly;
  }

  state(group: G): GroupState {
    const state = groupState(groupOf(this.#core, group), {
      fleet: this.#core.coordinator,
      router: this.#core.router,
    });
    return this.#left === undefined ? state : leftState(state);
  }

  pick(group: G): PickedDeployment {
    const [first] = groupOf(this.#core, group);
    if (this.#core.observeOnly && first !== undefined) return pickedOf(first, 'first');
    const plan = planFor(this.#core, askFor(group, this.#unreported.mayTest()));
    const step = plan.next();
    if (step.kind === 'give-up') throw nothingToTry(group)(step.why);
    const found = this.#core.deployments.get(step.deployment.id) as LibraryDeployment;
    if (step.why === 'trial') this.#awaitReport(found.key, plan);
    else plan.ended({ kind: 'neutral', durationMs: 0 });
    return pickedOf(found, step.why);
  }

  /** A picked upstream may be the one that the fleet tests: then the report of the call is the result of the test. */
  #awaitReport(key: string, plan: RequestPlan): void {
    const { runningLimits, clock } = this.#core;
    const end = (outcome: AttemptOutcome): void => {
      this.#tests.delete(key);
      runningLimits.cancel(limit);
      plan.ended(outcome);
    };
    const limit = runningLimits.start(() => {
      this.#unreported.note(key);
      end({ kind: 'neutral', durationMs: 0 });
    });
    const reported = (outcome: AttemptOutcome): void => {
      this.#unreported.reported();
      end(outcome);
    };
    this.#tests.set(key, { startedMs: clock.monotonicMs(), end: reported });
  }

  fetch(group: G, options?: FetchOptions): typeof globalThis.fetch {
    return fleetFetch(this.#core, group, options);
  }

  async call<T>(group: G, make: (target: CallTarget) => Promise<T>, options?: CallOptions): Promise<T> {
    return await fleetCall(this.#core, group, make, options);
  }

  model<M extends AnyLanguageModel>(group: G, models: readonly M[]): M {
    return fleetModel(this.#core, group, models);
  }

  report({ group, id }: Pick<PickedDeployment, 'group' | 'id'>, outcome: ReportedOutcome): void {
    const found = groupOf(this.#core, group).find((one) => one.id === id);
    if (found === undefined) throw new TypeError(`group "${group}" has no upstream "${id}"`);
    checkReported(outcome);
    const ended = reportedOutcome(outcome, { tookMs: 0, kind: found.upstream.kind });
    const test = this.#tests.get(found.key);
    // A request that began before the test says nothing about it.
    const isOfTest = test !== undefined && this.#core.clock.monotonicMs() - ended.durationMs >= test.startedMs;
    if (isOfTest) test.end(ended);
    else this.#core.router.report(found.key, ended);
  }

  explain(group: G): string {
    const deployments = groupOf(this.#core, group);
    const { coordinator: fleet, observeOnly, givenUp } = this.#core;
    const { probes } = this.#closing;
    return explainGroup(group, this.state(group), { fleet, deployments, probes, observeOnly, givenUp });
  }

  on<K extends keyof MemberEvents>(name: K, listener: (event: MemberEvents[K]) => void): () => void {
    return this.#core.emitter.on(name, listener);
  }

  async leave(): Promise<void> {
    await (this.#left ??= stayingAlive(async () => await this.#closing.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}
