/** Wire data of a setup plan → model; as forgiving as setup-decode.ts. */
import { language } from '../i18n/speech.svelte';
import { decodeForm, decodeSteps, each, named } from './setup-decode';
import type {
  Plan,
  PlannedModule,
  PlannedPackages,
  PlannedPort,
  PlannedRepository,
  PlannedService,
  Remark,
} from './setup-model';
import {
  fields,
  flag,
  isFields,
  maps,
  numberOrNull,
  text,
  textOrNull,
  texts,
  wholeOrNull,
  type Fields,
} from './read';

export function decodeRemark(data: Fields): Remark {
  return {
    kind: text(data['kind']),
    modules: texts(data['modules']),
    message: text(data['message'], language.say('remark-unnamed')),
    help: textOrNull(data['help']),
  };
}

function module(data: Fields): PlannedModule | null {
  const own = named(data);
  return (
    own && {
      ...own,
      description: text(data['description']),
      dependency: flag(data['dependency']),
      neededBy: texts(data['needed_by']),
      configured: flag(data['configured']),
      script: textOrNull(data['script']),
      form: isFields(data['form']) ? decodeForm(data['form']) : null,
      reboot: flag(data['reboot']),
    }
  );
}

function packages(data: Fields): PlannedPackages {
  return {
    manager: text(data['manager'], 'none'),
    present: texts(data['present']),
    install: texts(data['install']),
    upgrade: texts(data['upgrade']),
    remove: texts(data['remove']),
    downloadBytes: numberOrNull(data['download_bytes']),
    diskBytes: numberOrNull(data['disk_bytes']),
  };
}

function repository(data: Fields): PlannedRepository | null {
  const own = named(data);
  return (
    own && {
      ...own,
      module: text(data['module']),
      url: text(data['url']),
      restricted: flag(data['restricted']),
    }
  );
}

function service(data: Fields): PlannedService {
  return { module: text(data['module']), name: text(data['name']) };
}

function port(data: Fields): PlannedPort | null {
  const number = wholeOrNull(data['port']);
  return number === null
    ? null
    : {
        module: text(data['module']),
        port: number,
        protocol: text(data['protocol'], 'tcp'),
        usedBy: textOrNull(data['used_by']),
      };
}

export function decodePlan(body: unknown): Plan {
  const data = fields(body);
  return {
    modules: each(data['modules'], module, ({ slug }) => slug),
    steps: decodeSteps(data['steps']),
    packages: packages(fields(data['packages'])),
    repositories: each(data['repositories'], repository, (own) => `${own.module}/${own.slug}`),
    services: maps(data['services']).map(service),
    ports: maps(data['ports'])
      .map(port)
      .filter((item) => item !== null),
    reboot: flag(data['reboot']),
    alreadyConfigured: texts(data['already_configured']),
    warnings: maps(data['warnings']).map(decodeRemark),
    problems: maps(data['problems']).map(decodeRemark),
    digest: textOrNull(data['digest']),
  };
}
