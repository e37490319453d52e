/** Frames → what is known of the modules. Pure; all values are immutable, and what didn’t change stays the same object. */
import { isUi } from './decode.ts';
import { applyPatch, PatchError } from './patch.ts';
import type {
  ModuleFrame,
  ModuleInfo,
  ModuleUi,
  PatchFrame,
  ResumeFrame,
  SnapshotFrame,
  StateFrame,
} from './protocol.ts';

export interface Module {
  readonly name: string;
  readonly revision: number;
  readonly info: ModuleInfo;
  /** Null for a module that isn’t enabled or hasn’t drawn. */
  readonly ui: ModuleUi | null;
}

export interface StreamState {
  /** What the revisions are of; null until the first snapshot. */
  readonly run: string | null;
  /** In the order to draw them. */
  readonly modules: ReadonlyMap<string, Module>;
  /** Modules that have to come whole: what is said of them until then doesn’t count. */
  readonly doubted: ReadonlySet<string>;
}

export interface Reduced {
  readonly state: StreamState;
  /** Why something has to be asked for anew, for the log; null if all fits. */
  readonly fault: string | null;
}

export const initialState: StreamState = { run: null, modules: new Map(), doubted: new Set() };

function fits(state: StreamState): Reduced {
  return { state, fault: null };
}

function doubt(state: StreamState, name: string, why: string): Reduced {
  const doubted = new Set(state.doubted).add(name);
  return { state: { ...state, doubted }, fault: `module ${name}: ${why}` };
}

/** Everything has to come whole; what is known stays until it does. */
export function doubtAll(state: StreamState): StreamState {
  return { ...state, doubted: new Set(state.modules.keys()), run: null };
}

function snapshot(state: StreamState, { run, modules: entries }: SnapshotFrame): Reduced {
  const modules = new Map<string, Module>();
  const unknown = new Set<string>();
  for (const entry of entries) {
    const { module: name, revision } = entry;
    const known = state.modules.get(name);
    if (entry.info) modules.set(name, { name, revision, info: entry.info, ui: entry.ui });
    else if (known) modules.set(name, known.revision === revision ? known : { ...known, revision });
    const isCertain = entry.info || (known && run === state.run && !state.doubted.has(name));
    if (!isCertain) unknown.add(name);
  }
  const fault = unknown.size > 0 ? `the snapshot leaves out ${[...unknown].join(', ')}` : null;
  return { state: { run, modules, doubted: unknown }, fault };
}

/** A new one stands where its name sorts. */
function withModule(modules: ReadonlyMap<string, Module>, module: Module): Map<string, Module> {
  const { name } = module;
  if (modules.has(name)) return new Map(modules).set(name, module);
  const all = [...modules];
  const place = all.findIndex(([other]) => other > name);
  all.splice(place < 0 ? all.length : place, 0, [name, module]);
  return new Map(all);
}

function put(state: StreamState, module: Module): Reduced {
  const doubted = new Set(state.doubted);
  doubted.delete(module.name);
  return fits({ ...state, modules: withModule(state.modules, module), doubted });
}

function remove(state: StreamState, name: string): Reduced {
  const modules = new Map(state.modules);
  const doubted = new Set(state.doubted);
  modules.delete(name);
  doubted.delete(name);
  return fits({ ...state, modules, doubted });
}

function describe(state: StreamState, frame: ModuleFrame): Reduced {
  const { module: name } = frame;
  if (frame.removed) return remove(state, name);
  const { revision, info } = frame;
  if (frame.ui !== undefined) return put(state, { name, revision, info, ui: frame.ui });
  if (state.doubted.has(name)) return fits(state);
  const known = state.modules.get(name);
  if (!known) return doubt(state, name, 'it is new, and comes without its UI');
  return put(state, { ...known, revision, info });
}

function patch(state: StreamState, { module: name, revision, ops, at }: PatchFrame): Reduced {
  if (state.doubted.has(name)) return fits(state);
  const known = state.modules.get(name);
  if (!known) return doubt(state, name, 'a patch came, but it isn’t known');
  try {
    const ui = applyPatch(known.ui, ops, at);
    if (!isUi(ui)) return doubt(state, name, 'a patch leaves no UI');
    return put(state, { ...known, revision, ui });
  } catch (cause) {
    if (cause instanceof PatchError) return doubt(state, name, cause.message);
    throw cause;
  }
}

export function reduce(state: StreamState, frame: StateFrame): Reduced {
  switch (frame.type) {
    case 'snapshot':
      return snapshot(state, frame);
    case 'module':
      return describe(state, frame);
    case 'patch':
      return patch(state, frame);
  }
}

/**
 * Asks for all that isn’t known for sure. The server can’t know of which module this client has the page, which a new
 * connection doesn’t get by itself.
 */
export function resumeOf({ run, modules, doubted }: StreamState): ResumeFrame {
  if (run === null) return { type: 'resume' };
  const sure = [...modules.values()].filter(({ name, ui }) => !doubted.has(name) && ui?.page === undefined);
  return {
    type: 'resume',
    run,
    modules: Object.fromEntries(sure.map(({ name, revision }) => [name, revision])),
  };
}
