/// <reference types="svelte" />
/// <reference types="vite/client" />

/** One Lucide icon's SVG body, cut out at build time (build/lucide.ts). */
declare module 'virtual:icon/*' {
  const body: string;
  export default body;
}

/** First letter → that letter's icons, keyed by normalised name. */
declare module 'virtual:icon-shards' {
  const shards: Record<string, () => Promise<{ default: Record<string, string> }>>;
  export default shards;
}
