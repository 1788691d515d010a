/**
 * `npm run bench -- api`: how fast questions are answered over HTTP from a large store, beside PostGraphile and a
 * server that does nothing but ask. Answers are compared first; then each is asked in turn, round after round, so that
 * a slow spell of the machine meets all.
 */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { table } from '../../ingest/cli/terminal.ts';
import { openStore } from '../../store/store.ts';
import { median } from '../measure.ts';
import { type Running, startContenders } from './contenders.ts';
import { DASHBOARD } from './dashboard.ts';
import { fill, type StoreSize } from './fill.ts';
import { askOnce, load } from './load.ts';
import { POSTGRAPHILE_SQL, QUESTIONS } from './questions.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    models: { type: 'string', default: '200' },
    layers: { type: 'string', default: '5' },
    units: { type: 'string', default: '512' },
    connections: { type: 'string', default: '1,16,64' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    /** Keeps the filled store there for the next run. */
    home: { type: 'string' },
    peers: { type: 'string', default: path.join(tmpdir(), 'dissectory-bench-peers') },
  },
});
const size: StoreSize = { models: Number(values.models), layers: Number(values.layers), units: Number(values.units) };
const told = (what: string) => console.error(what);

const home = values.home ?? (await mkdtemp(path.join(tmpdir(), 'dissectory-bench-api-')));
await mkdir(home, { recursive: true });
await chmod(home, 0o755); // run by root, PostgreSQL has an account of its own
const store = await openStore({ home, migrate: 'apply' });
const contenders: Running[] = [];
try {
  const { rows } = await store.pool.query<{ filled: boolean }>('SELECT EXISTS (SELECT FROM dissections) AS filled');
  if (!rows[0].filled) await fill(store.pool, size, told);
  await store.pool.query(POSTGRAPHILE_SQL);
  contenders.push(...(await startContenders(store.url, values.peers, told)));
  await compareAnswers(contenders);
  await measureQuestions(contenders);
  await measureDashboard(contenders[0]);
} finally {
  for (const one of contenders) await one.stop();
  await store.close();
  if (values.home === undefined) await rm(home, { recursive: true });
}

/** Throws where two do not say the same. */
async function compareAnswers(running: readonly Running[]): Promise<void> {
  for (const [number, question] of QUESTIONS.entries()) {
    for (let n = 0; n < 5; n++) {
      const variables = question.variables(n, size);
      const answers = await Promise.all(
        running.map(async ({ name, url, bodyOf }) => {
          const answer: { data?: never; errors?: unknown } = JSON.parse(await askOnce(url, bodyOf(number, variables)));
          if (!answer.data) throw new Error(`${name} does not answer "${question.name}": ${JSON.stringify(answer.errors)}`);
          return question.read[name](answer.data);
        }),
      );
      const other = answers.findIndex((answer) => !isDeepStrictEqual(answer, answers[0]));
      if (other > 0) {
        throw new Error(
          `${running[other].name} answers "${question.name}" (${n}) otherwise: ${JSON.stringify(answers[other]).slice(0, 500)} is not ${JSON.stringify(answers[0]).slice(0, 500)}`,
        );
      }
    }
    told(`"${question.name}": equal answers`);
  }
}

async function measureQuestions(running: readonly Running[]): Promise<void> {
  const lines: (string | number)[][] = [];
  let n = 0;
  for (const [number, question] of QUESTIONS.entries()) {
    for (const connections of values.connections.split(',').map(Number)) {
      const rounds = new Map(running.map(({ name }) => [name, [] as { p50: number; rate: number; cpu: number }[]]));
      for (let round = 0; round <= Number(values.rounds); round++) {
        for (const one of running) {
          const before = await one.cpu();
          const { times, seconds } = await load(one.url, connections, Number(values.seconds), () =>
            one.bodyOf(number, question.variables(n++, size)),
          );
          const figures = {
            p50: times[times.length >> 1],
            rate: times.length / seconds,
            cpu: (((await one.cpu()) - before) / times.length) * 1000,
          };
          if (round > 0) rounds.get(one.name)?.push(figures); // the first is to get warm
        }
      }
      const of = (name: string, what: 'p50' | 'rate' | 'cpu') => median((rounds.get(name as never) ?? []).map((round) => round[what]));
      const ratio = (other: string) =>
        median((rounds.get('ours') ?? []).map((round, i) => round.p50 / (rounds.get(other as never)?.[i]?.p50 ?? Number.NaN)));
      for (const { name } of running) {
        const against =
          name === 'ours'
            ? running
                .slice(1)
                .map((one) => `${ratio(one.name).toFixed(2)} x ${one.name}`)
                .join(', ')
            : '';
        lines.push([
          ...[question.name, connections, name, of(name, 'p50').toFixed(2), of(name, 'rate').toFixed(0), of(name, 'cpu').toFixed(2)],
          against,
        ]);
      }
      told(`"${question.name}", ${connections} connections: done`);
    }
  }
  console.log(table(['QUESTION', 'CONNECTIONS', 'SERVER', 'P50 MS', 'A SECOND', 'CPU MS', 'P50 AGAINST'], lines));
  for (const one of running) console.log(`${one.name}: at most ${(await one.peak()).toFixed(0)} MB`);
}

async function measureDashboard(ours: Running): Promise<void> {
  const lines: string[][] = [];
  for (const { name, query } of DASHBOARD) {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) {
      const start = performance.now();
      const answer = await askOnce(ours.url, JSON.stringify({ query }));
      times.push(performance.now() - start);
      const { errors } = JSON.parse(answer) as { errors?: unknown };
      if (errors) throw new Error(`"${name}": ${JSON.stringify(errors)}`);
    }
    lines.push([name, times[0].toFixed(0), median(times.slice(1)).toFixed(1)]);
  }
  console.log(table(['DASHBOARD', 'FIRST MS', 'THEN MS'], lines));
}
