import { fleetSuite, unitSuite, type Mutation } from './mutation.ts';

const plan = unitSuite('src/bridge/cooldowns/plan');
const keeper = unitSuite('test/unit/bridge/cooldown-keeper');
const marked = unitSuite('test/unit/bridge/marked-cooldowns');
const signs = unitSuite('test/unit/bridge/litellm-signs');
const evidence = fleetSuite('probing/traffic-evidence');
const savings = fleetSuite('probing/traffic-savings');

const PLAN = 'src/bridge/cooldowns/plan.ts';
const KEEPER = 'src/bridge/cooldowns/cooldown-keeper.ts';
const STEPS = 'src/bridge/cooldowns/steps.ts';
const FOUND = 'src/bridge/cooldowns/found-cooldowns.ts';
const EVIDENCE = 'src/fleet/probing/traffic-evidence.ts';

/** Bugs in what steers LiteLLM's routing, and in what its cooldowns and requests prove. */
export const cooldownKeyMutations: readonly Mutation[] = [
  {
    bug: 'the last routable deployment of a group is cooled',
    file: PLAN,
    from: 'if (best === undefined || !cooled.delete(best.modelId)) continue;',
    to: 'if (best === undefined) continue;',
    suite: plan,
  },
  {
    bug: 'a deployment that LiteLLM has cooled counts as routable',
    file: PLAN,
    from: '!cooled.has(id) && !cooledByLitellm.has(id)',
    to: '!cooled.has(id)',
    suite: plan,
  },
  {
    bug: 'a deployment that probably fails counts as routable',
    file: PLAN,
    from: '!isDoubtful(id)',
    to: 'true',
    suite: plan,
  },
  {
    bug: 'the groups of the fallbacks do not count',
    file: PLAN,
    from: 'reach.filter((id) =>',
    to: 'own.filter((id) =>',
    suite: plan,
  },
  {
    bug: 'the deployment that is least likely to answer stays routable',
    file: PLAN,
    from: 'LIKELY_TO_ANSWER[b.reason] - LIKELY_TO_ANSWER[a.reason]',
    to: 'LIKELY_TO_ANSWER[a.reason] - LIKELY_TO_ANSWER[b.reason]',
    suite: plan,
  },
  {
    bug: 'of two deployments that are down the one with the older success stays routable',
    file: PLAN,
    from: 'b.lastSuccessAt - a.lastSuccessAt',
    to: 'a.lastSuccessAt - b.lastSuccessAt',
    suite: plan,
  },
  {
    bug: 'a fallback stays routable before a deployment of the group itself',
    file: PLAN,
    from: '[free(own), free(reach)]',
    to: '[free(reach), free(own)]',
    suite: plan,
  },
  {
    bug: 'a pod without the lease writes cooldowns',
    file: KEEPER,
    from: "if (mode() === 'off' || !leads()) return this.#rest();",
    to: "if (mode() === 'off') return this.#rest();",
    suite: keeper,
  },
  {
    bug: 'cooldowns are written with mode observe',
    file: KEEPER,
    from: "if (mode() === 'on' && this.#loss === null) {",
    to: 'if (this.#loss === null) {',
    suite: keeper,
  },
  {
    bug: 'cooldowns stay until they expire when they are switched off',
    file: KEEPER,
    from: "if (mode() !== 'on' && leads()) await this.#end();",
    to: '',
    suite: keeper,
  },
  {
    bug: 'a cooldown stays until it expires after the target is up again',
    file: 'src/bridge/cooldowns/changes.ts',
    from: 'if (!cooled.has(modelId)) changes.set(modelId, null);',
    to: '',
    suite: keeper,
  },
  {
    bug: "allswell's own cooldowns are evidence",
    file: FOUND,
    from: "active.filter(([, { by }]) => by === 'litellm')",
    to: 'active',
    suite: keeper,
  },
  {
    bug: 'a cooldown with our mark that another fleet wrote counts as routable',
    file: KEEPER,
    from: 'new Set([...byLitellm.keys(), ...byOthers.keys()])',
    to: 'new Set(byLitellm.keys())',
    suite: marked,
  },
  {
    bug: 'the store does not look again whether a pool keeps a routable deployment',
    file: KEEPER,
    from: 'guardsFor({ plan: next, pools, cooledByLitellm, stillCooled })',
    to: '[]',
    suite: marked,
  },
  {
    bug: 'a refused cooldown is not planned anew before the next regular read',
    file: KEEPER,
    from: "if ([...answer.value.values()].includes('last')) this.#readMs = -Infinity;",
    to: '',
    suite: marked,
  },
  {
    bug: 'a cooldown that two fleets write is taken for its own',
    file: FOUND,
    from: 'written.get(id) !== atSeconds',
    to: '!written.has(id)',
    suite: marked,
  },
  {
    bug: 'a cooldown that another fleet ended counts as over at once',
    file: KEEPER,
    from: 'if (leftMs > 0) this.#endedMs.set',
    to: 'if (leftMs > LIFE_MS) this.#endedMs.set',
    suite: marked,
  },
  {
    bug: 'a cooldown that could not be written is shown as set',
    file: KEEPER,
    from: "const done = mode() === 'on' ? this.#unblocked(next) : next;",
    to: 'const done = next;',
    suite: keeper,
  },
  {
    bug: 'of two deployments one is cooled while LiteLLM still keeps the other cooled',
    file: KEEPER,
    from: 'const stillCooled = this.#stillCooled();',
    to: 'const stillCooled = new Set<string>();',
    suite: keeper,
  },
  {
    bug: 'one cooldown of LiteLLM is evidence at each read',
    file: KEEPER,
    from: 'if (seen.get(modelId)?.atSeconds === cooldown.atSeconds) continue;',
    to: '',
    suite: keeper,
  },
  {
    bug: 'each change of a verdict writes at once, however many there are',
    file: STEPS,
    from: 'Math.max(0, freeMs - this.#nowMs())',
    to: '0',
    suite: keeper,
  },
  {
    bug: 'cooldowns are not renewed',
    file: STEPS,
    from: 'this.#runIn(RENEW_MS)',
    to: 'this.#runIn(60 * RENEW_MS)',
    suite: keeper,
  },
  {
    bug: "a bridge takes its own publication for a read of LiteLLM's",
    file: 'src/bridge/read-signs.ts',
    from: 'attempts === this.#attempts && idleMs',
    to: 'idleMs',
    suite: signs,
  },
  {
    bug: 'probes count as avoided while no LiteLLM pod uses the results',
    file: 'src/bridge/bridge.ts',
    from: 'if (stoodMs > 0 && this.#pods.useResults)',
    to: 'if (stoodMs > 0)',
    suite: signs,
  },
  {
    bug: 'a failure of requests that needs a probe is committed as what one probe proves',
    file: EVIDENCE,
    from: "return { ...failure, class: 'server', message:",
    to: 'return { ...failure, message:',
    suite: evidence,
  },
  {
    bug: 'failures of requests cost a probe each time, although probes pass',
    file: EVIDENCE,
    from: "if (state !== 'suspect' && heardAt - pausedSince < pauseMs * 1_000) return;",
    to: '',
    suite: evidence,
  },
  {
    bug: 'the pause after a confirmation that passed does not grow',
    file: EVIDENCE,
    from: 'Math.min(MAX_PAUSE_MS, 2 * known.pauseMs)',
    to: 'FIRST_PAUSE_MS',
    suite: evidence,
  },
  {
    bug: 'the pause is forgotten although reports go on',
    file: EVIDENCE,
    from: 'this.#parts.now() - known.heardAt >',
    to: 'this.#parts.now() - known.committedAt >',
    suite: evidence,
  },
  {
    bug: 'a confirmation of another pod that passed begins no pause',
    file: EVIDENCE,
    from: 'Math.max(known?.committedAt ?? 0, passedConfirmationAt(facts))',
    to: 'known?.committedAt ?? 0',
    suite: evidence,
  },
  {
    bug: 'the pause grows although a probe confirmed the failure',
    file: EVIDENCE,
    from: 'return isConfirmed ? undefined : known;',
    to: 'return known;',
    suite: evidence,
  },
  {
    bug: 'a success of requests that began before the failures ends them',
    file: EVIDENCE,
    from: 'if (ageMs <= 0) return;',
    to: 'probe.at = this.#parts.now();',
    suite: evidence,
  },
  {
    bug: 'successes of requests do not replace probes',
    file: EVIDENCE,
    from: 'if (!pending && ageMs < target.intervalMs / 4) return;',
    to: 'if (!pending) return;',
    suite: evidence,
  },
  {
    bug: 'a success of requests brings a target back that probes find down',
    file: EVIDENCE,
    from: 'if (isFailedByProbes(target, evidence.facts)) return',
    to: 'if (false) return',
    suite: evidence,
  },
  {
    bug: 'a success of requests costs a probe each time while probes fail',
    file: EVIDENCE,
    from: 'if (last !== undefined && askedAt - last.askedAt < last.pauseMs * 1_000) return;',
    to: '',
    suite: evidence,
  },
  {
    bug: 'successes of requests replace all probes',
    file: EVIDENCE,
    from: 'if (this.#isProbeWanted(target)) return;',
    to: '',
    suite: evidence,
  },
  {
    bug: 'a probe of unknown price is counted as one without cost',
    file: EVIDENCE,
    from: 'const isUnpriced = paid !== undefined && costUsd === 0;',
    to: 'const isUnpriced = false;',
    suite: savings,
  },
  {
    bug: 'the success that ends a run of failures counts as an avoided probe',
    file: EVIDENCE,
    from: 'if (!pending) this.#save(',
    to: 'this.#save(',
    suite: savings,
  },
];
