import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What the database announces (see the triggers in the migrations); each time with the row's id. */
export const CHANNELS = { jobs: 'dissectory_jobs', dissections: 'dissectory_dissections' } as const;
export type Channel = keyof typeof CHANNELS;

export interface Listening {
  close(): Promise<void>;
}

const AGAIN_AFTER_MS = 1000;

/**
 * Listens to the database's announcements on a connection of its own, again and again where it breaks.
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
    client.once('end', () => void reconnect());
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
