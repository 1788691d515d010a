/** A real S3-compatible server as a process of its own, which can be ended and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const RUN = "new (require('@20minutes/s3rver'))(JSON.parse(process.argv[1])).run()";

export interface ObjectStorage {
  /** The AWS_* variables that lead to it. */
  env: Readonly<Record<string, string>>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Keys and contents, where the server finds them: faster than to send them. */
  lay(objects: readonly (readonly [string, string | Uint8Array])[]): Promise<void>;
  /** Every file below a folder, under keys that begin with `prefix`; laid. */
  putFolder(folder: string, prefix: string): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts one with an empty bucket `bucket`. */
export async function newObjectStorage(bucket = 'bucket'): Promise<ObjectStorage> {
  const directory = await mkdtemp(path.join(tmpdir(), 'dissectory-s3-'));
  const port = await freePort();
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
  };
  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const client = new S3Client({ endpoint: env.AWS_ENDPOINT_URL, region: 'us-east-1', forcePathStyle: true, credentials });
  let server: ChildProcess;

  async function start(): Promise<void> {
    // It encrypts the tokens of long listings as OpenSSL 3 does by request only, and checks signatures of listings
    // wrongly; those of objects it checks
    const options = {
      directory,
      address: '127.0.0.1',
      port,
      silent: true,
      allowMismatchedSignatures: true,
      configureBuckets: [{ name: bucket }],
    };
    const args = ['--openssl-legacy-provider', '--eval', RUN, JSON.stringify(options)];
    server = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: 'ignore' });
    for (;;) {
      if (
        await fetch(env.AWS_ENDPOINT_URL).then(
          () => true,
          () => false,
        )
      )
        return;
      if (server.exitCode !== null) throw new Error('the object storage does not start');
      await sleep(50);
    }
  }
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  const put = async (key: string, body: string | Uint8Array) =>
    void (await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })));
  const lay: ObjectStorage['lay'] = async (objects) => {
    for (const [key, body] of objects) {
      const file = path.join(directory, bucket, key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(`${file}._S3rver_object`, body);
    }
  };
  await start();
  return {
    env,
    put,
    lay,
    async putFolder(folder, prefix) {
      const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
      const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
      await lay(await Promise.all(files.map(async (file) => [`${prefix}${path.relative(folder, file)}`, await readFile(file)] as const)));
    },
    start,
    stop,
    async remove() {
      await stop();
      client.destroy();
      await rm(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
