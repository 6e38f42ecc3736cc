/** A symptom that was found, why it matters and what to do. Its code and wording are stable: people search for them. */
export interface Finding {
  readonly code: FindingCode;
  /** A `note` is worth knowing; a `problem` keeps the fleet from doing its work as it was meant to. */
  readonly level: 'problem' | 'note';
  readonly says: string;
  readonly todo: string;
  /** Id of the target that it is about; absent where it is about a pod or the fleet. */
  readonly target?: string;
}

export type FindingCode =
  | 'sharing-not-enabled'
  | 'redis-not-configured'
  | 'background-checks-off'
  | 'redis-unavailable'
  | 'alone-in-fleet'
  | 'other-fleet-name'
  | 'other-store'
  | 'other-model-list'
  | 'other-interval'
  | 'other-policy'
  | 'other-budget'
  | 'lease-held'
  | 'lease-of-gone-pod'
  | 'probing-paused'
  | 'target-held'
  | 'target-down'
  | 'target-suspect'
  | 'target-not-judged'
  | 'stale-evidence'
  | 'store-may-evict'
  | 'pod-impaired'
  | 'only-this-pod-fails'
  | 'record-unreadable'
  | 'unconfirmed'
  | 'probe-rejected'
  | 'probe-adapted'
  | 'rate-limited'
  | 'slow'
  | 'budget-spent'
  | 'pod-unreachable'
  | 'store-lost-data'
  | 'state-not-kept'
  | 'foreign-data'
  | 'forged-messages'
  | 'bridge-publishing'
  | 'bridge-standby'
  | 'bridge-withheld'
  | 'bridge-without-redis'
  | 'bridge-lacks-rights'
  | 'bridge-displaced'
  | 'bridge-other-namespace'
  | 'bridge-other-models'
  | 'bridge-unprobed'
  | 'bridge-used'
  | 'bridge-unread'
  | 'bridge-unnoticed'
  | 'events-refused'
  | 'events-unknown'
  | 'events-too-old'
  | 'events-missing'
  | 'litellm-cooldown'
  | 'cooldowns-restricted'
  | 'nothing-finds-outages'
  | 'cooldowns-observed'
  | 'cooldowns-unreachable'
  | 'cooldowns-refused'
  | 'cooldowns-last-one';
