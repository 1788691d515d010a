import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that hands on what lies below a path, without the path, as proxies are set up to do; all else it does not
 * know.
 */
export async function startProxy(prefix: string, target: string): Promise<{ url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const path = request.url ?? '';
    if (!path.startsWith(`${prefix}/`)) return response.writeHead(404).end();
    const { method, headers } = request;
    const onward = http.request(target + path.slice(prefix.length), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: stop };
}
