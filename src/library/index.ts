export { joinFleet } from './join-fleet.ts';
export type { FleetMember, PickedDeployment } from './joined-fleet.ts';
export type { Groups, JoinOptions, ProbeOptions, RoutingOptions } from './options.ts';
export { anthropic, azure, http, openai, vendor } from './upstreams.ts';
export type {
  AnthropicSettings,
  AzureSettings,
  CommonSettings,
  HttpSettings,
  OpenAiSettings,
  LibraryUpstream,
} from './upstreams.ts';
export type { FleetProcess } from './members.ts';
export type { DeploymentState, GroupState } from './states.ts';
export type { AdviceEvent, ChangeEvent, MemberEvents, MemberModeEvent } from './events.ts';
export type { CallOptions, CallTarget } from './call.ts';
export type { FetchOptions } from './fetch/fleet-fetch.ts';
export type { AnyLanguageModel } from './model/fleet-model.ts';
export type { ReportedOutcome } from './reported.ts';
export { triedOf } from './tried.ts';
export type { TriedAttempt } from './tried.ts';
export type { Level, State } from '../health/index.ts';
export type { FleetMode, Logger, RedisTarget } from '../ports/index.ts';
export type { AttemptWhy } from '../routing/index.ts';
