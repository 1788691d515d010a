import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A free port for the cluster: that of its last start if possible, so that who was connected finds it again. */
export async function choosePort(folder: string): Promise<number> {
  const last = portOfLastStart(folder);
  if (last && (await isFree(last))) return last;
  return freePort();
}

function portOfLastStart(folder: string): number | null {
  const options = path.join(folder, 'data', 'postmaster.opts');
  if (!fs.existsSync(options)) return null;
  const [, port] = fs.readFileSync(options, 'utf8').match(/"-p" "(\d+)"/) ?? [];
  return port ? Number(port) : null;
}

const isFree = (port: number): Promise<boolean> =>
  listen(port).then(
    () => true,
    () => false,
  );

const freePort = (): Promise<number> => listen(0);

const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address() as net.AddressInfo;
      server.close(() => resolve(given));
    });
  });
