/** How Contara and its machine are. */
import { call } from '../transport/http';
import { decodeSystem, type System } from '../transport/system';

export async function fetchSystem(): Promise<System> {
  return decodeSystem(await call('GET', '/api/system', { timeoutMs: 15_000 }), Date.now());
}
