export * from './event.ts';
export * from './hold.ts';
export * from './lease.ts';
export * from './member.ts';
export * from './names.ts';
export * from './record-header.ts';
export * from './stamps.ts';
export * from './target-list.ts';
