import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { DissectoryError } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';

const execute = promisify(execFile);

export const programOf = (binaries: string, program: 'initdb' | 'postgres'): string =>
  path.join(binaries, 'bin', process.platform === 'win32' ? `${program}.exe` : program);

/**
 * Of PostgreSQL's programs: what another project set for its own database (PGOPTIONS, PGDATA, PGPORT) is none of
 * theirs.
 */
export const programEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))),
  LC_ALL: 'C',
});

/**
 * Runs initdb in a folder. Throws STORE_FULL where the disk is full, else STORE_UNAVAILABLE, with its own reason.
 *
 * @param shown what messages call the folder
 */
export async function runInitdb({ binaries, folder, account }: Cluster, args: readonly string[], shown: string): Promise<void> {
  try {
    await execute(programOf(binaries, 'initdb'), args, { ...account, cwd: folder, env: programEnvironment(), timeout: 300_000 });
  } catch (cause) {
    const { stderr } = cause as { stderr?: string };
    throw serverError(stderr || spawnReason(cause, binaries), shown, cause);
  }
}

/** Why a program could not even be run. */
export function spawnReason(error: unknown, binaries: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${binaries}/bin cannot be executed: its disk is mounted noexec, or its files lost their x bits (chmod +x ${binaries}/bin/*)`;
  }
  if (code === 'ENOENT') return `${binaries}/bin is not complete: install again`;
  return message;
}

/** PostgreSQL's own words for what went wrong, as an error with what to do. */
export function serverError(output: string, folder: string, cause?: unknown): DissectoryError {
  const reason = reasonOf(output);
  const known = REMEDIES.find(({ sign }) => sign.test(reason));
  return new DissectoryError(
    known?.code ?? 'STORE_UNAVAILABLE',
    `The embedded PostgreSQL in ${folder} cannot start (${reason}): ${known?.remedy ?? 'see to that, or set DATABASE_URL to use a server of your own'}.`,
    { cause },
  );
}

const REMEDIES: readonly { sign: RegExp; code: 'STORE_FULL' | 'STORE_UNAVAILABLE'; remedy: string }[] = [
  {
    sign: /shared memory segment.*No space left/s,
    code: 'STORE_UNAVAILABLE',
    remedy: 'give /dev/shm more room (docker run --shm-size=256m), or set DATABASE_URL',
  },
  {
    sign: /No space left|Disk quota exceeded|Check free disk space|wrote only \d+ of/,
    code: 'STORE_FULL',
    remedy: 'the disk is full, free some space there',
  },
  { sign: /File too large/, code: 'STORE_FULL', remedy: 'files may not grow so large there: raise the limit (ulimit -f unlimited)' },
  {
    sign: /Cannot allocate memory|out of memory/i,
    code: 'STORE_UNAVAILABLE',
    remedy: 'give it more memory (ulimit -v unlimited, a larger container), or set DATABASE_URL',
  },
  {
    sign: /could not look up effective user ID (\d+)/,
    code: 'STORE_UNAVAILABLE',
    remedy:
      'initdb wants an account with an entry in /etc/passwd: run as one that has it (docker run --user node), add the entry, or set DATABASE_URL',
  },
  {
    sign: /could not change permissions|invalid permissions|Operation not permitted/,
    code: 'STORE_UNAVAILABLE',
    remedy:
      'PostgreSQL needs a folder that only its account may enter, which some file systems cannot have (exFAT, NTFS in WSL): set DISSECTORY_HOME to a folder on another disk, or DATABASE_URL',
  },
];

/** The last complaint with what explains it, of a log or of standard error. */
function reasonOf(output: string): string {
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /, '').trim());
  // What fails first makes others fail: the line with a known cause says more than the last one
  const known = lines.findIndex((line) => REMEDIES.some(({ sign }) => sign.test(line)));
  const last = lines.findLastIndex((line) =>
    /^(FATAL|PANIC): |^(initdb|postgres): error: |error while loading|: (cannot|could not) /.test(line),
  );
  const at = known >= 0 ? known : last;
  if (at < 0) return lines.at(-1) ?? '';
  const explained = lines.slice(at + 1).filter((line) => /^(DETAIL|HINT): |^(initdb|postgres): (detail|hint): /.test(line));
  return [lines[at], ...explained]
    .map((line) => line.replace(/^(FATAL|PANIC|DETAIL|HINT|initdb|postgres): +((error|detail|hint): )?/, ''))
    .join('; ');
}
