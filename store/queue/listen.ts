import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CHANNELS, type Channel } from './channels.ts';
import { changesOf } from './poll.ts';

export interface Listening {
  close(): Promise<void>;
}

const AGAIN_AFTER_MS = 1000;
const PROBE = 'dissectory_probe';
const PROBE_MS = 2000;

/**
 * Listens to the database's announcements on a connection of its own, again and again where it breaks. Behind a pooler
 * that gives connections to transactions nothing is ever heard: there, the tables are looked at once a second instead.
 *
 * @param onGap told after a connection that broke stands again: what was announced meanwhile is lost
 */
export async function listen(
  url: string,
  channels: readonly Channel[],
  onAnnounced: (channel: Channel, id: number) => void,
  onGap: () => void,
): Promise<Listening> {
  let client: pg.Client;
  let closed = false;

  async function connect(): Promise<void> {
    client = new pg.Client({ connectionString: url, keepAlive: true, keepAliveInitialDelayMillis: 10_000 });
    client.on('error', () => {}); // followed by 'end'
    client.on('notification', ({ channel, payload }) => {
      const named = channels.find((one) => CHANNELS[one] === channel);
      if (named) onAnnounced(named, Number(payload));
    });
    await client.connect();
    for (const channel of channels) await client.query(`LISTEN ${CHANNELS[channel]}`);
    if (!(await hears(client, url))) void poll(client).catch(() => {});
    client.once('end', () => void reconnect());
  }

  async function poll(polled: pg.Client): Promise<void> {
    const changes = changesOf(polled, channels);
    for (await changes(); !closed; await sleep(AGAIN_AFTER_MS, undefined, { ref: false })) {
      for (const [channel, id] of await changes()) onAnnounced(channel, id);
    }
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      try {
        await connect();
        return onGap();
      } catch {
        client.end().catch(() => {});
        await sleep(AGAIN_AFTER_MS);
      }
    }
  }

  await connect();
  return {
    async close() {
      closed = true;
      await client.end();
    },
  };
}

/**
 * Whether what another connection announces comes through: a pooler's client that has no transaction has no connection
 * to hear by.
 */
async function hears(client: pg.Client, url: string): Promise<boolean> {
  const heard = new Promise<boolean>((resolve) => {
    const listener = ({ channel }: pg.Notification) => {
      if (channel !== PROBE) return;
      client.off('notification', listener);
      resolve(true);
    };
    client.on('notification', listener);
  });
  await client.query(`LISTEN ${PROBE}`);
  const other = new pg.Client({ connectionString: url });
  other.on('error', () => {});
  try {
    await other.connect();
    await other.query(`NOTIFY ${PROBE}`);
  } finally {
    await other.end();
  }
  const isHeard = await Promise.race([heard, sleep(PROBE_MS, false)]);
  await client.query(`UNLISTEN ${PROBE}`);
  return isHeard;
}
