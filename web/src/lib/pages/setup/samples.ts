/** What a daemon says of setup, as it says it: for the tests, and for the pictures of every step of the wizard. */

export const NOW = '2026-11-21T12:03:04Z';

export function wireModule(slug: string, more: object = {}): Record<string, unknown> {
  return {
    slug,
    name: slug,
    description: '',
    section: 'core',
    category: { slug: 'other', name: 'Other' },
    standalone: true,
    url: null,
    configured: false,
    installed: null,
    can_configure: true,
    has_form: true,
    has_script: true,
    reboot: false,
    dependencies: [],
    conflicts: [],
    links: [],
    problems: [],
    usable: true,
    transaction: null,
    ...more,
  };
}

const USERS = { slug: 'users', name: 'Users and groups' };
const NET = { slug: 'network', name: 'Network services' };

export const MODULES = [
  wireModule('ldap', {
    name: 'Directory',
    description: 'Accounts and groups, kept in **one** place for every service of the machine.',
    category: USERS,
    configured: true,
    can_configure: false,
    links: [{ name: 'Management interface', href: 'https://nas.example/mmc/' }],
  }),
  wireModule('mail', {
    name: 'Mail server',
    description:
      'Postfix and Dovecot, set up for your **own domain**.\n\nIt brings:\n\n- mailboxes for each account\n- a filter against spam\n- delivery over TLS',
    category: USERS,
    dependencies: ['ldap', 'cert'],
    url: 'https://mail.example/about',
  }),
  wireModule('cert', { name: 'Certificates', description: 'Keys for TLS.', standalone: false }),
  wireModule('bind', {
    name: 'Name server',
    description: 'Answers names of your networks, and looks the others up.',
    category: NET,
    conflicts: ['dnsmasq'],
  }),
  wireModule('dnsmasq', {
    name: 'Dnsmasq',
    description: 'Names and addresses for a small network.',
    category: NET,
  }),
  wireModule('kernel', {
    name: 'Newer kernel',
    description: 'Drivers for what has come out lately.',
    section: 'other',
    reboot: true,
  }),
  wireModule('broken', {
    name: 'Broken',
    section: 'other',
    usable: false,
    problems: ['desc.json, line 3, column 8: a comma is missing'],
  }),
];

export const STEPS = [
  { kind: 'download', state: 'disabled', text: 'All modules are on the machine.' },
  { kind: 'sign_in', state: 'disabled', text: 'No repository asks for a login.' },
  { kind: 'repositories', state: 'disabled', text: 'No repository has to be added.' },
  { kind: 'packages', state: 'todo', text: 'Installs 4 packages with apt.' },
  { kind: 'configure', state: 'todo', text: 'Runs the scripts of 2 modules.' },
  { kind: 'end', state: 'todo', text: 'Marks what is configured.' },
];

export type Wire = Record<string, unknown>;

export function wireField(type: string, name: string | null, more: object = {}): Wire {
  return {
    name,
    type,
    label: name ?? '',
    help: '',
    value: '',
    is_set: false,
    required: false,
    read_only: false,
    hidden: false,
    multi: false,
    confirm: true,
    long: false,
    size: null,
    options: [],
    ...more,
  };
}

const option = (name: string, value: string, toggle: string[] = []) => ({ name, value, toggle });

