/**
 * npm runs this before the install scripts of the packages that come with Dissectory; by hand it does the same where
 * scripts were not run.
 *
 * - onnxruntime-node's own script downloads CUDA's libraries on every Linux, from a place that many machines do not
 * reach, and where it fails
 *   nothing is installed. It is made to do so only when asked: by ONNXRUNTIME_NODE_INSTALL=cuda12 while installing, or by hand (docs/gpu.md).
 * - It comes with the runtimes of all systems: 240 MB for others than this one, which are removed.
 *
 * A checkout is left as it is: there package-lock.json says that there is no script to run.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const WHEN_ASKED = "if (process.env.npm_lifecycle_event === 'postinstall' && !process.env.ONNXRUNTIME_NODE_INSTALL) process.exit(0);\n";

/** By rename: package managers share files between installations. */
function putOffDownload(script) {
  const text = fs.readFileSync(script, 'utf8');
  if (text.startsWith(WHEN_ASKED)) return;
  fs.writeFileSync(`${script}.new`, WHEN_ASKED + text);
  fs.renameSync(`${script}.new`, script);
}

function removeOthers(binaries) {
  const own = path.join(binaries, process.platform, process.arch);
  if (!fs.existsSync(own)) return;
  for (const system of fs.readdirSync(binaries)) {
    for (const processor of fs.readdirSync(path.join(binaries, system))) {
      const folder = path.join(binaries, system, processor);
      if (folder !== own) fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

if (path.basename(path.join(import.meta.dirname, '../..')) === 'node_modules') {
  try {
    const root = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    putOffDownload(path.join(root, 'script/install.js'));
    for (const version of fs.readdirSync(path.join(root, 'bin'))) removeOthers(path.join(root, 'bin', version));
  } catch (error) {
    // Another layout of packages than npm's: nothing is lost but room
    console.warn(`dissectory: onnxruntime-node stays as it is (${error.message})`);
  }
}
