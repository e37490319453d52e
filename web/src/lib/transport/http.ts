/**
 * One way to call the daemon's API. Answers JSON, or throws an `ApiError` whose message can be shown to a person.
 * The session is a cookie that the browser keeps to itself, so there is nothing to add to a request.
 */
import { acceptLanguage } from '../i18n/language';
import { language } from '../i18n/speech.svelte';
import { fields, list, maps, text, type Fields } from './read';

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  body?: unknown;
  /** Without one, a call may take as long as it needs. */
  timeoutMs?: number;
  /** Ends it earlier: nobody waits for the answer any more. */
  signal?: AbortSignal;
}

export class ApiError extends Error {
  /**
   * `status` is 0 when the server couldn't be reached. `errors` is what is wrong with which field, if that is it.
   * `problem` is all that the server said, for callers that know what more a refusal of theirs may hold.
   */
  constructor(
    readonly status: number,
    message: string,
    readonly errors: Readonly<Record<string, string>> = {},
    readonly problem: Fields = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get unreachable(): boolean {
    return this.status === 0;
  }
}

/** `detail` is a text, or for 422 a list of `{loc, msg}`. */
function detailOf(body: unknown): string {
  const { detail, title } = fields(body);
  const faults = maps(list(detail)).map((fault) => text(fault['msg']));
  return faults.filter(Boolean).join('; ') || text(detail) || text(title);
}

/** `errors` of a problem that is about fields: name → text. */
function fieldErrors(body: unknown): Record<string, string> {
  const errors = Object.entries(fields(fields(body)['errors']));
  return Object.fromEntries(
    errors.map(([name, error]) => [name, text(error, language.say('value-refused'))]),
  );
}

/** What the server said of why it refused, wherever it said so. */
export function apiError(status: number, body: unknown): ApiError {
  const message = detailOf(body) || language.say('server-answered', { status: String(status) });
  return new ApiError(status, message, fieldErrors(body), fields(body));
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

export async function call(
  method: Method,
  path: string,
  options: CallOptions = {},
  fetcher: Fetch = fetch,
): Promise<unknown> {
  const headers = new Headers();
  const languages = acceptLanguage();
  if (languages !== null) headers.set('accept-language', languages);
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (options.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(options.body);
  }
  const ends = options.signal ? [options.signal] : [];
  if (options.timeoutMs !== undefined) ends.push(AbortSignal.timeout(options.timeoutMs));
  if (ends.length > 0) init.signal = AbortSignal.any(ends);
  let response: Response;
  try {
    response = await fetcher(path, init);
  } catch {
    throw new ApiError(0, language.say('unreachable'));
  }
  const body = await json(response);
  if (response.ok) return body;
  throw apiError(response.status, body);
}