export const FORM = {
  slug: 'mail',
  name: 'Mail server',
  problems: ['get_current_config failed: no such file: /etc/postfix/main.cf'],
  fields: [
    wireField('text', 'domain', {
      label: 'Mail domain',
      help: 'Such as example.org.',
      required: true,
      size: 30,
    }),
    wireField('text', 'host', { label: 'Host name', value: 'nas.example', read_only: true }),
    wireField('text', 'secret_of_module', { value: 'x', hidden: true }),
    wireField('password', 'adminpass', { label: 'Administrator password', required: true }),
    wireField('password', 'ldappass', { label: 'Directory password', is_set: true, required: true }),
    wireField('subtitle', null, { label: 'Delivery' }),
    wireField('check', 'fw_lan', { label: 'Allow access from internal networks', value: 'on' }),
    wireField('options', 'relay', {
      label: 'Outgoing mail',
      value: 'direct',
      options: [
        option('Straight to the receiver', 'direct'),
        option('Through a relay', 'relay', ['relayhost']),
      ],
    }),
    wireField('text', 'relayhost', { label: 'Relay' }),
    wireField('options', 'protocols', {
      label: 'Protocols',
      value: 'imaps',
      options: ['imaps', 'imap', 'pop3s', 'pop3', 'none'].map((name) => option(name.toUpperCase(), name)),
    }),
    wireField('text', 'aliases', {
      label: 'Other domains',
      multi: true,
      value: ['one.example', 'two.example'],
    }),
    wireField('network', 'networks', {
      label: 'My networks',
      help: 'They may send without signing in.',
      required: true,
      value: [{ ip: '192.168.0.0', mask: '255.255.255.0' }],
    }),
  ],
};

export const PLAN = {
  modules: [
    {
      slug: 'cert',
      name: 'Certificates',
      description: 'Keys for TLS.',
      dependency: true,
      needed_by: ['mail'],
      configured: false,
      script: null,
      form: null,
      reboot: false,
    },
    {
      slug: 'mail',
      name: 'Mail server',
      description: 'Postfix and Dovecot, set up for your own domain.',
      dependency: false,
      needed_by: [],
      configured: false,
      script: 'setup-mail.sh',
      form: FORM,
      reboot: false,
    },
  ],
  steps: STEPS,
  packages: {
    manager: 'apt',
    wanted: { mail: ['postfix', 'dovecot-imapd'] },
    present: ['openssl'],
    install: ['postfix', 'dovecot-imapd', 'dovecot-core', 'libexttextcat-2.0-0'],
    upgrade: [],
    remove: ['exim4-daemon-light'],
    download_bytes: 7_340_112,
    disk_bytes: 21_400_000,
  },
  repositories: [
    {
      module: 'mail',
      slug: 'extras',
      name: 'Extras',
      url: 'https://packages.example/extras/amd64/',
      restricted: true,
    },
  ],
  services: [{ module: 'mail', name: 'postfix.service' }],
  ports: [
    { module: 'mail', port: 25, protocol: 'tcp', used_by: 'exim4 (process 812)' },
    { module: 'mail', port: 993, protocol: 'tcp', used_by: null },
  ],
  reboot: true,
  already_configured: ['ldap'],
  warnings: [
    {
      kind: 'port_in_use',
      modules: ['mail'],
      message: 'Port 25 of Mail server is in use by exim4 (process 812).',
      help: 'It goes with the packages that are removed.',
    },
  ],
  problems: [],
  digest: 'a1b2',
};

const STATES: Readonly<Record<string, readonly string[]>> = {
  queued: ['todo', 'todo', 'todo'],
  running: ['done', 'running', 'todo'],
  waiting: ['done', 'todo', 'todo'],
  done: ['done', 'done', 'done'],
  failed: ['done', 'failed', 'todo'],
  cancelled: ['done', 'cancelled', 'todo'],
  interrupted: ['done', 'interrupted', 'todo'],
};

/** A run of the two modules of the plan. */
export function wireRun(state: string, more: object = {}): Wire {
  const steps = STEPS.map((step, place) => ({
    ...step,
    state: STATES[state]?.[place - 3] ?? step.state,
    started: null,
    ended: null,
  }));
  const script = { done: 'done', running: 'running', failed: 'failed' }[state] ?? 'todo';
  return {
    id: 7,
    revision: 1,
    state,
    needs: state === 'waiting' ? 'answers' : null,
    behind: state === 'queued' ? 6 : null,
    steps,
    modules: [
      { slug: 'cert', name: 'Certificates', dependency: true, state: 'disabled', exit: null, links: [] },
      {
        slug: 'mail',
        name: 'Mail server',
        dependency: false,
        state: script,
        exit: state === 'failed' ? 'exit status 1' : null,
        links: state === 'done' ? [{ name: 'Webmail', href: 'http://nas.example/webmail' }] : [],
      },
    ],
    failure:
      state === 'failed'
        ? {
            step: 'configure',
            module: 'mail',
            message: 'The script of Mail server failed.',
            command: 'setup-mail.sh',
            exit: 'exit status 1',
            last_lines: ['postfix: fatal: open /etc/postfix/main.cf', 'Can’t restart postfix'],
          }
        : null,
    reboot: { state: 'not_needed', at: null },
    by: 'Ada’s laptop',
    created: NOW,
    ended: ['done', 'failed'].includes(state) ? NOW : null,
    lines: 8,
    ...more,
  };
}

