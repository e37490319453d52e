/** The pages that one can go to from anywhere, in their order. */
import activity from 'virtual:icon/activity';
import blocks from 'virtual:icon/blocks';
import user from 'virtual:icon/circle-user-round';
import grid from 'virtual:icon/layout-dashboard';
import server from 'virtual:icon/server';
import wrench from 'virtual:icon/wrench';

export const PAGES = [
  { path: '/', page: 'dashboard', label: 'dashboard', icon: grid },
  { path: '/modules', page: 'modules', label: 'modules', icon: blocks },
  { path: '/setup', page: 'setup', label: 'setup-title', icon: wrench },
  { path: '/activity', page: 'activity', label: 'activity', icon: activity },
  { path: '/system', page: 'system', label: 'system', icon: server },
  { path: '/account', page: 'account', label: 'account', icon: user },
] as const;
