import { expect, test } from 'vitest';
import { ENGLISH } from '../i18n/texts';
import { OVERVIEW, wireModule } from '../pages/setup/samples';
import { decodeOverview } from '../transport/setup-decode';
import {
  ALL_SETUP,
  bySlug,
  conflictOf,
  sectionsOf,
  setupOf,
  unavailable,
  wantedSetup,
  withDependencies,
} from './choice';

const overview = decodeOverview(OVERVIEW);

function modulesOf(...wire: object[]) {
  return bySlug(decodeOverview({ modules: wire }).modules);
}

function conflict(modules: ReturnType<typeof modulesOf>, slug: string, ...chosen: string[]) {
  const module = modules.get(slug);
  return module ? conflictOf(module, new Set(chosen), modules, ENGLISH.say) : 'no such module';
}

function listed(wanted = ALL_SETUP) {
  return sectionsOf(overview, ENGLISH.say, wanted).map(({ slug, categories }) => [
    slug,
    ...categories.flatMap(({ modules }) => modules.map((module) => module.slug)),
  ]);
}

test('the list has sections with something in them, and no module that only serves others', () => {
  expect(listed()).toEqual([
    ['core', 'ldap', 'mail', 'bind', 'dnsmasq'],
    ['other', 'kernel', 'broken'],
  ]);
});

test('it is narrowed by words of any field, section and state', () => {
  expect(listed({ ...ALL_SETUP, text: 'DOMAIN users' })).toEqual([['core', 'mail']]);
  expect(listed({ ...ALL_SETUP, section: 'other' })).toEqual([['other', 'kernel', 'broken']]);
  expect(listed({ ...ALL_SETUP, state: 'configured' })).toEqual([['core', 'ldap']]);
  expect(listed({ ...ALL_SETUP, state: 'trouble' })).toEqual([['other', 'broken']]);
  expect(listed({ ...ALL_SETUP, state: 'new', text: 'name' })).toEqual([['core', 'bind', 'dnsmasq']]);
});

test('a section that no list names is there all the same', () => {
  const odd = decodeOverview({ sections: [], modules: [wireModule('a', { section: 'odd' })] });
  expect(sectionsOf(odd, ENGLISH.say).map(({ name }) => name)).toEqual(['odd']);
});

test('modules without a category come last in their section, and have no heading where there is no other', () => {
  const network = { slug: 'network', name: 'Network' };
  const mixed = [
    wireModule('a'),
    wireModule('b', { category: network }),
    wireModule('c', { section: 'other' }),
  ];
  const sections = sectionsOf(decodeOverview({ sections: OVERVIEW.sections, modules: mixed }), ENGLISH.say);
  expect(sections.map(({ categories }) => categories.map(({ name }) => name))).toEqual([
    ['Network', 'Other'],
    [''],
  ]);
});

test('a conflict stands whichever of the two names it, with what is chosen, needed or configured', () => {
  const modules = modulesOf(
    wireModule('a', { conflicts: ['b'] }),
    wireModule('b'),
    wireModule('c', { dependencies: ['b'] }),
    wireModule('d', { conflicts: ['e'] }),
    wireModule('e', { configured: true }),
  );
  expect(conflict(modules, 'a')).toBeNull();
  expect(conflict(modules, 'a', 'b')).toBe('Conflicts with b, which is chosen.');
  expect(conflict(modules, 'b', 'a')).toBe('Conflicts with a, which is chosen.');
  expect(conflict(modules, 'a', 'c')).toBe('Conflicts with b, which is needed.');
  expect(conflict(modules, 'c', 'a')).toBe('Needs b, which conflicts with a, which is chosen.');
  expect(conflict(modules, 'd')).toBe('Conflicts with e, which is configured.');
});

test('dependencies may go round in circles and lead nowhere', () => {
  const modules = modulesOf(
    wireModule('a', { dependencies: ['b', 'gone'] }),
    wireModule('b', { dependencies: ['a'] }),
  );
  expect([...withDependencies(['a'], modules)].sort()).toEqual(['a', 'b', 'gone']);
});

test('what can never be chosen says why', () => {
  const reasons = ['ldap', 'mail', 'cert', 'broken'].map((slug) => {
    const module = overview.modules.find((own) => own.slug === slug);
    return module && unavailable(module, ENGLISH.say);
  });
  expect(reasons).toEqual([
    'It is configured already.',
    null,
    'It is set up together with modules that need it.',
    'It can’t be used: see its problems.',
  ]);
});

test('what the list is narrowed to has an address', () => {
  const wanted = { text: 'mail & more', section: 'core', state: 'new' } as const;
  const address = setupOf(wanted);
  expect(address).toBe('/setup?q=mail%20%26%20more&section=core&state=new');
  expect(wantedSetup(address.slice('/setup'.length))).toEqual(wanted);
  expect(setupOf(ALL_SETUP)).toBe('/setup');
  expect(wantedSetup('?state=asleep')).toEqual(ALL_SETUP);
});
