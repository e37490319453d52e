/** `type` → the component that draws it. A new kind is a folder and a line here. */
import type { Component } from 'svelte';
import Alert from './alert/Alert.svelte';
import Badge from './badge/Badge.svelte';
import Button from './button/Button.svelte';
import type { ComponentProps } from './props';
import Stack from './stack/Stack.svelte';
import Stat from './stat/Stat.svelte';
import Text from './text/Text.svelte';
import Tile from './tile/Tile.svelte';

/** A Map, not an object: `type` is foreign text and may be `constructor`. */
export const registry: ReadonlyMap<unknown, Component<ComponentProps>> = new Map<
  string,
  Component<ComponentProps>
>([
  ['alert', Alert],
  ['badge', Badge],
  ['button', Button],
  ['stack', Stack],
  ['stat', Stat],
  ['text', Text],
  ['tile', Tile],
]);
