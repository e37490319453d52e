/** The catalog of modules and its two switches. */
import { decodeModuleInfos } from '../transport/decode';
import { call } from '../transport/http';
import type { ModuleInfo } from '../transport/model';

export type Power = 'enable' | 'disable';

export async function listModules(): Promise<ModuleInfo[]> {
  return decodeModuleInfos(await call('GET', '/api/modules', { timeoutMs: 15_000 }), Date.now());
}

/** No time limit: a module's `initialize()` may take long, and the server has its own deadline. */
export async function setPower(name: string, power: Power): Promise<void> {
  await call('POST', `/api/modules/${encodeURIComponent(name)}/${power}`);
}
