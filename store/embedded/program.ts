import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { DissectoryError } from '../../core/errors.ts';
import type { Place } from './place.ts';

const execute = promisify(execFile);

/** Runs one of PostgreSQL's programs in the cluster's folder. Throws STORE_UNAVAILABLE, or STORE_FULL where the disk is full. */
export async function runProgram(
  { binaries, folder, account }: Place,
  program: 'initdb' | 'pg_ctl',
  args: readonly string[],
  reasonOf: (stderr: string) => string = lastLine,
): Promise<void> {
  const file = path.join(binaries, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
  try {
    await execute(file, args, { ...account, cwd: folder, env: { ...process.env, LC_ALL: 'C' } });
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const reason = stderr ? reasonOf(stderr) : message;
    throw /No space left/.test(reason)
      ? new DissectoryError('STORE_FULL', `The disk is full, the embedded PostgreSQL in ${folder} cannot start: free some space there.`, {
          cause,
        })
      : new DissectoryError(
          'STORE_UNAVAILABLE',
          `The embedded PostgreSQL in ${folder} cannot start (${reason}): see to that, or set DATABASE_URL to use a server of your own.`,
          { cause },
        );
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
