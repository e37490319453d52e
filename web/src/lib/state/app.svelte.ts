/** Puts the parts together; every component finds them by `useApp()`. */
import { createContext, untrack } from 'svelte';
import { language } from '../i18n/speech.svelte';
import { TransportV2 } from '../transport/v2';
import type { Transport, TransportEvents } from '../transport/transport';
import { Actions } from './actions.svelte';
import { Arrangement } from './arrangement.svelte';
import { Catalog } from './catalog.svelte';
import { Confirms } from './confirms.svelte';
import { Dashboard } from './dashboard.svelte';
import { Looks } from './looks.svelte';
import { Modals } from './modals.svelte';
import { Notices } from './notices.svelte';
import { Router } from './router.svelte';
import { Session } from './session.svelte';
import { Settings } from './settings';
import { Setup } from './setup.svelte';

export class App {
  readonly router = new Router();
  readonly session = new Session();
  readonly notices = new Notices();
  readonly confirms = new Confirms();
  readonly dashboard = new Dashboard();
  readonly arrangement = new Arrangement(this.session, this.notices);
  readonly catalog = new Catalog(this.session);
  readonly modals = new Modals(this.dashboard, (module, id) => {
    this.notices.add(
      'error',
      language.say('modal-missing', { id }),
      language.say('modal-missing-title'),
      module,
    );
  });
  readonly settings = new Settings(this.session);
  readonly transport: Transport;
  readonly actions: Actions;
  readonly looks: Looks;
  readonly setup: Setup;
  #spoken = language.chosen;

  constructor(connectBy: (events: TransportEvents) => Transport = (events) => new TransportV2(events)) {
    this.transport = connectBy(this.#events());
    this.actions = new Actions(this.transport, this.session, this.modals, this.notices, this.confirms);
    this.looks = new Looks(this.transport, this.session, this.dashboard, this.notices);
    this.setup = new Setup(this.transport, this.session);
  }

  /** Live for as long as the session; forgets everything afterwards. */
  live(): () => void {
    this.transport.connect();
    // An effect calls this: what is arranged later is no reason to connect anew.
    void untrack(() => this.arrangement.refetch());
    return () => {
      this.transport.close();
      this.confirms.refuse();
      this.modals.close(null);
      this.notices.clear();
      this.catalog.clear();
      this.settings.clear();
      this.setup.clear();
      this.arrangement.clear();
      this.dashboard.clear();
    };
  }

  /** In another language all that the daemon says is asked for anew. */
  speak(chosen: string | null): void {
    if (chosen === this.#spoken) return;
    this.#spoken = chosen;
    this.transport.refresh();
  }

  async signOut(): Promise<void> {
    const failure = await this.session.signOut();
    if (failure !== null) this.notices.add('error', failure);
  }

  #events(): TransportEvents {
    return {
      state: (connection) => {
        this.dashboard.connection = connection;
      },
      modules: (snapshots) => {
        this.dashboard.replace(snapshots);
        this.modals.reconcile();
        void this.catalog.refetch();
        void this.arrangement.refetch();
      },
      module: (update) => {
        this.dashboard.update(update);
        this.catalog.update(update);
        this.modals.reconcile();
      },
      setup: (transaction) => {
        this.setup.heard(transaction);
      },
      setupLines: (part) => {
        this.setup.linesCame(part);
      },
      signedOut: () => {
        this.session.ended();
      },
    };
  }
}

export const [useApp, provideApp] = createContext<App>();
