/** How this client has arranged its dashboard. */
import { call } from '../transport/http';
import { decodeLayout, type KeptLayout } from '../transport/layout';

const PATH = '/api/dashboard';
const WITHIN = 10_000;

export async function fetchLayout(): Promise<KeptLayout> {
  return decodeLayout(await call('GET', PATH, { timeoutMs: WITHIN }));
}

/** Refused with 409 if another page of this client has saved one since `version`. */
export async function putLayout({ version, tiles }: KeptLayout): Promise<KeptLayout> {
  return decodeLayout(await call('PUT', PATH, { body: { version, tiles }, timeoutMs: WITHIN }));
}
