/** npm runs this after `npm ci` and before `npm pack`: builds, where the packages that build it were installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const lacks = ['typescript', 'prisma', 'vite'].filter((name) => !existsSync(path.join(root, 'node_modules', name)));
if (lacks.length > 0) {
  console.error(
    `dissectory: not built, since ${lacks.join(', ')} ${lacks.length > 1 ? 'were' : 'was'} not installed (NODE_ENV=production, or --omit=dev). ` +
      'To build it: npm ci --include=dev && npm run build',
  );
} else {
  process.exitCode =
    spawnSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
}
