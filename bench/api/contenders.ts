import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PACKAGE_ROOT } from '../../store/package.ts';
import { type Contender, ourVariables, QUESTIONS } from './questions.ts';

/** A server under measurement, a process of its own. */
export interface Running {
  name: Contender;
  url: URL;
  /** The body that asks it a question. */
  bodyOf(question: number, variables: { id: number; text: string }): string;
  /** Processor time that it has used, in seconds. */
  cpu(): Promise<number>;
  /** The most memory that it has held, in MB. */
  peak(): Promise<number>;
  stop(): Promise<void>;
}

const PEERS = { postgraphile: '5.1.5', node: '22' };

/** Those that can run here; PostGraphile is fetched into `folder`, with the Node that it needs. */
export async function startContenders(databaseUrl: string, folder: string, told: (what: string) => void): Promise<Running[]> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, PORT: '0', DISSECTORY_LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const built = (file: string) => path.join(PACKAGE_ROOT, 'dist', file);
  const ours = await started('ours', process.execPath, [built('src/main.js')], env, 'graphql', (question, variables) => ({
    query: QUESTIONS[question].ours,
    variables: ourVariables(variables, question === 2 ? 'Unit' : 'Dissection'),
  }));
  const bare = await started('bare', process.execPath, [built('bench/api/bare.js')], env, '', (question, variables) => ({
    question,
    variables,
  }));
  const peer = await postgraphile(folder, env, told);
  return [ours, ...(peer ? [peer] : []), bare];
}

async function postgraphile(folder: string, env: NodeJS.ProcessEnv, told: (what: string) => void): Promise<Running | null> {
  const node = path.join(folder, 'node_modules/node/bin/node');
  if (!existsSync(node)) {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"private": true}');
    const packages = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`);
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'ignore' });
    if (status !== 0 || !existsSync(node)) {
      told('PostGraphile could not be installed: it is left out');
      return null;
    }
  }
  await writeFile(path.join(folder, 'server.mjs'), SERVER);
  return started(
    'postgraphile',
    node,
    [path.join(folder, 'server.mjs')],
    { ...env, GRAPHILE_ENV: 'production' },
    'graphql',
    (question, { id, text }) => ({
      query: QUESTIONS[question].postgraphile,
      variables: { id, text },
    }),
  );
}

const SERVER = `import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { makeV4Preset } from 'postgraphile/presets/v4';
const preset = {
  extends: [PostGraphileAmberPreset, makeV4Preset({ simpleCollections: 'only', disableDefaultMutations: true })],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false },
};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
`;

async function started(
  name: Contender,
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  at: string,
  ask: (question: number, variables: { id: number; text: string }) => object,
): Promise<Running> {
  const child: ChildProcess = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let url: URL | null = null;
  for await (const line of lines) {
    const found = /http:\/\/\S+/.exec(line);
    if (!found) continue;
    url = new URL(at, `${found[0].replace('localhost', '127.0.0.1')}/`);
    break;
  }
  if (!url) throw new Error(`${name} does not start`);
  const status = () => readFile(`/proc/${child.pid}/status`, 'utf8');
  return {
    name,
    url,
    bodyOf: (question, variables) => JSON.stringify(ask(question, variables)),
    async cpu() {
      const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    peak: async () => Number(/VmHWM:\s+(\d+)/.exec(await status())?.[1]) / 1024,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
