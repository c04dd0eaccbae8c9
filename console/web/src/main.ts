import { mount } from 'svelte';
import './app.css';
import { App } from './app.svelte';
import Page from './Page.svelte';

declare global {
  interface Window {
    /** For tests: how long lamp changes took to become pixels, in milliseconds. */
    chorraha: { lampLatencies: number[] };
  }
}

const app = new App();
app.start();
window.chorraha = { lampLatencies: app.latencies.list };
mount(Page, { target: document.getElementById('page') as HTMLElement, props: { app } });
