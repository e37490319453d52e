/** `type` → the component that draws it. A new kind is a folder and a line here. */
import type { Component } from 'svelte';
import type { ComponentProps } from './props';
import Alert from './alert/Alert.svelte';
import Badge from './badge/Badge.svelte';
import Button from './button/Button.svelte';
import Card from './card/Card.svelte';
import Checkbox from './checkbox/Checkbox.svelte';
import Grid from './grid/Grid.svelte';
import Image from './image/Image.svelte';
import Input from './input/Input.svelte';
import LineChart from './line_chart/LineChart.svelte';
import Progress from './progress/Progress.svelte';
import SegmentedProgress from './segmented_progress/SegmentedProgress.svelte';
import Select from './select/Select.svelte';
import Spinner from './spinner/Spinner.svelte';
import Stack from './stack/Stack.svelte';
import Stat from './stat/Stat.svelte';
import StatCard from './stat_card/StatCard.svelte';
import StatSmall from './stat_small/StatSmall.svelte';
import Table from './table/Table.svelte';
import Tabs from './tabs/Tabs.svelte';
import Text from './text/Text.svelte';
import Tile from './tile/Tile.svelte';
import Toggle from './toggle/Toggle.svelte';

/**
 * A Map, not an object: `type` is foreign text and may be `constructor`. A modal is drawn by its host; columns, options,
 * segments, series and tabs by what they are part of; none of them alone.
 */
export const registry: ReadonlyMap<unknown, Component<ComponentProps>> = new Map<
  string,
  Component<ComponentProps>
>([
  ['alert', Alert],
  ['badge', Badge],
  ['button', Button],
  ['card', Card],
  ['checkbox', Checkbox],
  ['grid', Grid],
  ['image', Image],
  ['input', Input],
  ['line_chart', LineChart],
  ['progress', Progress],
  ['segmented_progress', SegmentedProgress],
  ['select', Select],
  ['spinner', Spinner],
  ['stack', Stack],
  ['stat', Stat],
  ['stat_card', StatCard],
  ['stat_small', StatSmall],
  ['table', Table],
  ['tabs', Tabs],
  ['text', Text],
  ['tile', Tile],
  ['toggle', Toggle],
]);
