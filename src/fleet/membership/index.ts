export { AblePods } from './able-pods.ts';
export { Membership } from './membership.ts';
export { byRank, hash, plainRankOf, rankOf, rankWaitMs } from './rank.ts';
export type { Turn } from './rank.ts';
export { Heartbeat } from './heartbeat.ts';
export { OwnAbility } from './own-ability.ts';
