import { Socket } from 'node:net';
import pg from 'pg';
import { LEASE } from './lease.ts';

/** Advisory lock of the one keeper of a server. */
const KEEPER = '4815162343';
/** Without a lease for so many seconds the server stops. */
const IDLE_SECONDS = 5;

/**
 * A session that lives in the server, and outlives the process that began it: every second it leaves a sign of life
 * beside the cluster, for other machines, and it stops the server once nobody has a lease of it any more, however those
 * who had one ended.
 *
 * Its claims go once the server is gone: not those of a successor, which are made later.
 */
const KEEP = `DO $keep$
DECLARE
  beat text := current_setting('data_directory') || '/../in-use/beat';
  server text := split_part(pg_read_file('postmaster.pid'), E'\\n', 1);
  idle int := 0;
BEGIN
  IF NOT pg_try_advisory_lock(${KEEPER}) THEN RETURN; END IF;
  LOOP
    BEGIN
      EXECUTE format('COPY (SELECT clock_timestamp()) TO %L', beat);
    EXCEPTION WHEN OTHERS THEN
      NULL; -- a full disk: the file's time has changed all the same
    END;
    COMMIT;
    PERFORM pg_sleep(1);
    IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ShareLock'
               AND (classid::bigint << 32) + objid::bigint = ${LEASE}) THEN
      idle := 0;
    ELSE
      idle := idle + 1;
    END IF;
    COMMIT;
    -- Held alone, the lock keeps newcomers waiting: once the server is gone they start it again
    IF idle >= ${IDLE_SECONDS} AND pg_try_advisory_lock(${LEASE}) THEN
      EXECUTE format('COPY (SELECT) TO PROGRAM %L',
        'trap "" INT TERM HUP QUIT; set -- ../in-use/0*; ( kill -INT ' || server || '; while kill -0 ' || server
        || '; do sleep 0.1; done; rm -f "$@" ) >/dev/null 2>&1 &');
      PERFORM pg_sleep(600);
    END IF;
  END LOOP;
END $keep$`;

export interface Keeper {
  /** Leaves it to itself: it ends with the server. */
  leave(): void;
}

/** Sees to it that the server has a keeper. */
export async function startKeeper(url: string): Promise<Keeper> {
  const stream = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'dissectory keeper',
    connectionTimeoutMillis: 10_000,
    stream: () => stream,
  });
  client.on('error', () => {});
  await client.connect();
  stream.unref();
  await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET log_min_error_statement = panic');
  const kept = client.query(KEEP).catch(() => {});
  // Another one is at work already
  void kept.then(() => client.end()).catch(() => {});
  return { leave: () => void stream.destroy() };
}
