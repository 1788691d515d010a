import path from 'node:path';
import { goldenQueries } from './golden-queries.ts';
import { seed } from './seed.ts';

goldenQueries('the main queries', path.join(import.meta.dirname, 'queries'), seed);
