/**
 * Builds the native binding of tfjs-node or tfjs-node-gpu against the TensorFlow of a Python wheel, and tries it: their
 * own installers download TensorFlow 2.9, and CUDA 11 for a GPU, from servers that not everybody reaches.
 *
 *     npm run setup:tfjs -- PLACE [--gpu]
 *
 * PLACE is a wheel file of tensorflow or tensorflow-cpu, or the folder of an installed one
 * (`.../site-packages/tensorflow`).
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import yauzl from 'yauzl';

const VERSION = '4.22.0';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** Of the wheel's headers those that the binding reads. */
const HEADERS = ['tensorflow/include/tensorflow/', 'tensorflow/include/xla/tsl/', 'tensorflow/include/tsl/'];

const [place, ...flags] = process.argv.slice(2);
if (!place || flags.some((flag) => flag !== '--gpu')) fail('usage: npm run setup:tfjs -- WHEEL_OR_FOLDER [--gpu]');
const name = flags.includes('--gpu') ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';

const began = Date.now();
if (process.platform !== 'linux') fail(`This builds for Linux, not for ${process.platform}: use ${name}'s own installer.`);
const compiler = ['g++', 'c++', 'clang++'].find((one) => spawnSync(one, ['--version']).status === 0);
if (!compiler) fail('There is no C++ compiler: install one (Debian: apt-get install g++).');
const headers = path.join(path.dirname(createRequire(import.meta.url).resolve('node-api-headers')), 'include');
if (!existsSync(path.join(headers, 'node_api.h'))) fail('The package node-api-headers is missing: run npm ci.');
if (!existsSync(place)) fail(`There is no ${place}: name a wheel file of TensorFlow, or the folder of an installed one.`);

say(`Installing ${name} ${VERSION} without its download`);
run('npm', [
  'install',
  '--no-save',
  '--save-prod',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--loglevel=error',
  `${name}@${VERSION}`,
]);
const home = path.join(ROOT, 'node_modules', name);
const libraries = path.join(home, 'deps/lib');
rmSync(path.join(home, 'deps'), { recursive: true, force: true });
mkdirSync(libraries, { recursive: true });

const include = statSync(place).isDirectory() ? takeFolder(place) : await takeWheel(place);
const binding = path.join(home, 'lib/napi-v8/tfjs_binding.node');
mkdirSync(path.dirname(binding), { recursive: true });
const compiling = Date.now();
run(compiler, [
  ...['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8', `-I${headers}`, `-I${home}`, `-I${include}`],
  ...[path.join(home, 'binding/tfjs_backend.cc'), path.join(home, 'binding/tfjs_binding.cc')],
  ...[`-L${libraries}`, ...LIBRARIES.map((library) => `-l:${library}`), '-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', binding],
]);
say(`Built the binding with ${compiler} in ${seconds(compiling)}`);

const target = flags.includes('--gpu') ? 'tfjs-tensorflow-gpu' : 'tfjs-tensorflow';
const tried = spawnSync(process.execPath, ['--input-type=module', '-e', trial(name)], {
  cwd: ROOT,
  encoding: 'utf8',
  env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
});
if (tried.status !== 0) fail(`The binding does not run:\n${tried.stderr.trim().split('\n').slice(-12).join('\n')}`);
say(`It runs: ${tried.stdout.trim()}. ${seconds(began)} in all. Use it with --target ${target}; npm ci removes it again.`);

/** Links an installed TensorFlow's libraries; @returns where its headers lie */
function takeFolder(folder: string): string {
  const found = [folder, path.join(folder, 'tensorflow')].find((one) => existsSync(path.join(one, LIBRARIES[0])));
  if (!found) fail(`${folder} holds no ${LIBRARIES[0]}: name the folder site-packages/tensorflow of TensorFlow 2.10 or later.`);
  for (const library of LIBRARIES) symlinkSync(path.resolve(found, library), path.join(libraries, library));
  const own = path.join(found, 'include');
  if (!existsSync(path.join(own, 'tensorflow/c/c_api.h'))) fail(`${own} holds no tensorflow/c/c_api.h: it is not whole.`);
  return own;
}

/** Takes libraries and headers out of a wheel; @returns where the headers lie */
async function takeWheel(file: string): Promise<string> {
  const wheel = await yauzl.openPromise(file).catch((error: Error) => fail(`${file} is no wheel that can be read: ${error.message}.`));
  const own = path.join(home, 'deps/include');
  let taken = 0;
  for await (const entry of wheel.eachEntry()) {
    const to = targetOf(entry.fileName, own);
    if (!to || entry.fileName.endsWith('/')) continue;
    mkdirSync(path.dirname(to), { recursive: true });
    await pipeline(await wheel.openReadStreamPromise(entry), createWriteStream(to));
    if (LIBRARIES.includes(path.basename(to))) taken++;
  }
  if (taken < LIBRARIES.length)
    fail(`${file} holds no ${LIBRARIES.join(' and ')}: take a wheel of tensorflow or tensorflow-cpu for Linux.`);
  return own;
}

function targetOf(entry: string, include: string): string | null {
  const library = LIBRARIES.find((one) => entry === `tensorflow/${one}`);
  if (library) return path.join(libraries, library);
  return HEADERS.some((folder) => entry.startsWith(folder)) ? path.join(include, entry.slice('tensorflow/include/'.length)) : null;
}

/** Multiplies two matrices where it is meant to. */
function trial(module: string): string {
  return `
    import { createRequire } from 'node:module';
    const util = createRequire(import.meta.url)('node:util');
    util.isNullOrUndefined ??= (value) => value == null;
    util.isArray ??= Array.isArray;
    const { default: tf } = await import('${module}');
    const [value] = await tf.matMul(tf.ones([2, 3]), tf.fill([3, 2], 2)).data();
    if (value !== 6) throw new Error('it multiplies wrongly: ' + value);
    const { binding, isUsingGpuDevice } = tf.backend();
    console.log('TensorFlow ' + binding.TF_Version + ' on the ' + (isUsingGpuDevice ? 'GPU' : 'CPU'));`;
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) fail(`${command} failed:\n${`${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n')}`);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function say(text: string): void {
  console.log(text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
