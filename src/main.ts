/**
 * The server as a process: PORT and HOST (default 4000 on 127.0.0.1), the store as openStore finds it. Ends on SIGTERM,
 * SIGINT or SIGHUP, or with `dissectory serve`, status 0.
 */
import { DissectoryError, ERRORS } from '../core/errors.ts';
import { knownError } from '../store/known-error.ts';
import { openStore } from '../store/store.ts';
import { DEADLINE_MS } from './graphql/budget.ts';
import { log } from './http/log.ts';
import { startServer } from './http/server.ts';
import { accessSettings } from './http/settings.ts';

async function main(): Promise<void> {
  const told = terminationSignal();
  const port = portOf(process.env.PORT || '4000');
  const access = accessSettings(process.env);
  const store = await openStore({ migrate: 'check', statementMs: DEADLINE_MS });
  try {
    const server = await startServer({ store, port, host: process.env.HOST || '127.0.0.1', access });
    console.log(`Dissectory serves ${server.url}`);
    await told;
    await server.close();
  } finally {
    await store.close();
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new DissectoryError('BAD_INPUT', `PORT must be a number from 0 to 65535, not "${text}".`);
}

/**
 * A second signal ends the process at once, as Node does by itself. Where it was started with a channel, the channel's
 * end is a signal too: the process that started it is gone, and would leave a server that nobody looks after.
 */
const terminationSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => resolve());
    // Nobody reads what it says: a closed pipe, a full device
    process.stdout.on('error', () => resolve());
    process.stderr.on('error', () => resolve());
    // Else the channel would keep the process alive
    process.channel?.unref();
  });

try {
  await main();
} catch (error) {
  const known = knownError(error);
  if (known) console.error(`${known.code}: ${known.message}`);
  else log.fatal(error);
  process.exitCode = ERRORS[known?.code ?? 'UNEXPECTED'].exit;
}
