import { EventEmitter, on } from 'node:events';
import type { Channel } from '../../store/queue/channels.ts';
import { type Listening, listen } from '../../store/queue/listen.ts';

/**
 * What the database announces, for any number of listeners over one connection, which is opened for the first of them.
 */
export interface Announcements {
  /**
   * Ids of rows of one channel as they change, from the moment of the call on; only `id` where one is given. After a
   * broken connection it gives null, once: what changed meanwhile is not known. Ends when `signal` does, and when the
   * server closes.
   */
  heard(channel: Channel, signal: AbortSignal, id?: number): Promise<AsyncGenerator<number | null>>;
  close(): Promise<void>;
}

export function announcements(url: string): Announcements {
  const emitter = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();
  let listening: Promise<Listening> | null = null;

  function connect(): Promise<Listening> {
    const announce = (channel: Channel, id: number) => {
      emitter.emit(channel, id);
      emitter.emit(`${channel} ${id}`, id);
    };
    const gap = () => {
      for (const name of emitter.eventNames()) emitter.emit(name, null);
    };
    return listen(url, ['jobs', 'dissections'], announce, gap).catch((error) => {
      listening = null; // the next listener tries again
      throw error;
    });
  }

  return {
    async heard(channel, signal, id) {
      listening ??= connect();
      await listening;
      const ids = on(emitter, id === undefined ? channel : `${channel} ${id}`, { signal: AbortSignal.any([signal, closing.signal]) });
      return untilAborted(ids);
    },
    async close() {
      closing.abort();
      await (await listening?.catch(() => null))?.close();
    },
  };
}

/** `on` throws where its signal is aborted; here that is how it ends. */
async function* untilAborted(events: AsyncIterableIterator<unknown[]>): AsyncGenerator<number | null> {
  try {
    for await (const [id] of events) yield id as number | null;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}
