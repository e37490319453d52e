export { ActionError, ConnectionLost } from './calls.ts';
export { isFields, type Fields } from './fields.ts';
export type { Connection, Heartbeat } from './link.ts';
export { applyPatch, PatchError, type Misfit, type Operation } from './patch.ts';
export type {
  HelloFrame,
  ModuleInfo,
  ModuleUi,
  NoticeFrame,
  Problem,
  Progress,
  RunningCall,
  SetupLinesFrame,
} from './protocol.ts';
export type { Module } from './store.ts';
export {
  connect,
  type ActOptions,
  type Change,
  type SessionState,
  type SetupWatch,
  type Stream,
  type StreamEvents,
  type StreamOptions,
} from './stream.ts';
export type { Socket, SocketClass } from './wire.ts';
