import { DissectoryError } from '../core/errors.ts';

/** What a parameter of DATABASE_URL becomes; null where it needs nothing more. */
type Reading = (value: string, refuse: (why: string) => never) => [name: string, value: string] | null;

const asItIs =
  (name: string): Reading =>
  (value) => [name, value];
const nothing: Reading = () => null;

const SEARCH_PATH = /search_path/i;
const SCHEMA = 'names a schema: that is not honoured, the queue has one of its own. Give Dissectory a database of its own';

/**
 * Every parameter that is honoured, by everything that connects: tables, queue, migrations, announcements. All others
 * are refused.
 */
const PARAMETERS: Readonly<Record<string, Reading>> = {
  ...Object.fromEntries(['sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'application_name', 'host'].map((name) => [name, asItIs(name)])),
  uselibpqcompat: nothing, // what is done anyway
  pgbouncer: nothing, // no session state is kept, with or without a pooler
  channel_binding: (value, refuse) => (value === 'require' ? refuse('is not offered by the driver: leave it out') : null),
  client_encoding: (value, refuse) => (/^utf-?8$/i.test(value) ? null : refuse('must be UTF8')),
  schema: (value, refuse) => (value === 'public' ? null : refuse(SCHEMA)),
  options: (value, refuse) => (SEARCH_PATH.test(value) ? refuse(SCHEMA) : ['options', value]),
};

/**
 * DATABASE_URL as everything that connects takes it: `sslmode` means what it means to libpq (`require` encrypts,
 * `verify-full` checks), and there is nothing in it that some of them would honour and others not.
 *
 * @throws STORE_UNAVAILABLE where it is no URL of PostgreSQL; BAD_INPUT for a parameter that is not honoured; never
 * with the password
 */
export function databaseUrl(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  // An @ behind the host is the end of a password with / or ? in it: what was taken for host and port is the password's
  // beginning
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol) || /[@#]/.test(parsed.pathname + parsed.search + parsed.hash)) {
    throw new DissectoryError(
      'STORE_UNAVAILABLE',
      'DATABASE_URL is no URL of the form postgresql://user:password@host:port/database; in the password write : / ? # @ % as %3A %2F %3F %23 %40 %25.',
    );
  }
  if (SEARCH_PATH.test(process.env.PGOPTIONS ?? '')) throw new DissectoryError('BAD_INPUT', `PGOPTIONS ${SCHEMA}, and unset PGOPTIONS.`);
  const read = new Map<string, string>();
  for (const [name, value] of parsed.searchParams) {
    const refuse = (why: string): never => {
      throw new DissectoryError('BAD_INPUT', `The parameter ${name} of DATABASE_URL ${why}.`);
    };
    if (!Object.hasOwn(PARAMETERS, name)) refuse(`is not known here: leave it out. Known are ${Object.keys(PARAMETERS).join(', ')}`);
    const kept = PARAMETERS[name](value, refuse);
    if (kept) read.set(...kept);
  }
  if (read.has('sslmode')) read.set('uselibpqcompat', 'true');
  parsed.search = [...read].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return parsed.href;
}

/** Host, port and database: what may be said of a URL. */
export function describeUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
