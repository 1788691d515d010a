/** Requests over connections that stay open, one after the other on each. */
import net from 'node:net';

export interface Answered {
  /** Milliseconds, sorted. */
  times: number[];
  seconds: number;
}

/** Asks for `seconds` over `connections` connections. @param bodyOf the body of the n-th request */
export async function load(url: URL, connections: number, seconds: number, bodyOf: (n: number) => string): Promise<Answered> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  let n = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const ask = await connect(url);
      while (performance.now() < end) {
        const sent = performance.now();
        await ask.answer(bodyOf(n++));
        times.push(performance.now() - sent);
      }
      ask.close();
    }),
  );
  return { times: times.sort((a, b) => a - b), seconds: (performance.now() - start) / 1000 };
}

/** One answer's body. */
export async function askOnce(url: URL, body: string): Promise<string> {
  const ask = await connect(url);
  const answer = await ask.answer(body);
  ask.close();
  return answer;
}

/**
 * A socket by hand: a client of the same process takes time from nobody's server. Understands bodies of a known length
 * and chunks.
 */
async function connect(url: URL): Promise<{ answer(body: string): Promise<string>; close(): void }> {
  const socket = net.connect(Number(url.port), url.hostname).setNoDelay(true);
  let received: Buffer[] = [];
  let length = 0;
  let waiting: { resolve(body: string): void; reject(error: Error): void } | null = null;
  socket.on('data', (chunk) => {
    received.push(chunk);
    length += chunk.length;
    const body = bodyOf(received.length === 1 ? chunk : Buffer.concat(received, length));
    if (body === null) return;
    received = [];
    length = 0;
    waiting?.resolve(body);
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  await new Promise((resolve) => socket.once('connect', resolve));
  const head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: `;
  return {
    answer: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    close() {
      waiting = null;
      socket.destroy();
    },
  };
}

/** null where it has not come whole. */
function bodyOf(answer: Buffer): string | null {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = answer.toString('latin1', 0, end);
  const known = /content-length: (\d+)/i.exec(head);
  if (known) return answer.length < end + 4 + Number(known[1]) ? null : answer.toString('utf8', end + 4, end + 4 + Number(known[1]));
  if (answer.toString('latin1', answer.length - 5) !== '0\r\n\r\n') return null;
  const parts: Buffer[] = [];
  for (let at = end + 4; ; ) {
    const line = answer.indexOf('\r\n', at);
    const size = Number.parseInt(answer.toString('latin1', at, line), 16);
    if (size === 0) return Buffer.concat(parts).toString('utf8');
    parts.push(answer.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
