import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fitImage } from '../ingest/dataset/image.ts';
import { openOnnx } from '../ingest/engine/onnx/engine.ts';
import { addModel } from '../ingest/tasks/add-model.ts';
import { openEmbedded } from '../store/embedded/open.ts';
import { PACKAGE_ROOT } from '../store/package.ts';
import { openStore } from '../store/store.ts';
import { type Benchmark, milliseconds, ratio } from './figure.ts';
import { median } from './measure.ts';

const IMAGES = 50;
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const PHOTOS = path.join(PACKAGE_ROOT, 'examples/broden-mini/images/scene');

const QUERY = `mutation ($input: ExplainInput!) { explain(input: $input) {
  class score contributions { unitIndex weight activation value maskUrl unit { iou label { name } } } } }`;

/**
 * What somebody waits who uploads an image to have it explained: over HTTP, through a server, the queue and a worker,
 * each a process of its own, until the answer is there; over the network's forward pass of the same image in this
 * process. Every image is a new one.
 *
 * @param model below the package
 */
export function explainLatency(name: string, model: string): Benchmark {
  return {
    name: `explain-latency/${name}`,
    async measure() {
      const photos = await Promise.all((await photoFiles()).map((file) => readFile(file)));
      const { explain, forward } = await timed(path.join(PACKAGE_ROOT, model), photos);
      const against = 'bare forward pass of one image';
      return [
        ratio(`explain-latency/${name}`, explain / forward, against, IMAGES),
        milliseconds(`explain-latency/${name}/explain`, explain, 'median, an upload until its answer', IMAGES),
        milliseconds(`explain-latency/${name}/forward`, forward, `median, ${against}`, IMAGES),
      ];
    },
  };
}

/** One more than is measured, for the first, which opens the network and the queue. */
async function photoFiles(): Promise<string[]> {
  const files = (await readdir(PHOTOS)).filter((file) => file.endsWith('.jpg')).sort();
  return files.slice(0, IMAGES + 1).map((file) => path.join(PHOTOS, file));
}

/**
 * Medians in milliseconds; each image is explained and then passed forward, so that a slow spell of the machine meets
 * both.
 */
async function timed(model: string, photos: readonly Buffer[]): Promise<{ explain: number; forward: number }> {
  const root = await mkdtemp(path.join(tmpdir(), 'dissectory-bench-explain-'));
  await chmod(root, 0o755); // run by root, PostgreSQL has an account of its own
  const database = await openEmbedded(root);
  const store = await openStore({ url: database.url, migrate: 'apply' });
  const processes: ChildProcess[] = [];
  try {
    await addModel(store, model, { slug: 'model' });
    const env = { ...process.env, DATABASE_URL: database.url, DISSECTORY_HOME: root, DISSECTORY_LOG_LEVEL: 'warn', PORT: '0' };
    const server = run('src/main', [], env);
    processes.push(server, run('ingest/cli/main', ['worker', '--target', 'onnx-cpu'], env));
    const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
    const [line] = (await once(lines, 'line')) as [string];
    const url = line.slice(line.indexOf('http'));

    const network = await openOnnx(model);
    const own = await network.ownHead();
    if (!own) throw new Error(`${model} has no head of its own`);
    const runner = await network.start([own.layer], { normalisation: NORMALISATION, targets: ['onnx-cpu'] });
    const times: { explain: number; forward: number }[] = [];
    for (const photo of photos) {
      const pixels = await fitImage(photo, network.inputHeight, network.inputWidth);
      const explain = await elapsed(() => upload(url, photo));
      times.push({ explain, forward: await elapsed(() => runner.run(pixels, 1)) });
    }
    await runner.close();
    const measured = times.slice(1);
    return { explain: median(measured.map((one) => one.explain)), forward: median(measured.map((one) => one.forward)) };
  } finally {
    for (const child of processes) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
    await store.close();
    await database.close();
    await rm(root, { recursive: true });
  }
}

/** A program of this package as a process of its own, built or from the sources as this one is. */
function run(program: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const isBuilt = import.meta.filename.endsWith('.js');
  const file = path.join(import.meta.dirname, '..', `${program}.${isBuilt ? 'js' : 'ts'}`);
  return spawn(process.execPath, [...(isBuilt ? [] : ['--import', 'tsx']), file, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** By the GraphQL multipart request specification. */
async function upload(url: string, photo: Buffer): Promise<void> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: QUERY, variables: { input: { model: 'model', upload: null } } }));
  form.set('map', JSON.stringify({ 0: ['variables.input.upload'] }));
  form.set('0', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'apollo-require-preflight': 'true' }, body: form });
  const { errors } = (await response.json()) as { errors?: { message: string }[] };
  if (errors) throw new Error(errors[0].message);
}
