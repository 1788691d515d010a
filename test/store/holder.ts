/** A process that holds the store of a home open: it reports on its standard output, and closes when told `close`. */
import { once } from 'node:events';
import { openStore } from '../../store/store.ts';

const store = await openStore({ home: process.argv[2], migrate: 'apply' });
console.log(store.url);
await once(process.stdin, 'data');
await store.close();
console.log('closed');
process.stdin.destroy();
