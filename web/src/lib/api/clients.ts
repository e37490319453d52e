/** Paired clients: who they are, what they are called, and signing them out. */
import { language } from '../i18n/speech.svelte';
import { ApiError, call } from '../transport/http';
import { date, fields, flag, list, text, wholeOrNull } from '../transport/read';

const ROOT = '/api/clients';
const WITHIN = 15_000;

/** A paired browser or program. */
export interface PairedClient {
  readonly id: number;
  readonly name: string;
  readonly created: Date | null;
  readonly lastSeen: Date | null;
  /** One of its sockets is open. */
  readonly connected: boolean;
  /** It is this browser. */
  readonly own: boolean;
}

function decodeClient(value: unknown): PairedClient | null {
  const client = fields(value);
  const id = wholeOrNull(client['id']);
  if (id === null) return null;
  return {
    id,
    name: text(client['name']),
    created: date(client['created_at']),
    lastSeen: date(client['last_seen']),
    connected: flag(client['connected']),
    own: flag(client['this']),
  };
}

function pathOf(id: number): string {
  return `${ROOT}/${String(id)}`;
}

export async function listClients(): Promise<PairedClient[]> {
  const answer = fields(await call('GET', ROOT, { timeoutMs: WITHIN }));
  return list(answer['clients'])
    .map(decodeClient)
    .filter((client) => client !== null);
}

export async function renameClient(id: number, name: string): Promise<PairedClient> {
  const client = decodeClient(await call('PATCH', pathOf(id), { body: { name }, timeoutMs: WITHIN }));
  if (client === null) throw new ApiError(200, language.say('server-unreadable'));
  return client;
}

/** One that is signed out already is as good as signed out. */
export async function signOutClient(id: number): Promise<void> {
  try {
    await call('DELETE', pathOf(id), { timeoutMs: WITHIN });
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
  }
}

/** How many they were. */
export async function signOutOthers(): Promise<number> {
  const answer = fields(await call('DELETE', ROOT, { timeoutMs: WITHIN }));
  return wholeOrNull(answer['signed_out']) ?? 0;
}