export function wireLine(number: number, text: string, more: object = {}): Wire {
  return {
    number,
    at: NOW,
    module: 'mail',
    kind: 'output',
    level: null,
    text,
    spans: null,
    open: false,
    ...more,
  };
}

const span = (text: string, more: object = {}) => ({ text, bold: false, href: null, ...more });

export const LINES = [
  wireLine(1, 'The packages are installed.', { module: null, kind: 'note' }),
  wireLine(2, 'bash setup-mail.sh', { kind: 'command' }),
  wireLine(3, 'Writing /etc/postfix/main.cf'),
  wireLine(4, 'No address record for example.org was found, mail from outside won’t arrive', { level: 1 }),
  wireLine(5, 'postfix: a line that goes on for longer than any page is wide. '.repeat(4)),
  wireLine(6, 'The mail server runs.', { level: 7 }),
  wireLine(7, 'See http://nas.example/webmail', {
    level: 8,
    spans: [
      span('See ', { bold: true }),
      span('http://nas.example/webmail', { href: 'http://nas.example/webmail' }),
    ],
  }),
  wireLine(8, 'Checking ports 57 %', { open: true }),
];

export const SUMMARY = {
  modules: [
    {
      slug: 'mail',
      name: 'Mail server',
      info: [LINES[5], LINES[6]],
      warnings: [LINES[3]],
      errors: [wireLine(9, 'Can’t restart postfix', { level: 2 })],
    },
  ],
};

export const OVERVIEW = {
  sections: [
    { slug: 'core', name: 'Core' },
    { slug: 'other', name: 'Other' },
    { slug: 'management', name: 'Management' },
  ],
  modules: MODULES,
  languages: ['fr-FR'],
  package_manager: 'apt',
  read_only: null,
  transactions: [wireRun('done', { id: 5 }), wireRun('failed', { id: 4 })],
};

const FILE = { kind: 'file', mode: '0644', owner: 0, group: 0, size: 8 };

export function wireChanges(undo: object = {}): object {
  return {
    files: [
      {
        number: 11,
        path: '/etc/mail/<b>main.cf',
        modules: ['mail'],
        change: 'changed',
        before: FILE,
        after: { ...FILE, mode: '0600' },
        diff: true,
        lost: null,
      },
      {
        number: 12,
        path: '/etc/mail/new',
        modules: ['mail'],
        change: 'created',
        before: null,
        after: { ...FILE, kind: 'folder', mode: '0755', size: null },
        diff: false,
        lost: null,
      },
    ],
    unknown: [],
    undo: {
      possible: true,
      reason: null,
      began: null,
      undone: null,
      leaves: { packages: ['postfix'], services: ['postfix.service'] },
      ...undo,
    },
  };
}

export const DETAILS = {
  ...wireModule('mail', {
    ...MODULES[1],
    configured: true,
    links: [{ name: 'Webmail', href: 'http://nas.example/webmail' }],
  }),
  runs: [
    {
      transaction: 5,
      started: NOW,
      ended: NOW,
      by: 'Ada’s laptop',
      state: 'done',
      exit: 'exit status 0',
      answers: { domain: 'example.org', adminpass: 'set', networks: '192.168.0.0/24' },
      changed: ['domain'],
      files: { created: 2, changed: 1, deleted: 0 },
      undone: { at: NOW, by: 'Ada’s laptop' },
    },
    {
      transaction: 4,
      started: NOW,
      ended: NOW,
      by: 'root',
      state: 'failed',
      exit: 'exit status 1',
      answers: { domain: 'example.com', adminpass: 'set' },
      changed: [],
    },
  ],
};
