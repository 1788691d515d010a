import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { END_SIGNALS } from '../way-out.ts';

/** `.js` where the code was built, `.ts` in the sources, whose loader stands in `execArgv`. */
const SERVER = fileURLToPath(new URL(`../../../src/main${path.extname(import.meta.url)}`, import.meta.url));

/**
 * Runs the server as a process of its own (ingest and the server share only the store) until it ends; signals are
 * passed on.
 */
export async function serve(port: string | undefined): Promise<void> {
  const server = spawn(process.execPath, [...process.execArgv, SERVER], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: port === undefined ? process.env : { ...process.env, PORT: port },
    // Out of reach of what the terminal or `timeout` sends to all at once: it hears each signal once, from here
    detached: true,
  });
  const pass = () => server.kill('SIGTERM');
  for (const signal of END_SIGNALS) process.on(signal, pass);
  const [code] = (await once(server, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the GraphQL API, images and overlays over HTTP')
    .option('--port <port>', 'default: PORT, else 4000')
    .action(({ port }: { port?: string }) => serve(port));
}
