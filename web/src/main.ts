import { mount } from 'svelte';
import App from './App.svelte';
import { language } from '$lib/i18n/speech.svelte';
import './styles/tokens.css';
import './styles/base.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

// Nothing is said before its language is there, or it would be said twice; without it the page speaks English.
await language.speak();
mount(App, { target });

// Where there is none, as over plain http, or its certificate isn't trusted, the page works all the same.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => undefined);
