/** Whether this browser is signed in, and why not. */
import { createSession, deleteSession, getSession } from '../api/session';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import { pairingCodeOfFragment, tidyPairingCode } from '../text/pairing-code';

type Status = 'checking' | 'signed-in' | 'signed-out';

function refusal(cause: unknown): string {
  if (!(cause instanceof ApiError)) throw cause;
  if (cause.unreachable) return language.say('sign-in-unreachable');
  return cause.status === 401 ? language.say('sign-in-refused') : cause.message;
}

/** Out of the address bar and the history: a code is a secret for as long as it is valid. */
function dropFragment(): void {
  history.replaceState(history.state, '', location.pathname + location.search);
}

export class Session {
  status = $state<Status>('checking');
  /** Why the sign-in page is shown: a session that ended, or a refused code. */
  reason = $state<string | null>(null);
  busy = $state(false);

  /** At page load: a `#pair=` link is redeemed only when there is no session yet. */
  async start(): Promise<void> {
    const code = pairingCodeOfFragment(location.hash);
    if (code !== null) dropFragment();
    if (await this.#alreadySignedIn()) this.status = 'signed-in';
    else if (code !== null) await this.signIn(code);
    else this.status = 'signed-out';
  }

  /** A link opened in a page that is loaded already. */
  async followFragment(): Promise<void> {
    const code = pairingCodeOfFragment(location.hash);
    if (code === null) return;
    dropFragment();
    if (this.status === 'signed-out') await this.signIn(code);
  }

  async signIn(typed: string): Promise<void> {
    if (this.busy) return;
    const code = tidyPairingCode(typed);
    if (code === null) return this.#refuse(language.say('sign-in-malformed'));
    this.busy = true;
    try {
      await createSession(code);
      this.reason = null;
      this.status = 'signed-in';
    } catch (cause) {
      this.#refuse(refusal(cause));
    } finally {
      this.busy = false;
    }
  }

  /** Null, or why it failed; a session that the server has forgotten already is as good as ended. */
  async signOut(): Promise<string | null> {
    try {
      await deleteSession();
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.status !== 401) {
        return language.say('sign-out-failed', {
          why: cause instanceof Error ? cause.message : String(cause),
        });
      }
    }
    this.reason = null;
    this.status = 'signed-out';
    return null;
  }

  /** The server doesn't know us any more. */
  ended(): void {
    if (this.status === 'signed-out') return;
    this.reason = language.say('signed-out');
    this.status = 'signed-out';
  }

  /** Passes an API call's outcome on; a 401 also ends the session. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.ended();
      throw cause;
    }
  }

  #refuse(reason: string): void {
    this.reason = reason;
    this.status = 'signed-out';
  }

  /** Unreachable counts as signed in: the dashboard then says so and keeps trying, and finds out about a 401. */
  async #alreadySignedIn(): Promise<boolean> {
    try {
      await getSession();
      return true;
    } catch (cause) {
      return !(cause instanceof ApiError && cause.status === 401);
    }
  }
}
