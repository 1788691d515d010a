/** A process that writes a dissection and comes to a stop half-way, in the middle of the transaction. */
import { writeDissection } from '../../../ingest/write/dissection.ts';
import { openStore } from '../../../store/store.ts';
import { conv5, prepare, sky } from './sample.ts';

const store = await openStore({ url: process.argv[2], migrate: 'check' });
const record = await prepare(store, { ...conv5, units: 1000 });

function* units() {
  for (let index = 0; index < 500; index++) yield { ...sky, index };
  process.stdout.write('half-way\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

await writeDissection(store, { ...record, units: units() });
