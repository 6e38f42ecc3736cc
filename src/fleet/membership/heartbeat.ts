import type { StoreTime } from '../../health/index.ts';
import type { FleetStore, HeartbeatAnswer, MemberInfo, MemberLag, StoreAnswer } from '../../ports/index.ts';
import { hostAndDomainOf } from '../options.ts';
import type { FleetOptions } from '../options.ts';
import type { Unable } from './own-ability.ts';

/** Three missed heartbeats and some margin, so that a slow pod stays a member. */
const MEMBER_TTL_MS = 10_000;

/** Composes this pod's heartbeats. The circuit breaker sends one as its test command; membership sends the others. */
export class Heartbeat {
  readonly #options: FleetOptions;
  readonly #unable: () => Unable;
  readonly #lag: () => MemberLag | undefined;
  readonly #startedAt: number;
  #unableSent = '';
  /** True if this pod's self-check fails at half or more of its hosts. */
  impaired = false;

  /**
   * @param unable targets that this pod cannot probe now; absent: it can probe all of them
   * @param lag lag of its replica; absent: unknown
   */
  constructor(
    options: FleetOptions,
    unable: () => Unable = () => ({ blind: [], unreached: [] }),
    lag: () => MemberLag | undefined = () => undefined,
  ) {
    this.#options = options;
    this.#unable = unable;
    this.#lag = lag;
    this.#startedAt = Math.floor(options.clock.wallMs());
  }

  /** True if the targets that this pod cannot probe differ from those in the last heartbeat. */
  get isOutdated(): boolean {
    return JSON.stringify(this.#unable()) !== this.#unableSent;
  }

  /** Sends one heartbeat command to the store. */
  async send(store: FleetStore, notAfter: StoreTime): Promise<StoreAnswer<HeartbeatAnswer>> {
    const { pod, podName, version, policyHash, targetsHash } = this.#options;
    const unable = this.#unable();
    this.#unableSent = JSON.stringify(unable);
    const lag = this.#lag();
    const info: MemberInfo = {
      pod,
      ...(podName !== undefined && { name: podName }),
      version,
      policyHash,
      targetsHash,
      startedAt: this.#startedAt,
      impaired: this.impaired,
      ...hostAndDomainOf(this.#options),
      ...unable,
      ...(lag !== undefined && { lag }),
    };
    return await store.heartbeat({ info, ttlMs: MEMBER_TTL_MS, notAfter });
  }
}
