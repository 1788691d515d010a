#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/ingest/cli/main.js', import.meta.url);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Dissectory needs Node 20.19 or later, and this is ${process.versions.node}: https://nodejs.org has it.`);
} else if (!existsSync(main)) {
  refuse(
    `this checkout is not built (installed with NODE_ENV=production or ignore-scripts?): in ${fileURLToPath(new URL('..', import.meta.url))} ` +
      'run `npm ci --include=dev --ignore-scripts && npm run build`.',
  );
} else {
  await import(main);
}

function refuse(message) {
  process.exitCode = 1;
  process.stderr.write(
    process.argv.includes('--json') ? `${JSON.stringify({ error: { code: 'BAD_INPUT', message } })}\n` : `dissectory: ${message}\n`,
  );
}
