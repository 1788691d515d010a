import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { claim, claimsOf, standingOf } from '../../store/embedded/claim.ts';
import { openEmbedded } from '../../store/embedded/open.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-claim-'));
  fs.chmodSync(folder, 0o755);
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function claimedBy(owner: object): string {
  fs.mkdirSync(path.join(folder, 'in-use'));
  const file = path.join(folder, 'in-use', '000000004');
  fs.writeFileSync(file, JSON.stringify({ host: 'other', machine: '', boot: 'b', namespaces: 'n', ...owner }));
  return file;
}

describe('a folder that another machine has', () => {
  it('and that shows life is refused at the first sign, naming the host, and nothing is touched', async () => {
    const file = claimedBy({ host: 'anna' });
    const beating = setInterval(() => fs.utimesSync(file, new Date(), new Date()), 300);
    onTestFinished(() => clearInterval(beating));
    await expect(claim(folder, null)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/is in use on anna: .*DATABASE_URL/),
    });
    expect(claimsOf(folder)).toEqual(['000000004']);
  });
});

it('a folder that nobody has is claimed, again and again by one system', async () => {
  expect(await standingOf(folder)).toBe('ours');
  expect(await claim(folder, null)).toBe('000000001');
  expect(await standingOf(folder)).toBe('ours');
  expect(await claim(folder, null)).toBe('000000002');
});

const canUnshare = process.getuid?.() === 0 && spawnSync('unshare', ['--fork', '--pid', '--net', '--mount-proc', 'true']).status === 0;
if (!canUnshare) console.log('skipped: no namespaces can be made here');

it.skipIf(!canUnshare)('a home that is open in one container is refused in another, by name', async () => {
  const held = await openEmbedded(folder);
  onTestFinished(() => held.close());
  const holder = path.join(import.meta.dirname, 'holder.ts');
  const inside = `hostname box; exec "$0" --import tsx "${holder}" "${folder}"`;
  const { DATABASE_URL: _, ...env } = process.env;
  const box = spawn(
    'unshare',
    ['--fork', '--pid', '--kill-child', '--net', '--uts', '--mount-proc', 'sh', '-c', inside, process.execPath],
    { env },
  );
  onTestFinished(() => void box.kill('SIGKILL'));
  let said = '';
  for await (const text of box.stderr) said += text;
  expect(said).toMatch(/is in use on .*: close it there, or set DATABASE_URL/);
});
