/** Sign-in by pairing code. The session itself is an HttpOnly cookie that this code never sees. */
import { call } from '../transport/http';

const PATH = '/api/auth/session';
const WITHIN = 10_000;

export async function getSession(): Promise<void> {
  await call('GET', PATH, { timeoutMs: WITHIN });
}

export async function createSession(code: string): Promise<void> {
  await call('POST', PATH, { body: { pairing_code: code }, timeoutMs: WITHIN });
}

export async function deleteSession(): Promise<void> {
  await call('DELETE', PATH, { timeoutMs: WITHIN });
}
